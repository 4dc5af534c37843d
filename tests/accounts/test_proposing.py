from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from accounts.fiscal import FiscalClosing, months_after, months_before
from accounts.proposing import Proposal, based_on, proposals
from accounts.workdays import is_workday, workdays_between

closings = st.builds(FiscalClosing, st.integers(1, 12), st.none() | st.integers(1, 27))
years = st.integers(2000, 2090)


def days_of(closing: FiscalClosing, year: int) -> dict[str, tuple[date, date | None]]:
    return {one.key: (one.starts_on, one.ends_on) for one in proposals(closing, year)}


def test_a_year_that_closes_in_march() -> None:
    assert days_of(FiscalClosing(3), 2026) == {
        "moves": (date(2026, 4, 1), None),
        "results": (date(2026, 5, 15), None),
        "meeting": (date(2026, 6, 29), None),
        "reorg": (date(2026, 10, 1), None),
        "half_results": (date(2026, 11, 13), None),
        "budget": (date(2026, 11, 1), date(2027, 1, 31)),
        "draft": (date(2026, 11, 30), None),
        "final": (date(2027, 2, 28), None),
        "notice": (date(2027, 3, 17), None),
    }


def test_a_year_that_closes_in_december() -> None:
    found = days_of(FiscalClosing(12), 2026)
    assert found["budget"] == (date(2026, 8, 1), date(2026, 10, 31))
    assert found["draft"] == (date(2026, 8, 31), None)
    assert found["final"] == (date(2026, 11, 30), None)
    assert found["results"] == (date(2026, 2, 13), None)
    assert found["meeting"] == (date(2026, 3, 30), None)


def test_a_closing_in_the_middle_of_a_month() -> None:
    found = days_of(FiscalClosing(3, 20), 2026)
    assert found["moves"] == (date(2026, 3, 21), None)
    assert found["reorg"] == (date(2026, 9, 21), None)
    assert found["final"] == (date(2027, 2, 20), None)
    assert found["meeting"] == (date(2026, 6, 18), None)


def test_the_end_of_february_knows_leap_years() -> None:
    february = FiscalClosing(2)
    assert february.fiscal_year_end(2027) == date(2028, 2, 29)
    assert days_of(february, 2027)["final"] == (date(2028, 1, 29), None)
    assert days_of(february, 2026)["final"] == (date(2027, 1, 28), None)
    assert days_of(february, 2028)["moves"] == (date(2028, 3, 1), None)


def test_a_company_that_is_not_listed_publishes_nothing() -> None:
    found = {one.key for one in proposals(FiscalClosing(3), 2026, is_listed=False)}
    assert found.isdisjoint({"results", "half_results", "meeting"})
    assert {"budget", "draft", "final", "moves"} <= found


@given(closings, years)
def test_every_proposal_has_a_name_of_its_own_and_lies_in_its_year(closing: FiscalClosing, year: int) -> None:
    found = proposals(closing, year)
    assert len({one.key for one in found}) == len(found) == 9
    first, last = closing.fiscal_year_start(year), closing.fiscal_year_end(year)
    assert all(first <= one.starts_on <= one.last_on <= last for one in found)
    assert found == sorted(found, key=lambda one: (one.starts_on, one.key))


@given(closings, years)
def test_the_budget_is_drafted_before_it_is_fixed_and_fixed_before_the_year_ends(
    closing: FiscalClosing, year: int
) -> None:
    budget, draft, final = (one_of(closing, year, key) for key in ("budget", "draft", "final"))
    assert budget.starts_on <= draft.starts_on <= budget.last_on
    assert draft.starts_on < final.starts_on < closing.fiscal_year_end(year)
    assert months_after(months_before(final.starts_on, 6), 6) <= final.starts_on


@given(closings, years)
def test_what_people_do_is_on_a_workday(closing: FiscalClosing, year: int) -> None:
    for key in ("results", "half_results", "meeting", "notice"):
        assert is_workday(one_of(closing, year, key).starts_on)
    next_year = closing.fiscal_year_start(year + 1)
    notice = one_of(closing, year, "notice").starts_on
    assert notice < next_year
    assert workdays_between(notice, next_year - timedelta(days=1)) >= 9


@given(closings, closings)
def test_a_closing_is_told_from_every_other_one(one: FiscalClosing, other: FiscalClosing) -> None:
    assert (based_on(one) == based_on(other)) == (one == other)
    assert len(based_on(one)) <= 5


def one_of(closing: FiscalClosing, year: int, key: str) -> Proposal:
    return next(one for one in proposals(closing, year) if one.key == key)
