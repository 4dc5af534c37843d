"""Set-based readings of plans, for lists and 今日. Nothing here asks per account or per plan."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from success_plans.completeness import Letters, letters_of, letters_together
from success_plans.models import ActionItem, Criterion, Objective, SuccessPlan
from success_plans.models.action import OPEN as OPEN_ACTION
from success_plans.models.plan import PlanState
from success_plans.reading import aim_of

DRAFT_DAYS = 14
"""A draft older than this is worth a look on 今日."""


# SMART cells for many at once


def letters_of_accounts(account_ids: Iterable[UUID]) -> dict[UUID, Letters]:
    """The SMART cells of each account's open plans, in two queries; an account without a plan is not in it."""
    objectives = _objectives_of(SuccessPlan.objects.open().filter(account__in=list(account_ids)))
    return _grouped(objectives, "account_id")


def letters_of_plans(plan_ids: Iterable[UUID]) -> dict[UUID, Letters]:
    """The SMART cells of each plan, in two queries; a plan without objectives is not in it."""
    return _grouped(_objectives_of(SuccessPlan.objects.filter(pk__in=list(plan_ids))), "plan_id")


def _objectives_of(plans: QuerySet[SuccessPlan]) -> list[Objective]:
    return list(Objective.objects.filter(plan__in=plans))


def _grouped(objectives: Sequence[Objective], by: str) -> dict[UUID, Letters]:
    criteria = defaultdict(list)
    for criterion in Criterion.objects.filter(objective__in=[objective.pk for objective in objectives]):
        criteria[criterion.objective_id].append(criterion)
    letters = defaultdict(list)
    for objective in objectives:
        letters[getattr(objective, by)].append(letters_of(aim_of(objective, criteria[objective.pk])))
    return {key: letters_together(found) for key, found in letters.items()}


# What hangs on each plan


def open_plans(account: Any) -> QuerySet[SuccessPlan]:
    """The plans under way, whose number stands on the account's tab; takes an id or an expression for one."""
    return SuccessPlan.objects.open().filter(account=account)


def with_dates(plans: QuerySet[SuccessPlan], today: date) -> QuerySet[SuccessPlan]:
    """Adds ``next_due`` (of an open action), ``next_review``, ``overdue_actions`` and ``objective_count``."""
    actions = _open_actions().order_by().values("plan")
    criteria = _live_criteria(OuterRef("pk")).order_by().values("objective__plan")
    objectives = Objective.objects.filter(plan=OuterRef("pk")).order_by().values("plan")
    return plans.annotate(
        next_due=Subquery(actions.annotate(found=Min("due_on")).values("found")),
        next_review=Subquery(criteria.annotate(found=Min("review_on")).values("found")),
        overdue_actions=_number(actions.filter(due_on__lt=today)),
        objective_count=_number(objectives),
    )


def _open_actions() -> QuerySet[ActionItem]:
    return ActionItem.objects.filter(
        plan=OuterRef("pk"), objective__deleted_at__isnull=True, state__in=OPEN_ACTION
    )


def _live_criteria(plan: Any) -> QuerySet[Criterion]:
    return Criterion.objects.filter(objective__plan=plan, objective__deleted_at__isnull=True)


def _number(rows: QuerySet[Any]) -> Coalesce:
    return Coalesce(Subquery(rows.annotate(n=Count("*")).values("n")), 0, output_field=IntegerField())


# Plans that need attention: 今日 shows the most urgent of one's own


@dataclass(frozen=True)
class Attention:
    """One plan, and why it needs a look, the most urgent reason first."""

    plan: SuccessPlan
    letters: Letters
    overdue_actions: int
    review_passed_on: date | None
    draft_days: int
    has_gaps: bool


def needing_attention(
    accounts: QuerySet[Any], today: date, limit: int = 8, draft_days: int = DRAFT_DAYS
) -> list[Attention]:
    """Open plans of ``accounts`` with overdue actions, a review date passed, gaps, or a draft that got old.

    Three queries. The order: overdue actions, then the oldest passed review, old drafts, gaps.
    """
    old = today - timedelta(days=draft_days)
    plans = (
        with_dates(SuccessPlan.objects.open().filter(account__in=accounts), today)
        .annotate(
            review_passed_on=Subquery(_passed_reviews(today).values("review_on")[:1]),
            has_gaps=Exists(objectives_with_gaps().filter(plan=OuterRef("pk")))
            | ~Exists(Objective.objects.filter(plan=OuterRef("pk"))),
            is_old_draft=Case(
                When(state=PlanState.DRAFT, created_at__date__lte=old, then=Value(1)), default=Value(0)
            ),
        )
        .filter(
            Q(overdue_actions__gt=0)
            | Q(review_passed_on__isnull=False)
            | Q(is_old_draft=1)
            | Q(has_gaps=True)
        )
        .select_related("account")
        .order_by(
            "-overdue_actions", F("review_passed_on").asc(nulls_last=True), "-is_old_draft", "ends_on", "id"
        )
    )[:limit]
    found = list(plans)
    letters = letters_of_plans([plan.pk for plan in found])
    return [
        _attention(plan, letters.get(plan.pk) or letters_together([]), today, draft_days) for plan in found
    ]


def _attention(plan: Any, letters: Letters, today: date, draft_days: int) -> Attention:
    age = (today - timezone.localtime(plan.created_at).date()).days
    is_old = plan.state == PlanState.DRAFT and age >= draft_days
    return Attention(
        plan, letters, plan.overdue_actions, plan.review_passed_on, age if is_old else 0, plan.has_gaps
    )


def _passed_reviews(today: date) -> QuerySet[Criterion]:
    return _live_criteria(OuterRef("pk")).filter(review_on__lt=today).order_by("review_on")


def objectives_with_gaps() -> QuerySet[Objective]:
    """The same answer as ``completeness.has_gap``, as a condition; a test holds them together."""
    criteria = Criterion.objects.filter(objective=OuterRef("pk"))
    backwards = Q(direction="up", target__lt=F("baseline")) | Q(direction="down", target__gt=F("baseline"))
    blank = (
        Q(baseline__isnull=True)
        | Q(target__isnull=True)
        | Q(due_on__isnull=True)
        | Q(review_on__isnull=True)
        | Q(unit="")
        | Q(method="")
        | backwards
    )
    return Objective.objects.filter(
        Q(customer_owner__isnull=True)
        | Q(why="")
        | Q(statement="")
        | ~Exists(criteria)
        | Exists(criteria.filter(blank))
    )
