"""Open actions of a member who leaves go to whoever takes the account over."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from accounts.succession import successor_of
from success_plans.models import ActionItem
from success_plans.models.action import ActionState
from tenants import succession
from tenants.models import Membership
from tenants.succession import Charge

OPEN = (ActionState.TODO, ActionState.DOING)


def charges(member: Membership) -> Iterable[Charge]:
    waiting = ActionItem.objects.filter(assignee=member, state__in=OPEN)
    for account, name, count in waiting.values_list("account_id", "account__name").annotate(n=Count("pk")):
        yield Charge(account, name, _("アクション"), count, unit=_("件"))


def hand_over(member: Membership, successors: Mapping[UUID, UUID]) -> None:
    waiting = ActionItem.objects.filter(assignee=member, state__in=OPEN, account__in=successors)
    if successors:
        waiting.update(assignee=successor_of("account", successors))


succession.register("success_plans", charges=charges, hand_over=hand_over)
