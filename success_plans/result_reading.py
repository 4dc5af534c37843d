"""A plan's results as its page shows them: what is open, what the facts say. A fixed number of statements."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils import timezone

from success_plans.carrying_on import next_of, waiting_of
from success_plans.models import (
    ActionItem,
    Checkpoint,
    Criterion,
    Objective,
    ResultFigure,
    ResultReview,
    SuccessPlan,
)
from success_plans.models.action import ActionState
from success_plans.models.result import Verdict
from success_plans.results import facts_of
from success_plans.verdict import Line, explained, verdict_of
from tenants.editing import Cell
from tenants.editing.registry import editable_of
from tenants.models import Membership
from tenants.permissions import may


@dataclass(frozen=True)
class FigureView:
    record: ResultFigure
    cells: dict[str, Cell]

    @cached_property
    def line(self) -> Line:
        one = self.record
        return Line(one.direction, one.previous, one.planned, one.actual)

    @property
    def percent(self) -> Any:
        """How much of the way from before to the plan was covered."""
        return None if self.line.share is None else round(self.line.share * 100)


@dataclass(frozen=True)
class PointView:
    record: Checkpoint
    cells: dict[str, Cell]
    is_open: bool


@dataclass(frozen=True)
class MetricView:
    """A criterion with the days that were agreed on for it."""

    record: Criterion
    points: list[PointView]


@dataclass(frozen=True)
class ResultView:
    objective: Objective
    metrics: list[MetricView]
    review: ResultReview | None
    cells: dict[str, Cell]
    figures: list[FigureView]
    actions: Sequence[ActionItem]

    @property
    def step(self) -> int:
        """1 figures, 2 execution, 3 analysis, 4 decided; 0 before it began."""
        if self.review is None:
            return 0
        if self.review.is_decided:
            return 4
        if not self.review.figures_at:
            return 1
        return 3 if self.review.has_execution else 2

    @property
    def left_out(self) -> list[Criterion]:
        """Criteria that came into the plan after the figures were taken."""
        known = {one.record.criterion_id for one in self.figures if one.record.is_total}
        return [] if self.review is None else [m.record for m in self.metrics if m.record.pk not in known]

    @property
    def done(self) -> int:
        return sum(one.state == ActionState.DONE for one in self.actions)

    @property
    def done_percent(self) -> int:
        """What the actions of the plan propose for the quantity."""
        return round(100 * self.done / len(self.actions)) if self.actions else 0

    @cached_property
    def facts(self) -> Any:
        return facts_of(self.review, [one.record for one in self.figures]) if self.review else None

    @property
    def proposal(self) -> Verdict | None:
        return verdict_of(self.facts) if self.facts else None

    @property
    def reasons(self) -> list[str]:
        return explained(self.facts) if self.facts else []

    @property
    def choices(self) -> list[tuple[str, Any]]:
        return list(Verdict.choices)


@dataclass(frozen=True)
class ResultsView:
    plan: SuccessPlan
    results: list[ResultView]
    may_edit: bool
    today: date

    @property
    def decided(self) -> list[ResultReview]:
        return [one.review for one in self.results if one.review and one.review.is_decided]

    @property
    def next(self) -> SuccessPlan | None:
        return next_of(self.decided)

    @property
    def waiting(self) -> list[ResultReview]:
        return waiting_of(self.decided)


def read_results(plan: SuccessPlan, member: Membership) -> ResultsView:
    """Six statements beside the frame."""
    today = timezone.localdate()
    may_edit = may(member, "plan.edit", plan.account)
    objectives = list(Objective.objects.filter(plan=plan).order_by("position", "pk"))
    people = ("figures_by__user", "decided_by__user", "carried_to__plan")
    reviews = {
        one.objective_id: one
        for one in ResultReview.objects.filter(objective__plan=plan).select_related(*people)
    }
    figures = grouped_by(
        "review_id",
        ResultFigure.objects.filter(review__in=[one.pk for one in reviews.values()])
        .select_related("review")
        .order_by("criterion__position", "criterion", "created_at", "axis", "pk"),
    )
    criteria = grouped_by(
        "objective_id", Criterion.objects.filter(objective__plan=plan).order_by("position", "pk")
    )
    points = grouped_by(
        "criterion_id", Checkpoint.objects.filter(criterion__objective__plan=plan).order_by("on")
    )
    actions = grouped_by(
        "objective_id",
        ActionItem.objects.filter(plan=plan).exclude(state=ActionState.DROPPED).order_by("position", "pk"),
    )
    found = [
        ResultView(
            one,
            [
                MetricView(each, [point_of(point, may_edit, today) for point in points[each.pk]])
                for each in criteria[one.pk]
            ],
            reviews.get(one.pk),
            cells_of(reviews[one.pk], may_edit) if one.pk in reviews else {},
            [
                FigureView(each, cells_of(each, may_edit and not each.review.is_decided))
                for each in ordered(figures[reviews[one.pk].pk])
            ]
            if one.pk in reviews
            else [],
            actions[one.pk],
        )
        for one in objectives
    ]
    return ResultsView(plan, found, may_edit, today)


def ordered(figures: list[Any]) -> list[Any]:
    """Each metric's whole before its parts."""
    places: dict[Any, int] = {}
    for one in figures:
        places.setdefault(one.criterion_id or one.metric, len(places))
    return sorted(
        figures, key=lambda one: (places[one.criterion_id or one.metric], not one.is_total, one.axis)
    )


def point_of(point: Checkpoint, may_edit: bool, today: date) -> PointView:
    return PointView(point, cells_of(point, may_edit), point.actual is None and point.on < today)


def cells_of(record: Any, may_edit: bool) -> dict[str, Cell]:
    """A decided review is read; words and figures are written again when the verdict was taken back."""
    may_write = may_edit and not getattr(record, "is_decided", False)
    return {key: Cell.of(record, key, may_edit=may_write) for key in editable_of(record).fields}


def grouped_by(key: str, rows: Any) -> dict[UUID, list[Any]]:
    found = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return found
