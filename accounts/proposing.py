"""What usually lies in a customer's fiscal year, worked out from its closing alone: proposals that a person confirms.

Pure functions over dates (S1 1.19–1.20). Nothing is stored: another closing month gives other proposals by itself. Periods
of work (busy season, change freeze, mid-term plan) follow from no closing and are never proposed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.fiscal import FiscalClosing, budget_closes, budget_season, months_after
from accounts.models.occasion import OccasionKind
from accounts.workdays import add_workdays

RESULTS_WITHIN = timedelta(days=45)
"""Listed companies publish their figures within 45 days of a closing (TSE)."""
MEETING_WITHIN = 3
"""The shareholders meet within so many months of it: those entitled are fixed for three (Companies Act, article 124)."""
NOTICE_BEFORE = -10
"""Workdays between the 内示 of a move and the day it takes effect."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One occasion as it usually is. ``key`` names it within its fiscal year; a day has no ``ends_on``."""

    key: str
    fiscal_year: int
    kind: OccasionKind
    starts_on: date
    ends_on: date | None = None

    @property
    def last_on(self) -> date:
        return self.ends_on or self.starts_on


def proposals(closing: FiscalClosing, year: int, *, is_listed: bool | None = None) -> list[Proposal]:
    """What to expect in one fiscal year, by day. A company that is known not to be listed publishes nothing."""
    found = [*_of_the_budget(closing, year), *_of_people(closing, year)]
    if is_listed is not False:
        found += _of_the_company(closing, year)
    return sorted(found, key=lambda one: (one.starts_on, one.key))


def based_on(closing: FiscalClosing) -> str:
    """The closing as an occasion keeps it: "3" or "3/20"."""
    return str(closing.month) if closing.day is None else f"{closing.month}/{closing.day}"


def _of_the_budget(closing: FiscalClosing, year: int) -> Iterator[Proposal]:
    end = closing.fiscal_year_end(year)
    season = budget_season(end)
    yield Proposal("budget", year, OccasionKind.BUDGET, season.opens, season.closes)
    yield Proposal("draft", year, OccasionKind.DRAFT, draft_closes(end))
    yield Proposal("final", year, OccasionKind.FINAL, budget_closes(end))


def _of_people(closing: FiscalClosing, year: int) -> Iterator[Proposal]:
    moves, following = closing.fiscal_year_start(year), closing.fiscal_year_start(year + 1)
    yield Proposal("moves", year, OccasionKind.MOVES, moves)
    yield Proposal("reorg", year, OccasionKind.REORGANISATION, closing.half_start(year, 2))
    yield Proposal("notice", year, OccasionKind.NOTICE, add_workdays(following, NOTICE_BEFORE))


def _of_the_company(closing: FiscalClosing, year: int) -> Iterator[Proposal]:
    before, half = closing.fiscal_year_end(year - 1), closing.half_end(year, 1)
    yield Proposal("results", year, OccasionKind.RESULTS, on_a_workday(before + RESULTS_WITHIN))
    yield Proposal("half_results", year, OccasionKind.RESULTS, on_a_workday(half + RESULTS_WITHIN))
    yield Proposal("meeting", year, OccasionKind.MEETING, shareholders_meet(closing, year))


def draft_closes(end: date) -> date:
    """When departments hand in what they want, for the budget made in the fiscal year that ends then: the last day of the
    first month of the season."""
    return months_after(budget_season(end).opens, 1) - timedelta(days=1)


def shareholders_meet(closing: FiscalClosing, year: int) -> date:
    """The last workday but one on which they may."""
    before = closing.fiscal_year_end(year - 1)
    latest = closing.quarter_end(year, 1) if closing.day is None else months_after(before, MEETING_WITHIN)
    return add_workdays(latest + timedelta(days=1), -2)


def on_a_workday(day: date) -> date:
    """The day, or the last workday before it."""
    return add_workdays(day + timedelta(days=1), -1)
