"""プランの進み: how far the success criteria and actions of the active plans are, against where they should be today."""

from datetime import date
from typing import Any

from django.db.models import (
    Avg,
    Case,
    Count,
    ExpressionWrapper,
    F,
    FloatField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Greatest, Least
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from health.registry import Parts, Reading, measure
from success_plans.models import ActionItem, Criterion, SuccessPlan
from success_plans.models.action import ActionState
from success_plans.models.objective import Direction
from success_plans.models.plan import PlanState
from success_plans.standing import standing_on
from ui.expressions import DaysBetween

CRITERIA, ACTIONS = 70, 30
"""How the two halves weigh; when one of them says nothing yet, the other speaks alone."""


def read(account: Any, today: date) -> Reading:
    goal = _("予定どおり")
    if not SuccessPlan.objects.active().filter(account=account, starts_on__lte=today).exists():
        return Reading(_("プランなし"), _("実行中のプランがありません"), goal)
    criteria = list(against_expected(today).filter(account=account).values_list("points", flat=True))
    due = due_actions(today).filter(account=account)
    counted = due.aggregate(due=Count("pk"), done=Count("pk", filter=is_done(today)))
    behind = sum(points < 100 for points in criteria)
    said = []
    if criteria:
        said.append(
            _("成功の基準%(n)sつのうち%(behind)sつが予定より遅れています")
            % {"n": len(criteria), "behind": behind}
            if behind
            else _("成功の基準%(n)sつは予定どおりです") % {"n": len(criteria)}
        )
    if counted["due"]:
        said.append(_("期日の来たアクション%(due)s件のうち%(done)s件が済みました") % counted)
    if not said:
        return Reading(_("これから"), _("実績のある成功の基準も、期日の来たアクションもまだありません"), goal)
    shown = criteria or [100 * counted["done"] / counted["due"]]
    return Reading(f"{round(sum(shown) / len(shown))}%", "。".join(said), goal)


@measure(
    label=gettext_lazy("プランの進み"),
    weight=40,
    hint=gettext_lazy(
        "実行中のプランの成功の基準が、今日あるはずのところまで来ているか。期日の来たアクションが済んだか"
    ),
    read=read,
)
def points(today: date) -> Parts:
    criteria, actions = against_expected(today).order_by(), due_actions(today).order_by()
    share = 100.0 * Count("pk", filter=is_done(today)) / Count("pk")
    return [
        (CRITERIA, criteria.values("account_id").annotate(points=Avg("points"))),
        (ACTIONS, actions.values("account_id").annotate(points=share)),
    ]


def against_expected(today: date) -> Any:
    """Criteria of active plans that can be judged today, with ``points``: what is done of what should be.

    The same arithmetic as ``success_plans.progress``; without a due date of its own a criterion has the plan's.
    """
    starts, due = F("objective__plan__starts_on"), Coalesce(F("due_on"), F("objective__plan__ends_on"))
    way = F("target") - F("baseline")
    held = Case(
        When(direction=Direction.UP, standing__gte=F("target"), then=Value(1.0)),
        When(direction=Direction.DOWN, standing__lte=F("target"), then=Value(1.0)),
        default=Value(0.0),
    )
    done = Case(
        When(baseline=F("target"), then=held),
        default=Cast((F("standing") - F("baseline")) / way, FloatField()),
        output_field=FloatField(),
    )
    passed = ExpressionWrapper(
        DaysBetween(today, starts) * 1.0 / DaysBetween(due, starts), output_field=FloatField()
    )
    expected = Case(
        When(due__lte=starts, then=Case(When(due__lte=today, then=Value(1.0)), default=Value(0.0))),
        default=Least(Value(1.0), Greatest(Value(0.0), passed)),
        output_field=FloatField(),
    )
    forwards = Q(direction=Direction.UP, target__gte=F("baseline")) | Q(
        direction=Direction.DOWN, target__lte=F("baseline")
    )
    return (
        standing_on(Criterion.objects.all(), today)
        .filter(
            forwards,
            **in_an_active_plan("objective__plan__", today),
            objective__deleted_at__isnull=True,
            standing__isnull=False,
        )
        .annotate(due=due)
        .annotate(done=done, expected=expected)
        .filter(expected__gt=0)
        .annotate(points=Least(Value(100.0), 100.0 * Greatest(Value(0.0), F("done")) / F("expected")))
    )


def due_actions(today: date) -> QuerySet[ActionItem]:
    due = ActionItem.objects.filter(
        **in_an_active_plan("plan__", today), objective__deleted_at__isnull=True, due_on__lte=today
    )
    return due.exclude(state=ActionState.DROPPED)


def is_done(today: date) -> Q:
    return Q(state=ActionState.DONE) & (Q(done_on__isnull=True) | Q(done_on__lte=today))


def in_an_active_plan(plan: str, today: date) -> dict[str, Any]:
    return {
        f"{plan}tenant": F("tenant"),
        f"{plan}state": PlanState.ACTIVE,
        f"{plan}starts_on__lte": today,
        f"{plan}deleted_at__isnull": True,
    }
