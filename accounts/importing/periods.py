"""Headings that are months, quarters or days: how tables of figures name their columns, and which day each one means.

Months and days are days of the calendar. A quarter, a half or a fiscal year is the customer's own, so its last day is
known only beside the account: ``Period.ends_on``. Years are named as ``accounts.fiscal`` names them (2026年度 and FY26
begin in 2026), terms by their end (27/3期).
"""

import re
import unicodedata
from calendar import monthrange
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the process that reads a stranger's file knows no Django
    from accounts.fiscal import FiscalClosing

FEWEST = 2
MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
"""How long a period is that is longer than a day."""
FEWEST_DAYS = 3
"""Two days beside each other are a beginning and an end; three are a table."""
MONTH, DAY, QUARTER, HALF, YEAR = "month", "day", "quarter", "half", "year"
_NAMES = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_ENGLISH = r"(?P<name>[a-z]{3})[a-z]*\.?"
_MONTHS = [
    re.compile(pattern)
    for pattern in (
        r"(?P<y>\d{4}|\d{2})年(?P<m>\d{1,2})月(?:度|分|末)?",
        r"(?P<y>\d{4})[/\-.](?P<m>\d{1,2})月?",
        r"(?P<y>\d{4})(?P<m>\d{2})",
        r"(?P<era>令和|平成|r|h)(?P<n>\d{1,2}|元)[年./\-](?P<m>\d{1,2})月?",
        rf"{_ENGLISH}[\-'/]?(?P<y>\d{{4}}|\d{{2}})",
        rf"(?P<y>\d{{4}}|\d{{2}})[\-'/]{_ENGLISH}",
        r"(?P<m>\d{1,2})月(?:度|分|末)?",
    )
]
_DAYS = re.compile(r"(?P<y>\d{4})[/\-.年](?P<m>\d{1,2})[/\-.月](?P<d>\d{1,2})日?(?:0?0:00(?::00)?)?")
_YEAR = r"(?:(?:fy)?(?P<y>\d{4}|\d{2})(?:年度|年)?|(?P<ey>\d{4}|\d{2})[年/](?P<em>\d{1,2})月?期)"
_N = r"(?:q(?P<q>[1-4])|(?P<qq>[1-4])q|第(?P<qqq>[1-4])四半期)"
_FISCAL = [
    re.compile(pattern)
    for pattern in (
        rf"{_YEAR}[/\-.]?{_N}",
        rf"{_N}[/\-.]?{_YEAR}",
        rf"{_YEAR}[/\-.]?(?:h(?P<h>[12])|(?P<hh>[12])h|(?P<half>上|下)(?:半)?期)",
        r"(?:fy(?P<y>\d{4}|\d{2})|(?P<y2>\d{4}|\d{2})年度|(?P<ey>\d{4}|\d{2})[年/](?P<em>\d{1,2})月?期)",
    )
]
_ERAS = {"令和": 2018, "r": 2018, "平成": 1988, "h": 1988}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """``number`` is the month, the quarter or the half; ``day`` that of a day. ``by_end``: named by the year it ends in."""

    year: int
    number: int = 0
    day: int = 0
    grain: str = MONTH
    by_end: bool = False

    @property
    def is_fiscal(self) -> bool:
        return self.grain in (QUARTER, HALF, YEAR)

    def ends_on(self, closing: "FiscalClosing | None") -> date | None:
        """The last day; None when only the customer's closing could tell, and it is not known."""
        if self.grain == DAY:
            return date(self.year, self.number, self.day)
        if self.grain == MONTH:
            return date(self.year, self.number, monthrange(self.year, self.number)[1])
        if closing is None:
            return None
        year = self.year
        if self.by_end and closing.fiscal_year_end(year).year > year:
            year -= 1
        if self.grain == YEAR:
            return closing.fiscal_year_end(year)
        return (
            closing.quarter_end(year, self.number)
            if self.grain == QUARTER
            else closing.half_end(year, self.number)
        )

    def __str__(self) -> str:
        """As it stands in the cell of a row of its own, where ``period`` reads it again."""
        if self.grain == DAY:
            return f"{self.year}/{self.number:02d}/{self.day:02d}"
        if self.grain == MONTH:
            return f"{self.year}/{self.number:02d}"
        head = f"{self.year}/3期" if self.by_end else f"FY{self.year}"
        return head + {QUARTER: f" Q{self.number}", HALF: f" H{self.number}", YEAR: ""}[self.grain]


