"""The budget backcast: from the customer's fiscal closing, a renewal and its notice to the days on which to act (S1 1.20).

Pure functions over dates. What matters is not the months before a renewal but the budget that has to pay for it: the
backcast finds that budget, lays its days and the contract's on one axis and says when the usual talk comes too late.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.fiscal import (
    CLOSES_MONTHS,
    LEAD_MONTHS,
    FiscalClosing,
    Window,
    budget_season,
    months_before,
)
from accounts.proposing import draft_closes, on_a_workday
from accounts.workdays import add_workdays

TALK_DAYS = 90
RINGI_DAYS = 60
REPORT_BEFORE = -5
"""Workdays between the value report and the talk it is made for: steps 10 and 15 of the playbook of R03."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What differs from customer to customer: when to begin, how long an approval takes, when the renewal is talked about,
    when the budget is fixed."""

    lead_months: int = LEAD_MONTHS
    ringi_days: int = RINGI_DAYS
    talk_days: int = TALK_DAYS
    closes_months: int = CLOSES_MONTHS


@dataclass(frozen=True, slots=True)
class Step:
    """One stretch of the backcast: what has to be reached by its last day."""

    key: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Backcast:
    """The budget that pays for one renewal, and every day that follows from it.

    ``pays_for`` is the fiscal year of that budget, which is made in the year before it. Days of the contract are None
    where there is no renewal.
    """

    pays_for: int
    year_ends_on: date
    opens_on: date
    season: Window
    draft_on: date
    closes_on: date
    report_on: date
    meet_on: date
    ringi_on: date | None = None
    talk_on: date | None = None
    notice_on: date | None = None
    renews_on: date | None = None

    @property
    def is_twisted(self) -> bool:
        """The usual talk about the renewal comes after the budget that has to pay for it is fixed (R29)."""
        return self.talk_on is not None and self.talk_on > self.closes_on

    def act_by(self, today: date) -> date:
        """By when to have spoken with whoever decides: in time for the departments' drafts, else before all is fixed."""
        return next((day for day in (self.meet_on, self.draft_on) if day >= today), self.closes_on)

    def steps(self, begins_on: date) -> list[Step]:
        """The stretches from ``begins_on`` on, one after the other, each up to the day that ends it."""
        ends = [
            ("value", self.opens_on),
            ("draft", self.draft_on),
            ("council", self.season.closes),
            ("fixed", self.closes_on),
            ("renewal", self.renews_on or self.year_ends_on),
        ]
        return list(_stretches(begins_on, ends))


def _stretches(begins_on: date, ends: Iterable[tuple[str, date]]) -> Iterator[Step]:
    for key, end in ends:
        if end >= begins_on:
            yield Step(key, begins_on, end)
            begins_on = end + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Known:
    """Days that the customer has confirmed; they stand before what is worked out."""

    draft_on: date | None = None
    closes_on: date | None = None


@dataclass(frozen=True)
class Renewal:
    """When a contract renews, and how many days before that somebody has to be told."""

    renews_on: date
    notice_days: int | None = None

    @property
    def notice_on(self) -> date | None:
        return None if self.notice_days is None else self.renews_on - timedelta(days=self.notice_days)


def paying_year(closing: FiscalClosing, renews_on: date) -> int:
    """The fiscal year that pays for what begins the day after."""
    return closing.fiscal_year(renews_on + timedelta(days=1))


def backcast(
    closing: FiscalClosing,
    renewal: Renewal,
    terms: Terms = Terms(),  # noqa: B008  frozen
    known: Mapping[int, Known] | None = None,
) -> Backcast:
    """The backcast of one renewal. ``known`` are confirmed days by the fiscal year in which that budget is made."""
    pays_for = paying_year(closing, renewal.renews_on)
    talk_on = renewal.renews_on - timedelta(days=terms.talk_days)
    ringi_on = (renewal.notice_on or renewal.renews_on) - timedelta(days=terms.ringi_days)
    return _of_year(
        closing,
        pays_for,
        terms,
        (known or {}).get(pays_for - 1, Known()),
        _Contract(ringi_on, talk_on, renewal.notice_on, renewal.renews_on),
    )


def budget_year(
    closing: FiscalClosing,
    year: int,
    terms: Terms = Terms(),  # noqa: B008  frozen
    known: Mapping[int, Known] | None = None,
) -> Backcast:
    """The days of the budget that is made in fiscal year ``year``, where no renewal is known."""
    return _of_year(closing, year + 1, terms, (known or {}).get(year, Known()), _Contract())


@dataclass(frozen=True, slots=True)
class _Contract:
    ringi_on: date | None = None
    talk_on: date | None = None
    notice_on: date | None = None
    renews_on: date | None = None


def _of_year(
    closing: FiscalClosing, pays_for: int, terms: Terms, known: Known, contract: _Contract
) -> Backcast:
    end = closing.fiscal_year_end(pays_for - 1)
    draft_on = known.draft_on or draft_closes(end)
    meet_on = on_a_workday(min(draft_on, contract.ringi_on or draft_on))
    return Backcast(
        pays_for=pays_for,
        year_ends_on=end,
        opens_on=months_before(end, terms.lead_months),
        season=budget_season(end),
        draft_on=draft_on,
        closes_on=known.closes_on or months_before(end, terms.closes_months),
        report_on=add_workdays(meet_on, REPORT_BEFORE),
        meet_on=meet_on,
        ringi_on=contract.ringi_on,
        talk_on=contract.talk_on,
        notice_on=contract.notice_on,
        renews_on=contract.renews_on,
    )
