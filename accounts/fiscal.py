"""The customer's fiscal year: when it closes, what its periods are called, when its budget is made.

Pure functions over dates. The year is named by the year it starts in (3月決算の2025年度 = 2025-04〜2026-03);
for a closing in the middle of a month, the first *whole* month decides, so 12月20日決算の2025年度 ends on 2025-12-20.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from django.utils.translation import gettext as _

LEAD_MONTHS = 6
"""Preparing next year's budget begins this many months before the fiscal year ends (S1 1.20)."""

SEASON_FIRST, SEASON_LAST = 4, 2
"""The customer drafts its budget from 4 to 2 months before the closing month: 11–1月 for a March closing."""

CLOSES_MONTHS = 1
"""The budget is fixed this many months before the fiscal year ends."""


class ClosingError(ValueError):
    """A fiscal closing that cannot be read. `code` says why: closing_unreadable or closing_impossible."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text!r}")
        self.code = code
        self.text = text


@dataclass(frozen=True, slots=True, order=True)
class FiscalClosing:
    """The last day of a fiscal year: a month, and a day only when it is not the month's last one."""

    month: int
    day: int | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.month <= 12:
            raise ClosingError("closing_impossible", f"{self.month}月")
        if self.day is not None and not 1 <= self.day < _shortest_length(self.month):
            raise ClosingError("closing_impossible", f"{self.month}月{self.day}日")

    @classmethod
    def of(cls, month: int, day: int | None = None) -> Self:
        """The closing on that day; a month's last day becomes "month end", in February both the 28th and the 29th."""
        if day is not None and 1 <= month <= 12 and _shortest_length(month) <= day <= _longest_length(month):
            day = None
        return cls(month, day)

    @classmethod
    def stored(cls, month: int, day: int | None) -> Self:
        """As an account keeps it: a day its month does not have (the month was changed later) is the month's end."""
        try:
            return cls.of(month, day)
        except ClosingError:
            return cls.of(month)

    @property
    def label(self) -> str:
        """How people say it: 3月決算, or 3月20日決算."""
        if self.day is None:
            return _("%(month)s月決算") % {"month": self.month}
        return _("%(month)s月%(day)s日決算") % {"month": self.month, "day": self.day}

    def in_year(self, year: int) -> date:
        """The closing day that falls into the calendar year."""
        last = monthrange(year, self.month)[1]
        return date(year, self.month, last if self.day is None else self.day)

    def next_closing(self, on: date) -> date:
        """The first closing day on or after the date."""
        this_year = self.in_year(on.year)
        return this_year if on <= this_year else self.in_year(on.year + 1)

    def fiscal_year(self, on: date) -> int:
        """The name of the fiscal year the date lies in."""
        return self.next_closing(on).year - self._closes_in_later_year

    def fiscal_year_start(self, year: int) -> date:
        return self.fiscal_year_end(year - 1) + timedelta(days=1)

    def fiscal_year_end(self, year: int) -> date:
        return self.in_year(year + self._closes_in_later_year)

    def quarter_end(self, year: int, quarter: int) -> date:
        """The last day of quarter 1–4; a closing at month end closes its quarters at month end too."""
        if not 1 <= quarter <= 4:
            raise ValueError(f"quarter {quarter}")
        closing_index = (year + self._closes_in_later_year) * 12 + self.month - 1
        years, month = divmod(closing_index - 3 * (4 - quarter), 12)
        last = monthrange(years, month + 1)[1]
        return date(years, month + 1, last if self.day is None else min(self.day, last))

    def quarter_start(self, year: int, quarter: int) -> date:
        before = self.fiscal_year_end(year - 1) if quarter == 1 else self.quarter_end(year, quarter - 1)
        return before + timedelta(days=1)

    def quarter(self, on: date) -> int:
        """Which quarter (1–4) of its fiscal year the date lies in."""
        year = self.fiscal_year(on)
        return next(quarter for quarter in (1, 2, 3, 4) if on <= self.quarter_end(year, quarter))

    def half_start(self, year: int, half: int) -> date:
        return self.quarter_start(year, 1 if half == 1 else 3)

    def half_end(self, year: int, half: int) -> date:
        return self.quarter_end(year, 2 if half == 1 else 4)

    def half(self, on: date) -> int:
        return 1 if self.quarter(on) <= 2 else 2

    def term_label(self, year: int) -> str:
        """The accountants' name of a fiscal year, by its end: 26/3期."""
        end = self.fiscal_year_end(year)
        return _("%(year)02d/%(month)s期") % {"year": end.year % 100, "month": end.month}

    @property
    def _closes_in_later_year(self) -> int:
        return 0 if self.month == 12 else 1