def period(text: str) -> Period | None:
    """The month, quarter, half, year or day that a heading says; None for anything else, and for a month without a year."""
    found = _month(_plain(text))
    if found and found.year:
        return found
    return _day(_plain(text)) or _fiscal(_plain(text))


def month_alone(text: str) -> int:
    """The month that a heading says without its year, 0 for none."""
    found = _month(_plain(text))
    return found.number if found and not found.year else 0


def periods(heading: Sequence[str], year: int = 0) -> dict[int, Period]:
    """The columns of a table whose headings are periods, by their place; empty when it is no such table.

    Where months stand beside quarters and totals, the finest are the table and the others what was summed up. A month
    without a year is of the year of the one before it, or of the next; days that are all the first of a month are
    months, as a spreadsheet keeps them. ``year`` is that of a first month that does not say one.
    """
    read: dict[int, Period] = {}
    last = Period(year, 0) if year else None
    for place, text in enumerate(heading):
        plain = _plain(text)
        found = _month(plain) or _day(plain) or _fiscal(plain)
        if found and found.grain == MONTH and not found.year:
            found = _after(last, found.number) if last else None
        if found:
            read[place] = found
        if found and found.grain == MONTH:
            last = found
    read = _months_of_days(read)
    return _table(read)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold().strip("()[]")


def _month(plain: str) -> Period | None:
    for form in _MONTHS:
        if found := form.fullmatch(plain):
            parts = found.groupdict()
            month = (
                _NAMES.index(parts["name"]) + 1 if parts.get("name") in _NAMES else int(parts.get("m") or 0)
            )
            year = _year_of(parts) if parts.get("y") or parts.get("era") else 0
            return Period(year, month) if 1 <= month <= 12 and _is_year(year or 2000) else None
    return None


def _day(plain: str) -> Period | None:
    found = _DAYS.fullmatch(plain)
    if not found:
        return None
    try:
        day = date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError:
        return None
    return Period(day.year, day.month, day.day, DAY) if _is_year(day.year) else None


def _fiscal(plain: str) -> Period | None:
    for form in _FISCAL:
        if found := form.fullmatch(plain):
            parts = found.groupdict()
            year = _full(parts.get("y") or parts.get("y2") or parts.get("ey") or "0")
            quarter = parts.get("q") or parts.get("qq") or parts.get("qqq")
            half = parts.get("h") or parts.get("hh") or {"上": "1", "下": "2"}.get(parts.get("half") or "")
            grain = QUARTER if quarter else HALF if half else YEAR
            named = Period(year, int(quarter or half or 0), 0, grain, bool(parts.get("ey")))
            return named if _is_year(year) else None
    return None


def _year_of(parts: dict[str, str | None]) -> int:
    if era := parts.get("era"):
        return _ERAS[era] + (1 if parts["n"] == "元" else int(parts["n"] or 0))
    return _full(parts["y"] or "0")


def _full(digits: str) -> int:
    return int(digits) + (2000 if len(digits) == 2 else 0)


def _is_year(year: int) -> bool:
    return 1950 <= year <= 2150


def _after(last: Period, month: int) -> Period:
    return Period(last.year + (month <= last.number), month)


def _months_of_days(read: dict[int, Period]) -> dict[int, Period]:
    days = [found for found in read.values() if found.grain == DAY]
    if len(days) < FEWEST or any(found.day != 1 for found in days):
        return read
    return {
        place: Period(found.year, found.number) if found.grain == DAY else found
        for place, found in read.items()
    }


def _table(read: dict[int, Period]) -> dict[int, Period]:
    """The finest grain that there is a table of, in the order of time."""
    counts = Counter(found.grain for found in read.values())
    for grain in (DAY, MONTH, QUARTER, HALF, YEAR):
        if counts[grain] >= (FEWEST_DAYS if grain == DAY else FEWEST):
            found = {place: each for place, each in read.items() if each.grain == grain}
            times = list(found.values())
            is_ordered = times in (sorted(set(times)), sorted(set(times), reverse=True))
            return found if is_ordered else {}
    return {}
