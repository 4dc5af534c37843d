"""Where success criteria stand: the actual that was typed, the newest value of the metric that one reads, or how many of
its features are in use."""

from datetime import date
from typing import Any

from django.db.models import Case, Count, DecimalField, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Cast, Coalesce

from accounts.models import MetricSample
from success_plans.models import CriterionFeature
from success_plans.models.objective import Kind


def standing_on(criteria: QuerySet[Any], today: date) -> QuerySet[Any]:
    """Adds ``standing``, and ``measured_on``: the day of the value where it comes from a metric.

    A plan of one unit reads the values of that unit, any other those of the whole account.
    """
    newest = MetricSample.objects.filter(
        account=OuterRef("account"), metric=OuterRef("measured_by"), on__lte=today
    ).order_by("-on")
    whole, of_unit = newest.filter(unit=None), newest.filter(unit=OuterRef("objective__plan__unit"))
    by_breadth = Q(kind=Kind.BREADTH)
    by_hand, of_all = (
        When(measured_by__isnull=True, then=F("actual")),
        Q(objective__plan__unit__isnull=True),
    )
    return criteria.annotate(
        standing=Case(
            When(by_breadth, then=_in_use(today)),
            by_hand,
            When(of_all, then=_newest(whole, "value")),
            default=_newest(of_unit, "value"),
        ),
        measured_on=Case(
            When(by_breadth, then=_last_counted(today)),
            When(measured_by__isnull=True, then=None),
            When(of_all, then=_newest(whole, "on")),
            default=_newest(of_unit, "on"),
        ),
    )


def with_use(features: QuerySet[Any], today: date) -> QuerySet[Any]:
    """Adds ``use`` to the features of criteria: the newest value that was counted of the feature, None where nobody
    counted. A feature is in use where it is above 0."""
    counted = MetricSample.objects.filter(
        account=OuterRef("account"), metric__feature=OuterRef("feature"), on__lte=today
    )
    unit = OuterRef("criterion__objective__plan__unit")
    return features.annotate(
        use=Case(
            When(
                criterion__objective__plan__unit__isnull=True,
                then=_newest(counted.filter(unit=None).order_by("-on", "-value"), "value"),
            ),
            default=_newest(counted.filter(unit=unit).order_by("-on", "-value"), "value"),
        )
    )


def _in_use(today: date) -> Any:
    used = with_use(CriterionFeature.objects.filter(criterion=OuterRef("pk")), today).filter(use__gt=0)
    number = Subquery(used.order_by().values("criterion").annotate(n=Count("pk")).values("n"))
    return Cast(Coalesce(number, 0), DecimalField(max_digits=18, decimal_places=4))


def _last_counted(today: date) -> Subquery:
    features = CriterionFeature.objects.filter(criterion=OuterRef(OuterRef("pk"))).values("feature")
    counted = MetricSample.objects.filter(
        account=OuterRef("account"), metric__feature__in=features, on__lte=today
    )
    return _newest(counted.order_by("-on"), "on")


def _newest(rows: QuerySet[Any], column: str) -> Subquery:
    return Subquery(rows.values(column)[:1])
