"""The demo's calendar: what was true in November 2026 is shifted to the day of loading."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts.fiscal import months_after

WRITTEN = (2026, 11)


@dataclass(frozen=True)
class DemoCalendar:
    today: date

    @property
    def shift(self) -> int:
        return (self.today.year - WRITTEN[0]) * 12 + self.today.month - WRITTEN[1]

    def day(self, offset: int) -> date:
        return self.today + timedelta(days=offset)

    def moment(self, offset: int, hour: int = 10) -> datetime:
        return timezone.make_aware(datetime(*self.day(offset).timetuple()[:3], hour))  # noqa: DTZ001

    def month(self, month: int) -> int:
        return (month - 1 + self.shift) % 12 + 1

    def month_end(self, year: int, month: int) -> date:
        """The last day of a month written as of November 2026."""
        first = months_after(date(year, month, 1), self.shift)
        return months_after(first, 1) - timedelta(days=1)

    def end_of_month(self, offset: int) -> date:
        """Of the month in which that day falls."""
        return months_after(self.day(offset).replace(day=1), 1) - timedelta(days=1)

    def workday(self, offset: int) -> date:
        """The day, or the Monday after a weekend."""
        found = self.day(offset)
        return found + timedelta(days=(7 - found.weekday()) if found.weekday() > 4 else 0)
