"""Every day that a text names, wherever it stands and whatever it is for. Which of them is the due date, ``due`` says."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from success_plans.smart.calendar import Calendar, ClosingUnknown

Read = Callable[[re.Match[str], Calendar], date | None]


@dataclass(frozen=True)
class Day:
    """``is_end`` for the end of a period (9月末), which is a due date more often than a review."""

    on: date
    start: int
    end: int
    is_end: bool = False


@dataclass(frozen=True)
class Form:
    """One way to write a day. Forms are tried in order, and what one has read no later one reads again."""

    pattern: re.Pattern[str]
    read: Read
    is_end: bool = False


@dataclass(frozen=True)
class Undated:
    """Words for a part of a fiscal year whose closing is not known."""

    start: int
    end: int


def days_in(text: str, calendar: Calendar) -> list[Day]:
    """The days of ``text`` (folded) in their order; those that the calendar does not have are left out."""
    return sorted((one for one in _read(text, calendar) if isinstance(one, Day)), key=lambda d: d.start)


def undated_in(text: str, calendar: Calendar) -> list[Undated]:
    """The words of ``text`` that would be days if the customer's fiscal year were known."""
    if calendar.known_closing:
        return []
    return sorted((one for one in _read(text, calendar) if isinstance(one, Undated)), key=lambda d: d.start)


def _read(text: str, calendar: Calendar) -> Iterator[Day | Undated]:
    from success_plans.smart import english_days, japanese_days

    taken: list[tuple[int, int]] = []
    for form in (*japanese_days.FORMS, *english_days.FORMS):
        for match in form.pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            taken.append(match.span())
            try:
                on = form.read(match, calendar)
            except ClosingUnknown:
                yield Undated(match.start(), match.end())
                continue
            if on is not None:
                yield Day(on, match.start(), match.end(), form.is_end)
