"""The days a schedule shows: a year, half or quarter as the customer counts them, and where a day lies on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from django.utils.translation import gettext as _

from accounts.fiscal import FiscalClosing, months_after, period_label

YEAR, HALF, QUARTER = "year", "half", "quarter"
SPANS = (QUARTER, HALF, YEAR)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A named piece of the axis, ``w`` percent wide."""

    label: str
    w: float
    is_now: bool = False


@dataclass(frozen=True, slots=True)
class Axis:
    """From ``first`` to ``last``, both included. Positions are percent of its days."""

    closing: FiscalClosing
    span: str
    first: date
    last: date

    @classmethod
    def around(cls, closing: FiscalClosing, span: str, day: date) -> Self:
        """The period of that length in which the day lies."""
        year = closing.fiscal_year(day)
        if span == QUARTER:
            part = closing.quarter(day)
            days = closing.quarter_start(year, part), closing.quarter_end(year, part)
        elif span == HALF:
            part = closing.half(day)
            days = closing.half_start(year, part), closing.half_end(year, part)
        else:
            days = closing.fiscal_year_start(year), closing.fiscal_year_end(year)
        return cls(closing, span, *days)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def year(self) -> int:
        """The fiscal year that it is, or is part of."""
        return self.closing.fiscal_year(self.first)

    @property
    def label(self) -> str:
        """2026年度, 2026年度下期 or 2026年度2Q."""
        if self.span == QUARTER:
            return period_label(self.year, quarter=self.closing.quarter(self.first))
        return period_label(self.year, half=self.closing.half(self.first) if self.span == HALF else None)

    @property
    def before(self) -> date:
        """A day of the period before this one."""
        return self.first - timedelta(days=1)

    @property
    def after(self) -> date:
        return self.last + timedelta(days=1)

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def touches(self, starts_on: date, ends_on: date) -> bool:
        return starts_on <= self.last and ends_on >= self.first

    def x(self, day: date) -> float:
        """Where the day begins; what lies outside is at the edge."""
        return round(min(max((day - self.first).days / self.days, 0), 1) * 100, 2)

    def end_x(self, day: date) -> float:
        """Where the day is over."""
        return self.x(day + timedelta(days=1))

    def months(self, today: date) -> list[Stretch]:
        """The calendar months; in the middle of one begins a year that closes there."""
        months = ((day.month, day, end) for day, end in self._months())
        return [
            Stretch(_("%(n)s月") % {"n": n}, self._width(day, end), is_now=day <= today <= end)
            for n, day, end in months
        ]

    def halves(self) -> list[Stretch]:
        """What the axis is divided into above its months."""
        if self.span == QUARTER:
            return []
        closing, year, found = self.closing, self.year, []
        if self.span == YEAR:
            found = [
                (_("上期"), closing.half_start(year, 1), closing.half_end(year, 1)),
                (_("下期"), closing.half_start(year, 2), closing.half_end(year, 2)),
            ]
        else:
            first = closing.quarter(self.first)
            found = [
                (f"{n}Q", closing.quarter_start(year, n), closing.quarter_end(year, n))
                for n in (first, first + 1)
            ]
        return [Stretch(label, self._width(day, end)) for label, day, end in found]

    def lines(self) -> list[float]:
        """Where a month begins, but for the first."""
        return [self.x(day) for day, _end in self._months()][1:]

    def _months(self) -> Iterator[tuple[date, date]]:
        day = self.first
        while day <= self.last:
            following = months_after(day.replace(day=1), 1)
            yield day, min(following - timedelta(days=1), self.last)
            day = following

    def _width(self, first: date, last: date) -> float:
        return round(((last - first).days + 1) / self.days * 100, 3)
