"""The workdays of the tenant in scope: public holidays if it keeps them, its own days off, its own days at work."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from accounts.workdays import add_workdays, public_holidays
from tenants.models import Holiday
from tenants.scope import current_tenant


@dataclass(frozen=True)
class Calendar:
    keeps_public_holidays: bool
    off: frozenset[date]
    worked: frozenset[date]

    @classmethod
    def read(cls) -> Self:
        days = list(Holiday.objects.values_list("on", "is_workday"))
        return cls(
            current_tenant().use_japanese_holidays,
            frozenset(on for on, is_workday in days if not is_workday),
            frozenset(on for on, is_workday in days if is_workday),
        )

    def add_workdays(self, day: date, count: int) -> date:
        worked = self.worked
        if not self.keeps_public_holidays:
            years = range(day.year, (day + timedelta(days=2 * count + 31)).year + 1)
            on_weekdays = (
                holiday for year in years for holiday in public_holidays(year) if holiday.weekday() < 5
            )
            worked = worked.union(on_weekdays)
        return add_workdays(day, count, extra=self.off, removed=worked)
