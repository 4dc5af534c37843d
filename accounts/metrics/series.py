"""The course of every metric of one account, or of one of its units, over the last year: one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models.functions import TruncWeek

from accounts.choices import every_metric
from accounts.models import Account, MetricDefinition, MetricSample

SPAN = timedelta(days=400)
"""A year, and enough before it to compare with."""


@dataclass(frozen=True)
class Point:
    on: date
    value: Decimal


@dataclass(frozen=True)
class Series:
    """What was measured, oldest first; of a week with several values the last one."""

    metric: MetricDefinition
    points: Sequence[Point]

    @property
    def newest(self) -> Point:
        return self.points[-1]

    @property
    def previous(self) -> Point | None:
        return self.points[-2] if len(self.points) > 1 else None

    @property
    def year_ago(self) -> Point | None:
        """The value nearest to one year before the newest, where there is one within five weeks of that day."""
        then = self.newest.on - timedelta(days=365)
        near = [point for point in self.points if abs((point.on - then).days) <= 35]
        return min(near, key=lambda point: abs((point.on - then).days), default=None)


def samples_of(account: Account, unit: UUID | None) -> Any:
    """The values of the whole account (``unit`` is None) or of one unit."""
    return MetricSample.objects.filter(account=account, unit=unit, metric__deleted_at=None)


def series_of(account: Account, unit: UUID | None, today: date) -> list[Series]:
    """Those with a value in the last 13 months, in the order in which metrics are offered."""
    rows = (
        samples_of(account, unit)
        .filter(on__gte=today - SPAN, on__lte=today)
        .annotate(week=TruncWeek("on"))
        .order_by("metric_id", "week", "-on")
        .distinct("metric_id", "week")
        .values_list("metric_id", "on", "value", "week")
    )
    found = {
        key: [Point(on, value) for _key, on, value, _week in group]
        for key, group in groupby(rows, lambda row: row[0])
    }
    return [Series(metric, found[metric.pk]) for metric in every_metric() if metric.pk in found]
