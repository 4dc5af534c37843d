import secrets
from datetime import timedelta
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.constraints import SameTenant
from tenants.fields import UUIDv7
from tenants.models.membership import SEEN_EVERY, Membership, digest
from tenants.permissions import Reach

PREFIX = "masume_"  # so that scanners find a token that somebody committed by mistake


class Opens(models.TextChoices):
    """A token opens one door alone: an address of a calendar goes to services that nobody would give the API."""

    API = "api", _("API")
    CALENDAR = "calendar", _("カレンダー")


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def of(self, tenant: Any) -> Self:
        return self.filter(tenant=tenant)

    def that_open(self, door: Opens) -> Self:
        return self.filter(opens=door)

    def usable(self) -> Self:
        """Neither taken back nor run out."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()), revoked_at=None)


class ApiToken(models.Model):
    """A key with which a program works as one member of one tenant. Only its hash is stored; it is shown once."""

    id = models.UUIDField(primary_key=True, db_default=UUIDv7(), editable=False)
    tenant = models.ForeignKey("tenants.Tenant", models.CASCADE, related_name="+")
    member = models.ForeignKey(Membership, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("名前"), max_length=80)
    opens = models.CharField(max_length=10, choices=Opens.choices, default=Opens.API, editable=False)
    about = models.UUIDField(null=True, editable=False)  # the one account that a calendar is about
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        # The tenant that the token opens and the tenant of its member cannot differ.
        constraints = [SameTenant(field="member", name="tenants_apitoken_member_same")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def issue(
        cls,
        member: Membership,
        name: str,
        *,
        days: int | None = None,
        opens: Opens = Opens.API,
        about: UUID | None = None,
    ) -> tuple[Self, str]:
        """A new token of ``member`` and its text, which nobody can read again later."""
        token = PREFIX + secrets.token_urlsafe(32)
        now = timezone.now()
        made = cls.objects.create(
            tenant_id=member.tenant_id,
            member=member,
            name=name,
            opens=opens,
            about=about,
            token_hash=digest(token),
            created_at=now,
            expires_at=now + timedelta(days=days) if days else None,
        )
        return made, token

    @classmethod
    def find(cls, token: str, door: Opens = Opens.API) -> "ApiToken | None":
        """The usable token with that text for this door, whoever it belongs to."""
        if not token.startswith(PREFIX):
            return None
        return cls.objects.that_open(door).usable().filter(token_hash=digest(token)).first()

    def revoke(self) -> None:
        """From the next request on it opens nothing. Said twice, the first time counts."""
        ApiToken.objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=timezone.now())

    def note_used(self) -> None:
        """Remember that it is in use, at most once in ten minutes."""
        now = timezone.now()
        if self.last_used_at is None or now - self.last_used_at > SEEN_EVERY:
            ApiToken.objects.filter(pk=self.pk).update(last_used_at=now)

    def reaches(self, member: Membership) -> set[Reach]:
        return {Reach.ALL, Reach.OWN} if self.member_id == member.pk else {Reach.ALL}
