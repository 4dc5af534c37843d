"""Open actions, objectives and plans of a member who leaves go to whoever takes the account over."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from accounts.succession import successor_of
from success_plans.models import ActionItem, Objective, SuccessPlan
from success_plans.models.action import OPEN
from success_plans.models.plan import OPEN as OPEN_PLAN
from tenants import succession
from tenants.models import Membership
from tenants.succession import Charge


def held_by(member: Membership) -> Iterator[tuple[Any, str, Any]]:
    """What is in the member's hands: the rows, the column that names them, and what to call it."""
    yield ActionItem.objects.filter(assignee=member, state__in=OPEN), "assignee", _("アクション")
    yield (
        Objective.objects.filter(our_owner=member, plan__state__in=OPEN_PLAN),
        "our_owner",
        _("プランの目標"),
    )
    for column in ("csm_owner", "sales_owner"):
        yield SuccessPlan.objects.open().filter(**{column: member}), column, _("アカウント計画")


def charges(member: Membership) -> Iterable[Charge]:
    for rows, _column, label in held_by(member):
        for account, name, count in rows.values_list("account_id", "account__name").annotate(n=Count("pk")):
            yield Charge(account, name, str(label), count, unit=_("件"))


def hand_over(member: Membership, successors: Mapping[UUID, UUID]) -> None:
    if not successors:
        return
    for rows, column, _label in held_by(member):
        rows.filter(account__in=successors).update(**{column: successor_of("account", successors)})


succession.register("success_plans", charges=charges, hand_over=hand_over)
