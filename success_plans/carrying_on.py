"""From a result review into the next plan: what the verdict says is what goes along (S4 4.23).

Every criterion begins where it came out. What was not reached keeps its target, what was reached gets none, so that somebody
thinks of the next one. Actions that were not finished go along only where too little was done.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from success_plans.models import (
    ActionItem,
    Criterion,
    CriterionFeature,
    Objective,
    ResultFigure,
    ResultReview,
    SuccessPlan,
)
from success_plans.models.action import OPEN
from success_plans.models.objective import Direction, Kind
from success_plans.models.plan import PlanState
from success_plans.models.result import Quality, Verdict
from success_plans.periods import proposals
from success_plans.verdict import Line
from success_plans.views.adding import next_position
from tenants.editing.fields import grouped

UNREACHED = (Verdict.REDRAW, Verdict.EXECUTE)


def decided_of(plan: SuccessPlan) -> list[ResultReview]:
    """The decided reviews of a plan, in the order of its objectives."""
    rows = ResultReview.objects.filter(
        objective__plan=plan, objective__deleted_at=None, decided_at__isnull=False
    )
    return list(rows.select_related("objective", "carried_to__plan").order_by("objective__position"))


def next_of(reviews: Sequence[ResultReview]) -> SuccessPlan | None:
    """The plan that some of them went into already, unless it lies in the bin."""
    found = (one.carried_to.plan for one in reviews if one.carried_to and not one.carried_to.deleted_at)
    return next((plan for plan in found if not plan.deleted_at), None)


def waiting_of(reviews: Sequence[ResultReview]) -> list[ResultReview]:
    """Those whose verdict has not gone into a plan yet."""
    there = next_of(reviews)
    return [
        one
        for one in reviews
        if there is None or one.carried_to is None or one.carried_to.plan_id != there.pk
    ]


def carry_on(plan: SuccessPlan) -> tuple[SuccessPlan, bool]:
    """The next plan, and whether it is new; asked twice, it is the same one. Its row is held meanwhile."""
    SuccessPlan.everything.select_for_update(no_key=True).get(pk=plan.pk)
    reviews = decided_of(plan)
    if not reviews:
        raise ValidationError(_("結論の出た結果レビューがまだありません"))
    into, waiting = next_of(reviews), waiting_of(reviews)
    is_new = into is None
    if into is None:
        into = following(plan)
    elif waiting and into.state not in (PlanState.DRAFT, PlanState.RETURNED):
        raise ValidationError(_("次のプランはもう「%(state)s」です") % {"state": into.get_state_display()})
    for review in waiting:
        review.carried_to = take_over(review, into)
        review.save(update_fields=["carried_to"])
    return into, is_new


def following(plan: SuccessPlan) -> SuccessPlan:
    """A draft for the customer's period after the plan's, of the same kind and unit; as long, where it fits no period."""
    first = plan.ends_on + timedelta(days=1)
    length = plan.ends_on - plan.starts_on
    periods = [one for one in proposals(plan.account.closing, first) if one.starts_on == first]
    period = min(periods, key=lambda one: abs(one.ends_on - one.starts_on - length), default=None)
    return SuccessPlan.objects.create(  # type: ignore[no-any-return]
        account_id=plan.account_id,
        plan_type=plan.plan_type,
        unit_id=plan.unit_id,
        title=period.title if period else _("%(title)sの次")[:120] % {"title": plan.title[:110]},
        starts_on=first,
        ends_on=period.ends_on if period else first + length,
    )


def take_over(review: ResultReview, into: SuccessPlan) -> Objective:
    old, figures = review.objective, list(ResultFigure.objects.filter(review=review, part=""))
    made = Objective.objects.create(
        account_id=old.account_id,
        plan=into,
        position=next_position(Objective.objects.filter(plan=into)),
        statement=statement_of(review, figures)[:500],
        why="" if review.verdict == Verdict.REDRAW else old.why,
        evidence=evidence_of(review, figures)[:500],
        **{
            f"{key}_id": getattr(old, f"{key}_id") for key in ("customer_owner", "driver", "issue", "promise")
        },
    )
    by_id = {one.criterion_id: one for one in figures}
    for criterion in Criterion.objects.filter(objective=old, pk__in=by_id).order_by("position", "pk"):
        go_on(criterion, by_id[criterion.pk], made, into)
    if review.verdict == Verdict.EXECUTE:
        take_actions(old, made, into)
    return made  # type: ignore[no-any-return]


def go_on(old: Criterion, figure: ResultFigure, objective: Objective, into: SuccessPlan) -> None:
    """Counted in the same way: by the same levels, or the same features."""
    made = Criterion.objects.create(
        account_id=old.account_id, objective=objective, position=old.position, metric=old.metric, direction=old.direction,
        kind=old.kind, levels=old.levels, unit=old.unit, baseline=figure.actual, target=target_of(figure),
        actual=None if old.kind == Kind.BREADTH else figure.actual, due_on=into.ends_on, method=old.method,
        measured_by_id=old.measured_by_id,
    )  # fmt: skip
    if old.kind == Kind.BREADTH:
        CriterionFeature.objects.bulk_create(
            CriterionFeature(account_id=old.account_id, criterion=made, feature_id=one.feature_id)
            for one in CriterionFeature.objects.filter(criterion=old, feature__product__deleted_at=None)
        )


def target_of(figure: ResultFigure) -> Any:
    line = Line(figure.direction, figure.previous, figure.planned, figure.actual)
    return None if line.is_reached else figure.planned


def take_actions(old: Objective, objective: Objective, into: SuccessPlan) -> None:
    """Who and when are to be thought of anew: the days have passed, the person stays."""
    for one in ActionItem.objects.filter(objective=old, state__in=OPEN).order_by("position", "pk"):
        ActionItem.objects.create(
            account_id=one.account_id, plan=into, objective=objective, position=one.position, text=one.text,
            assignee_id=one.assignee_id, customer_assignee_id=one.customer_assignee_id,
        )  # fmt: skip


def statement_of(review: ResultReview, figures: Sequence[ResultFigure]) -> str:
    """What is to be reached, from where it stands now; as it was, where nobody has said yet what comes next."""
    first = next((one for one in figures if target_of(one) is not None), None)
    if first is None or review.verdict not in UNREACHED:
        return str(review.objective.statement)
    words = {
        "metric": first.metric,
        "actual": f"{grouped(first.actual)}{first.unit}",
        "planned": f"{grouped(first.planned)}{first.unit}",
    }
    if first.direction == Direction.DOWN:
        return _("%(metric)sを%(actual)sから%(planned)sへ下げる") % words
    return _("%(metric)sを%(actual)sから%(planned)sへ上げる") % words


def evidence_of(review: ResultReview, figures: Sequence[ResultFigure]) -> str:
    """Why it can be reached: what came of it the last time, and what we think of that."""
    came = [
        _("%(metric)s %(previous)s→%(actual)s%(unit)s(計画%(planned)s)")
        % {
            "metric": one.metric, "previous": grouped(one.previous) or _("不明"), "actual": grouped(one.actual),
            "planned": grouped(one.planned), "unit": one.unit,
        }
        for one in figures
    ]  # fmt: skip
    done = _("実行 量%(quantity)s%%・質「%(quality)s」") % {
        "quantity": review.quantity,
        "quality": Quality(review.quality).label,
    }
    said = {"figures": "、".join(came), "done": done, "analysis": review.analysis}
    return _("前回:%(figures)s。%(done)s。%(analysis)s") % said