def period_label(year: int, *, half: int | None = None, quarter: int | None = None) -> str:
    """2026年度, 2026年度下期 or 2026年度2Q."""
    label = _("%(year)s年度") % {"year": year}
    if half is not None:
        return label + (_("上期") if half == 1 else _("下期"))
    return label if quarter is None else f"{label}{quarter}Q"


# Reading what people and public lists write ------------------------------------------------------------------

_MONTH_NAMES = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}
_FORMS = [
    re.compile(pattern)
    for pattern in (
        r"(?P<month>\d{1,2})月(?P<day>\d{1,2})日(?:決算)?",
        r"(?P<month>\d{1,2})月(?:末日?|期)?(?:決算)?",
        r"(?:--)?(?P<month>\d{1,2})[/.\-](?P<day>\d{1,2})",
        r"(?P<month>\d{1,2})/?末",
        r"\d{4}[/.\-年](?P<month>\d{1,2})[/.\-月](?P<day>\d{1,2})日?(?:[T ]?00:00(?::00)?)?",
        r"(?P<month>\d{1,2})",
        r"(?P<name>[a-z]{3})[a-z]*\.?(?P<day>\d{1,2})?(?:st|nd|rd|th)?",
        r"(?P<day>\d{1,2})-?(?P<name>[a-z]{3})[a-z]*",
    )
]


def parse_closing(text: str | None) -> FiscalClosing | None:
    """Read a fiscal closing in any spelling of public lists and CRM exports; empty is None, never a guess.

    Raises ClosingError for text that is no closing (closing_unreadable) or no day of the year (closing_impossible).
    """
    folded = "".join(unicodedata.normalize("NFKC", text or "").split()).lower()
    if not folded:
        return None
    for form in _FORMS:
        if found := form.fullmatch(folded):
            return _closing_from(found.groupdict(), text or "")
    raise ClosingError("closing_unreadable", text or "")


def _closing_from(parts: dict[str, str | None], text: str) -> FiscalClosing:
    if name := parts.get("name"):
        if name not in _MONTH_NAMES:
            raise ClosingError("closing_unreadable", text)
        month = _MONTH_NAMES[name]
    else:
        month = int(parts["month"] or 0)
    day = parts.get("day")
    try:
        return FiscalClosing.of(month, int(day) if day else None)
    except ClosingError as error:
        raise ClosingError(error.code, text) from None


# Months and the budget ---------------------------------------------------------------------------------------


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, moved back to the month's last day where it has none (as PostgreSQL does)."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def months_after(day: date, months: int) -> date:
    """The same day so many months later, moved back to the month's last day where it has none."""
    return months_before(day, -months)


@dataclass(frozen=True, slots=True)
class Window:
    """Days from `opens` to `closes`, both included."""

    opens: date
    closes: date

    def __contains__(self, day: date) -> bool:
        return self.opens <= day <= self.closes


def budget_window(end: date, lead_months: int = LEAD_MONTHS) -> Window:
    """When to prepare the customer's next budget: from so many months before the fiscal year's end until that end."""
    return Window(months_before(end, lead_months), end)


def budget_season(end: date) -> Window:
    """When the customer itself drafts that budget: whole months, the fourth to the second before the closing month."""
    first = months_before(end.replace(day=1), SEASON_FIRST)
    after = months_before(end.replace(day=1), SEASON_LAST - 1)
    return Window(first, after - timedelta(days=1))


def budget_closes(end: date) -> date:
    """When nothing more goes into the budget made in the fiscal year that ends then (R29)."""
    return months_before(end, CLOSES_MONTHS)


