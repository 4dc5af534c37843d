"""The words people have for days, resolved from the day of judging and the customer's fiscal calendar (S1 1.20)."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

import jpholiday

from accounts.fiscal import FiscalClosing, months_after

SUNDAY = 6


class ClosingUnknown(Exception):
    """A period of a fiscal year whose end nobody knows: it has no date, and none is guessed."""


@dataclass(frozen=True)
class Calendar:
    """``known_closing`` is None while the customer's fiscal year is unknown."""

    as_of: date
    known_closing: FiscalClosing | None

    @property
    def closing(self) -> FiscalClosing:
        if self.known_closing is None:
            raise ClosingUnknown
        return self.known_closing

    @property
    def fiscal_year(self) -> int:
        return self.closing.fiscal_year(self.as_of)

    def day(self, year: int | None, month: int, day: int | None = None) -> date | None:
        """``day`` None is the month's end; a year nobody wrote is that of the first such day from now on."""
        if year is None:
            this = self.day(self.as_of.year, month, day)
            return this if this is None or this >= self.as_of else self.day(self.as_of.year + 1, month, day)
        try:
            return date(year, month, day or monthrange(year, month)[1])
        except ValueError:
            return None

    def month_end(self, months: int = 0) -> date:
        day = months_after(self.as_of.replace(day=1), months)
        return day.replace(day=monthrange(day.year, day.month)[1])

    def month_day(self, day: int, months: int) -> date | None:
        end = self.month_end(months)
        return end.replace(day=day) if 1 <= day <= end.day else None

    def coming_day(self, day: int) -> date | None:
        """「15日まで」: in this month, or in the next one."""
        this = self.month_day(day, 0)
        return this if this and this >= self.as_of else self.month_day(day, 1)

    def period_end(self, year: int | None, *, half: int | None = None, quarter: int | None = None) -> date:
        """The end of a fiscal year or of a part of it; without a year the first one that is not over yet."""
        if year is None:
            this = self.period_end(self.fiscal_year, half=half, quarter=quarter)
            return (
                this
                if this >= self.as_of
                else self.period_end(self.fiscal_year + 1, half=half, quarter=quarter)
            )
        if half:
            return self.closing.half_end(year, half)
        return self.closing.quarter_end(year, quarter or 4)

    def quarter_end(self, quarters: int = 0) -> date:
        """The end of the quarter that lies so many quarters ahead."""
        years, quarter = divmod(self.closing.quarter(self.as_of) - 1 + quarters, 4)
        return self.closing.quarter_end(self.fiscal_year + years, quarter + 1)

    def half_end(self, halves: int = 0) -> date:
        years, half = divmod(self.closing.half(self.as_of) - 1 + halves, 2)
        return self.closing.half_end(self.fiscal_year + years, half + 1)

    def after(self, count: int, unit: str) -> date:
        """``unit`` is day, workday, week, month or year."""
        if unit == "workday":
            return self._workdays(count)
        if unit in ("month", "year"):
            return months_after(self.as_of, count * (12 if unit == "year" else 1))
        return self.as_of + timedelta(days=count * (7 if unit == "week" else 1))

    def weekday(self, weekday: int, weeks: int) -> date:
        """A weekday of this week (0) or of one that follows; Monday is 0."""
        return self.as_of + timedelta(days=weekday - self.as_of.weekday() + 7 * weeks)

    def _workdays(self, count: int) -> date:
        day = self.as_of
        while count > 0:
            day += timedelta(days=1)
            count -= day.weekday() < SUNDAY - 1 and not jpholiday.is_holiday(day)
        return day
