"""Who gets a new CTA: the CSM, while away their deputy, else a manager of the tenant."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Case, Expression, F, Q, UUIDField, Value, When
from django.db.models.functions import Cast, Coalesce

from tenants.models import Membership
from tenants.roles import Role
from tenants.scope import current_tenant


class People:
    """The members of the tenant as of one day; there are few of them, so their absences become constants."""

    def __init__(self, today: date) -> None:
        members = (
            Membership.objects.in_tenant(current_tenant()).select_related("user").order_by("joined_at", "pk")
        )
        self.all = {member.pk: member for member in members}
        self.gone = {pk for pk, member in self.all.items() if member.removed_at or not member.user.is_active}
        self.away = {pk for pk, member in self.all.items() if member.is_away(today)} - self.gone

    def of_account(self) -> Expression:
        """CSM → deputy of the account → deputy of the CSM → manager → admin; whoever is away keeps it at the end."""
        absent = self.gone | self.away
        deputy = Case(When(~Q(deputy__in=absent), then=F("deputy")), output_field=UUIDField())
        csm = Case(*self._stand_ins(deputy), default=F("csm"), output_field=UUIDField())
        return Coalesce(csm, deputy, Value(self.fallback, output_field=UUIDField()))

    def seller(self) -> Expression:
        return Case(
            When(~Q(commercial_owner__in=self.gone), then=F("commercial_owner")), output_field=UUIDField()
        )

    def manager(self) -> Expression:
        return Value(self.fallback, output_field=UUIDField())

    def nobody(self) -> Expression:
        return Cast(Value(None), UUIDField())

    @property
    def fallback(self) -> Any:
        """The first manager who is there, else the first admin."""
        for role in (Role.MANAGER, Role.ADMIN):
            for pk, member in self.all.items():
                if member.role == role and pk not in self.gone | self.away:
                    return pk
        return None

    def _stand_ins(self, deputy: Expression) -> Iterator[When]:
        for pk in self.away:
            own = self.all[pk].deputy_id
            stands_in = own if own in self.all and own not in self.gone | self.away else pk
            yield When(csm=pk, then=Coalesce(deputy, Value(stands_in, output_field=UUIDField())))
        for pk in self.gone:
            yield When(csm=pk, then=deputy)
