from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.backcast import Backcast, Known, Renewal, Terms, backcast, budget_year, paying_year
from accounts.fiscal import FiscalClosing, months_before
from accounts.workdays import is_workday, workdays_between

MARCH, DECEMBER = FiscalClosing(3), FiscalClosing(12)
closings = st.builds(FiscalClosing, st.integers(1, 12), st.none() | st.integers(1, 27))
days = st.dates(date(2001, 1, 1), date(2098, 12, 31))
renewals = st.builds(Renewal, days, st.none() | st.integers(0, 180))


def test_a_year_that_closes_in_march_from_closing_renewal_and_notice_alone() -> None:
    assert backcast(MARCH, Renewal(date(2027, 3, 31), notice_days=60)) == Backcast(
        pays_for=2027,
        year_ends_on=date(2027, 3, 31),
        opens_on=date(2026, 9, 30),
        season=backcast(MARCH, Renewal(date(2027, 3, 31))).season,
        draft_on=date(2026, 11, 30),
        closes_on=date(2027, 2, 28),
        report_on=date(2026, 11, 20),
        meet_on=date(2026, 11, 30),
        ringi_on=date(2026, 12, 1),
        talk_on=date(2026, 12, 31),
        notice_on=date(2027, 1, 30),
        renews_on=date(2027, 3, 31),
    )
    found = backcast(MARCH, Renewal(date(2027, 3, 31), notice_days=60))
    assert (found.season.opens, found.season.closes) == (date(2026, 11, 1), date(2027, 1, 31))
    assert not found.is_twisted


def test_a_year_that_closes_in_december_from_closing_renewal_and_notice_alone() -> None:
    """The budget for 2027 is fixed before anybody would talk about a renewal in March of that year."""
    found = backcast(DECEMBER, Renewal(date(2027, 3, 31), notice_days=60))
    assert (found.pays_for, found.year_ends_on, found.opens_on) == (
        2027,
        date(2026, 12, 31),
        date(2026, 6, 30),
    )
    assert (found.season.opens, found.season.closes) == (date(2026, 8, 1), date(2026, 10, 31))
    assert (found.draft_on, found.closes_on) == (date(2026, 8, 31), date(2026, 11, 30))
    assert (found.meet_on, found.report_on) == (date(2026, 8, 31), date(2026, 8, 24))
    assert (found.talk_on, found.notice_on) == (date(2026, 12, 31), date(2027, 1, 30))
    assert found.is_twisted
    assert found.act_by(date(2026, 7, 1)) == date(2026, 8, 31)
    assert found.act_by(date(2026, 9, 1)) == date(2026, 11, 30)


def test_the_steps_follow_each_other_from_the_beginning_of_the_year() -> None:
    found = backcast(MARCH, Renewal(date(2027, 3, 31)))
    assert [(step.key, step.starts_on, step.ends_on) for step in found.steps(date(2026, 4, 1))] == [
        ("value", date(2026, 4, 1), date(2026, 9, 30)),
        ("draft", date(2026, 10, 1), date(2026, 11, 30)),
        ("council", date(2026, 12, 1), date(2027, 1, 31)),
        ("fixed", date(2027, 2, 1), date(2027, 2, 28)),
        ("renewal", date(2027, 3, 1), date(2027, 3, 31)),
    ]


@pytest.mark.parametrize(
    ("renews_on", "year"),
    [
        (date(2027, 3, 30), 2026),
        (date(2027, 3, 31), 2027),
        (date(2027, 4, 1), 2027),
        (date(2028, 3, 30), 2027),
    ],
)
def test_the_year_that_begins_after_the_last_day_pays(renews_on: date, year: int) -> None:
    assert paying_year(MARCH, renews_on) == year


def test_what_the_customer_confirmed_stands_before_what_is_worked_out() -> None:
    known = {2026: Known(draft_on=date(2026, 11, 13), closes_on=date(2026, 12, 18))}
    found = backcast(MARCH, Renewal(date(2027, 3, 31)), known=known)
    assert (found.draft_on, found.closes_on, found.meet_on) == (
        date(2026, 11, 13),
        date(2026, 12, 18),
        date(2026, 11, 13),
    )
    assert found.is_twisted


def test_a_customer_that_needs_longer_is_met_earlier() -> None:
    slow = backcast(MARCH, Renewal(date(2027, 3, 31), 60), Terms(lead_months=9, ringi_days=120))
    assert (slow.opens_on, slow.ringi_on, slow.meet_on) == (
        date(2026, 6, 30),
        date(2026, 10, 2),
        date(2026, 10, 2),
    )


@given(closings, renewals)
def test_the_budget_is_made_in_the_year_before_the_one_that_pays(
    closing: FiscalClosing, renewal: Renewal
) -> None:
    found = backcast(closing, renewal)
    assert closing.fiscal_year(found.year_ends_on) == found.pays_for - 1
    assert found.year_ends_on <= renewal.renews_on < closing.fiscal_year_end(found.pays_for)
    assert found.closes_on < found.year_ends_on


@given(closings, renewals)
def test_its_days_come_in_their_order(closing: FiscalClosing, renewal: Renewal) -> None:
    found = backcast(closing, renewal)
    assert found.opens_on < found.season.opens + timedelta(days=31)
    assert found.season.opens <= found.draft_on <= found.season.closes < found.year_ends_on
    assert found.report_on < found.meet_on <= found.draft_on
    assert is_workday(found.report_on)
    assert is_workday(found.meet_on)
    assert workdays_between(found.report_on, found.meet_on) == 5
    assert found.talk_on == renewal.renews_on - timedelta(days=90)


@given(closings, renewals, days)
def test_it_is_twisted_exactly_when_the_talk_comes_after_the_budget_is_fixed(
    closing: FiscalClosing, renewal: Renewal, today: date
) -> None:
    found = backcast(closing, renewal)
    closes = months_before(closing.fiscal_year_end(found.pays_for - 1), 1)
    assert found.is_twisted == (renewal.renews_on - timedelta(days=90) > closes)
    assert found.act_by(today) >= today or found.act_by(today) == found.closes_on


@given(closings, renewals, days)
def test_the_steps_leave_no_day_out(closing: FiscalClosing, renewal: Renewal, begins_on: date) -> None:
    steps = backcast(closing, renewal).steps(begins_on)
    for step, following in zip(steps, steps[1:], strict=False):
        assert following.starts_on == step.ends_on + timedelta(days=1)
    assert all(step.starts_on <= step.ends_on for step in steps)
    assert not steps or steps[0].starts_on == begins_on


@given(closings, st.integers(2000, 2090))
def test_a_year_without_a_renewal_has_its_budget_all_the_same(closing: FiscalClosing, year: int) -> None:
    found = budget_year(closing, year)
    assert (found.pays_for, found.year_ends_on) == (year + 1, closing.fiscal_year_end(year))
    assert found.renews_on is None
    assert not found.is_twisted
