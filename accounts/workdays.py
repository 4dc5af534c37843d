"""Business days in Japan: Monday to Friday without public holidays, and what a tenant adds or takes away."""

from collections.abc import Collection
from datetime import date, timedelta
from functools import lru_cache

import jpholiday


def is_workday(day: date, *, extra: Collection[date] = (), removed: Collection[date] = ()) -> bool:
    """Whether people work: `extra` are days off beside the calendar, `removed` are days worked in spite of it."""
    if day in removed:
        return True
    return day.weekday() < 5 and day not in extra and day not in public_holidays(day.year)


def add_workdays(
    day: date, count: int, *, extra: Collection[date] = (), removed: Collection[date] = ()
) -> date:
    """The workday `count` workdays after the day (before it, when negative); 0 gives the first workday from it on."""
    step = timedelta(days=-1 if count < 0 else 1)
    if count == 0:
        while not is_workday(day, extra=extra, removed=removed):
            day += step
        return day
    for _ in range(abs(count)):
        day += step
        while not is_workday(day, extra=extra, removed=removed):
            day += step
    return day


def workdays_between(
    start: date, end: date, *, extra: Collection[date] = (), removed: Collection[date] = ()
) -> int:
    """How many workdays lie after `start` up to and including `end`; negative when the end comes first."""
    if end < start:
        return -workdays_between(end, start, extra=extra, removed=removed)
    days = (start + timedelta(days=offset) for offset in range(1, (end - start).days + 1))
    return sum(is_workday(day, extra=extra, removed=removed) for day in days)


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[date]:
    """Japan's public holidays of the year, substitute holidays included."""
    return frozenset(day for day, _name in jpholiday.year_holidays(year))
