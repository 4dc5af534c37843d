"""Where success criteria stand: the actual that was typed, or the newest value of the metric that one reads."""

from datetime import date
from typing import Any

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, When

from accounts.models import MetricSample


def standing_on(criteria: QuerySet[Any], today: date) -> QuerySet[Any]:
    """Adds ``standing``, and ``measured_on``: the day of the value where it comes from a metric.

    A plan of one unit reads the values of that unit, any other those of the whole account.
    """
    newest = MetricSample.objects.filter(
        account=OuterRef("account"), metric=OuterRef("measured_by"), on__lte=today
    ).order_by("-on")
    whole, of_unit = newest.filter(unit=None), newest.filter(unit=OuterRef("objective__plan__unit"))
    by_hand, of_all = When(measured_by__isnull=True, then=F("actual")), Q(objective__plan__unit__isnull=True)
    return criteria.annotate(
        standing=Case(by_hand, When(of_all, then=_newest(whole, "value")), default=_newest(of_unit, "value")),
        measured_on=Case(
            When(measured_by__isnull=True, then=None),
            When(of_all, then=_newest(whole, "on")),
            default=_newest(of_unit, "on"),
        ),
    )


def _newest(rows: QuerySet[Any], column: str) -> Subquery:
    return Subquery(rows.values(column)[:1])
