"""Which period a new plan may be for: the halves and the year of the *customer's* fiscal calendar. Pure functions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from accounts.fiscal import FiscalClosing, months_after, period_label

ENOUGH_DAYS = 60
"""A half with fewer days left is too short to plan for: the next one is proposed first."""

ENOUGH_DAYS_OF_QUARTER = 21


@dataclass(frozen=True)
class Period:
    """``label`` as the customer says it: 2026年度下期. Empty when the fiscal month is unknown."""

    key: str
    label: str
    starts_on: date
    ends_on: date

    @property
    def title(self) -> str:
        return _("%(period)s サクセスプラン") % {"period": self.label} if self.label else _("サクセスプラン")


def quarters(closing: FiscalClosing | None, today: date) -> list[Period]:
    """For a plan of a quarter (S3 3.8): this one and the two after it, the next one first where this one is nearly over.
    Without a known closing: the next three whole months."""
    if closing is None:
        first = months_after(today.replace(day=1), 1)
        return [Period("next-3", "", first, months_after(first, 3) - timedelta(days=1))]
    year, quarter = closing.fiscal_year(today), closing.quarter(today)
    found = []
    for _next in range(3):
        starts_on, ends_on = closing.quarter_start(year, quarter), closing.quarter_end(year, quarter)
        found.append(Period(f"{year}-q{quarter}", period_label(year, quarter=quarter), starts_on, ends_on))
        year, quarter = (year + 1, 1) if quarter == 4 else (year, quarter + 1)
    nearly_over = (found[0].ends_on - today).days < ENOUGH_DAYS_OF_QUARTER
    return [found[1], found[2], found[0]] if nearly_over else found


def proposals(closing: FiscalClosing | None, today: date) -> list[Period]:
    """Periods for a new plan, the most fitting one first. Without a known closing: the next six whole months."""
    if closing is None:
        first = months_after(today.replace(day=1), 1)
        return [Period("next-6", "", first, months_after(first, 6) - timedelta(days=1))]
    halves = list(_halves(closing, today))
    if (halves[0].ends_on - today).days < ENOUGH_DAYS:
        halves = [halves[1], halves[2], halves[0]]
    year = closing.fiscal_year(halves[0].starts_on)
    whole = Period(
        str(year), period_label(year), closing.fiscal_year_start(year), closing.fiscal_year_end(year)
    )
    return [*halves[:2], whole]


def _halves(closing: FiscalClosing, today: date) -> Iterator[Period]:
    """The half that today lies in, and the two after it."""
    year, half = closing.fiscal_year(today), closing.half(today)
    for _next in range(3):
        yield Period(
            f"{year}-{half}",
            period_label(year, half=half),
            closing.half_start(year, half),
            closing.half_end(year, half),
        )
        year, half = (year, 2) if half == 1 else (year + 1, 1)