def budget_phase(closing: FiscalClosing | None, today: date) -> str:
    """Where the customer stands: season, settling (being fixed until the year ends), soon (half a year) or later."""
    if closing is None:
        return "unknown"
    until_closing = (closing.month - today.month) % 12
    if SEASON_LAST <= until_closing <= SEASON_FIRST:
        return "season"
    if until_closing < SEASON_LAST:
        return "settling"
    return "soon" if until_closing - SEASON_FIRST < 6 else "later"


# Drawings: the strip of a list row and the ruler of an account -------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """One month of the strip; mark is "budget", "close" or empty."""

    year: int
    month: int
    mark: str


@dataclass(frozen=True, slots=True)
class Strip:
    """Twelve months from last month on, the same axis for every customer; positions are percent of the width."""

    cells: tuple[Cell, ...]
    now_x: float
    renewal_x: float | None
    phase: str

    @property
    def ticks(self) -> tuple[int, ...]:
        """The months to write above the cells, every third one."""
        return tuple(cell.month for cell in self.cells[::3])


def strip(today: date, closing: FiscalClosing | None, renewal: date | None = None) -> Strip:
    """The fiscal strip of one customer; without a known closing it has no marks, without a near renewal no diamond."""
    first = strip_begins(today)
    months = [months_after(first, offset) for offset in range(12)]
    cells = tuple(Cell(month.year, month.month, _mark(closing, month.month)) for month in months)
    return Strip(
        cells, _position(first, today) or 0.0, _position(first, renewal), budget_phase(closing, today)
    )


def strip_begins(today: date) -> date:
    return months_before(today.replace(day=1), 1)


def renewal_x(today: date, renewal: date | None) -> float | None:
    """Where the strip shows the renewal; None outside of it."""
    return _position(strip_begins(today), renewal)


def _mark(closing: FiscalClosing | None, month: int) -> str:
    if closing is None:
        return ""
    until_closing = (closing.month - month) % 12
    if until_closing == 0:
        return "close"
    return "budget" if SEASON_LAST <= until_closing <= SEASON_FIRST else ""


def _position(first: date, day: date | None) -> float | None:
    """Percent of a strip of twelve equally wide months that starts at `first`; None outside of it."""
    if day is None:
        return None
    index = (day.year - first.year) * 12 + day.month - first.month
    if not 0 <= index < 12:
        return None
    return round((index + day.day / monthrange(day.year, day.month)[1]) / 12 * 100, 1)


@dataclass(frozen=True, slots=True)
class Mark:
    """A dated event on the ruler, at x percent."""

    kind: str
    label: str
    day: date
    x: float


@dataclass(frozen=True, slots=True)
class Ruler:
    """One fiscal year of one customer to scale; positions are percent of its days."""

    year: int
    start: date
    end: date
    months: tuple[tuple[int, bool], ...]
    season: Window
    band_x: float
    band_width: float
    now_x: float
    marks: tuple[Mark, ...]
    in_season: bool


def ruler(
    closing: FiscalClosing | None, today: date, events: Iterable[tuple[str, str, date]] = ()
) -> Ruler | None:
    """The fiscal year around today with its budget band and the events (kind, label, day) in it; None while unknown."""
    if closing is None:
        return None
    year = closing.fiscal_year(today)
    start, end = closing.fiscal_year_start(year), closing.fiscal_year_end(year)
    season = budget_season(end)
    days = (end - start).days + 1

    def x(day: date) -> float:
        return round((day - start).days / days * 100, 2)

    marks = [Mark(kind, label, day, x(day)) for kind, label, day in events if start <= day <= end]
    return Ruler(
        year=year,
        start=start,
        end=end,
        months=tuple((month, month == today.month) for month in _months_after_closing(closing)),
        season=season,
        band_x=x(season.opens),
        band_width=round(((season.closes - season.opens).days + 1) / days * 100, 2),
        now_x=x(today),
        marks=tuple(sorted(marks, key=lambda mark: mark.day)),
        in_season=today in season,
    )


def _months_after_closing(closing: FiscalClosing) -> list[int]:
    return [(closing.month + offset) % 12 + 1 for offset in range(12)]


def _shortest_length(month: int) -> int:
    return 28 if month == 2 else monthrange(2025, month)[1]


def _longest_length(month: int) -> int:
    return monthrange(2024, month)[1]
