"""Open CTAs of a member who leaves go to whoever takes the account over."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from accounts.succession import successor_of
from ctas.models import Cta
from tenants import succession
from tenants.models import Membership
from tenants.succession import Charge


def charges(member: Membership) -> Iterable[Charge]:
    waiting = Cta.objects.open().filter(assignee=member)
    for account, name, count in waiting.values_list("account_id", "account__name").annotate(n=Count("pk")):
        yield Charge(account, name, "CTA", count, unit=_("件"))


def hand_over(member: Membership, successors: Mapping[UUID, UUID]) -> None:
    Cta.objects.open().filter(co_assignee=member).update(co_assignee=None)
    if successors:
        waiting = Cta.objects.open().filter(assignee=member, account__in=successors)
        waiting.update(assignee=successor_of("account", successors))


succession.register("ctas", charges=charges, hand_over=hand_over)
