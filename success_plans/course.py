"""How a criterion came to where it stands: its values over time beside the way that was expected, and in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import MetricSample
from success_plans.models import Criterion, CriterionFeature
from success_plans.models.objective import Kind
from success_plans.progress import Status, expected, progress, status
from tenants.editing.fields import grouped
from ui.drawing import Word, path_through

WIDTH, TOP, PLOT, EDGE = 480.0, 20.0, 110.0, 44.0
Value = tuple[date, Decimal]


@dataclass(frozen=True)
class Course:
    """``path`` joins what was reached, ``way`` leads from where it began to the target; ``now`` is today's place on the
    axis. ``label`` reads every value aloud."""

    status: Status
    said: str
    path: str
    way: str
    points: Sequence[tuple[float, float]]
    now: float | None
    words: Sequence[Word]
    label: str
    width: float = WIDTH
    top: float = TOP
    foot: float = TOP + PLOT

    @property
    def height(self) -> float:
        return self.foot + 22


def course_of(criterion: Any, today: date) -> Course:
    """``criterion`` with where it ``standing``s; two statements at most."""
    plan = criterion.objective.plan
    values = values_of(criterion, plan, today)
    ends_on = max([criterion.due_on or plan.ends_on, *(on for on, _value in values)])
    starts_on = min([plan.starts_on, *(on for on, _value in values)])
    figures = [
        float(v) for v in (criterion.baseline, criterion.target, *(v for _on, v in values)) if v is not None
    ]
    low, high = (min(figures), max(figures)) if figures else (0.0, 0.0)
    days = max((ends_on - starts_on).days, 1)

    def at(on: date, value: Decimal) -> tuple[float, float]:
        x = EDGE + (WIDTH - 2 * EDGE) * (on - starts_on).days / days
        y = TOP + PLOT * ((high - float(value)) / (high - low) if high != low else 0.5)
        return round(x, 1), round(y, 1)

    points = [at(on, value) for on, value in values]
    way = ""
    if criterion.baseline is not None and criterion.target is not None:
        first, last = (
            at(plan.starts_on, criterion.baseline),
            at(criterion.due_on or plan.ends_on, criterion.target),
        )
        way = path_through([first, last])
    found, said = explained(criterion, today)
    return Course(
        status=found,
        said=said,
        path=path_through(points),
        way=way,
        points=points,
        now=at(today, Decimal(0))[0] if starts_on <= today <= ends_on else None,
        words=words_of(criterion, values, points, (starts_on, ends_on), (low, high)),
        label=_("%(metric)sの推移。%(values)s")
        % {
            "metric": criterion.metric,
            "values": "、".join(f"{on:%Y/%m/%d} {grouped(value)}{criterion.unit}" for on, value in values)
            or _("値はまだありません"),
        },
    )


def words_of(
    criterion: Any,
    values: Sequence[Value],
    points: Sequence[tuple[float, float]],
    period: tuple[date, date],
    bounds: tuple[float, float],
) -> list[Word]:
    low, high = bounds
    foot = TOP + PLOT
    words = [
        Word(EDGE, foot + 16, f"{period[0]:%y/%m/%d}", anchor="start"),
        Word(WIDTH - EDGE, foot + 16, f"{period[1]:%y/%m/%d}", anchor="end"),
    ]
    if criterion.target is not None:
        y = TOP + PLOT * ((high - float(criterion.target)) / (high - low) if high != low else 0.5)
        words.append(Word(WIDTH - EDGE + 4, round(y + 4, 1), grouped(criterion.target), anchor="start"))
    if points:
        (x, y), (_on, value) = points[-1], values[-1]
        words.append(Word(x, y - 8, grouped(value)))
    return words


# The values


def values_of(criterion: Criterion, plan: Any, today: date) -> list[Value]:
    """What was reached, oldest first: of a metric its values, of features how many were in use, else what was typed."""
    if criterion.kind == Kind.BREADTH:
        return counted(criterion, plan, today)
    if criterion.measured_by_id:
        rows = samples(criterion, plan, today).filter(metric=criterion.measured_by_id)
        return list(rows.values_list("on", "value"))
    typed: list[Value] = []
    for on, value in typed_values(criterion):
        if value is not None and (not typed or typed[-1][1] != value):
            typed.append((on, value))
    return [list(rows)[-1] for _on, rows in groupby(typed, key=lambda pair: pair[0])]


def samples(criterion: Criterion, plan: Any, today: date) -> Any:
    rows = MetricSample.objects.filter(account=criterion.account_id, unit=plan.unit_id)
    return rows.filter(on__gte=plan.starts_on, on__lte=today).order_by("on", "pk")


def typed_values(criterion: Any) -> list[tuple[date, Decimal | None]]:
    """From history: the day of each change and the actual after it."""
    rows = criterion.events.order_by("pgh_id").values_list("pgh_created_at", "actual")
    return [(timezone.localdate(at), value) for at, value in rows]


def counted(criterion: Criterion, plan: Any, today: date) -> list[Value]:
    """After each day with values: how many features stood above 0."""
    features = CriterionFeature.objects.filter(criterion=criterion).values("feature")
    rows = samples(criterion, plan, today).filter(metric__feature__in=features)
    standing: dict[Any, Decimal] = {}
    found: list[Value] = []
    for on, of_day in groupby(rows.values_list("on", "metric__feature", "value"), key=lambda row: row[0]):
        standing.update({feature: value for _on, feature, value in of_day})
        found.append((on, Decimal(sum(value > 0 for value in standing.values()))))
    return found


# In words


def explained(criterion: Any, today: date) -> tuple[Status, str]:
    """The status of a criterion, and the figures that it comes from."""
    done = progress(criterion.direction, criterion.baseline, criterion.standing, criterion.target)
    due = expected(criterion.objective.plan.starts_on, criterion.due_on, today)
    found = status(done, due, criterion.due_on, today)
    words: dict[str, Any] = {
        "done": round(done * 100) if done is not None else 0,
        "due": round(due * 100) if due is not None else 0,
        "day": f"{criterion.due_on:%Y/%m/%d}" if criterion.due_on else "",
    }
    behind = words["due"] - words["done"]  # of the figures as they are read
    return found, str(SAID[found]() % {**words, "behind": behind})


SAID = {
    Status.UNKNOWN: lambda: _("はじめ、いま、目標の値がそろうと、進み具合がわかります"),
    Status.REACHED: lambda: _("道のりの%(done)s%%。目標に届いています"),
    Status.OVERDUE: lambda: _("期日(%(day)s)を過ぎて、道のりの%(done)s%%です"),
    Status.BACKWARDS: lambda: _("はじめの値より後ろにあります。今日の予定は%(due)s%%です"),
    Status.BEHIND: lambda: _("道のりの%(done)s%%。今日の予定の%(due)s%%より%(behind)sポイント遅れています"),
    Status.ON_TRACK: lambda: _("道のりの%(done)s%%。今日の予定は%(due)s%%で、予定どおりです"),
    Status.UNDATED: lambda: _("道のりの%(done)s%%。期日がないので、予定とは比べられません"),
}
