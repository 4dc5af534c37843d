from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from accounts.fiscal import FiscalClosing
from success_plans.periods import proposals


def test_a_march_closing_in_november_proposes_its_second_half() -> None:
    first, second, year = proposals(FiscalClosing(3), date(2026, 11, 19))
    assert (first.title, first.starts_on, first.ends_on) == (
        "2026年度下期 サクセスプラン",
        date(2026, 10, 1),
        date(2027, 3, 31),
    )
    assert second.label == "2027年度上期"
    assert (year.label, year.starts_on, year.ends_on) == ("2026年度", date(2026, 4, 1), date(2027, 3, 31))


def test_a_half_that_is_nearly_over_comes_after_the_next_one() -> None:
    assert [period.label for period in proposals(FiscalClosing(3), date(2027, 2, 10))] == [
        "2027年度上期",
        "2027年度下期",
        "2027年度",
    ]


def test_the_calendar_of_the_customer_decides_not_ours() -> None:
    assert proposals(FiscalClosing(12), date(2026, 8, 3))[0].starts_on == date(2026, 7, 1)
    assert proposals(FiscalClosing(2, 20), date(2026, 9, 1))[0].starts_on == date(2026, 8, 21)


def test_an_unknown_closing_is_not_guessed() -> None:
    (only,) = proposals(None, date(2026, 11, 19))
    assert (only.label, only.starts_on, only.ends_on) == ("", date(2026, 12, 1), date(2027, 5, 31))


@given(month=st.integers(1, 12), today=st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 12, 31)))
def test_the_first_proposal_has_time_left_and_the_second_follows_without_a_hole(
    month: int, today: date
) -> None:
    first, second, _year = proposals(FiscalClosing(month), today)
    assert (first.ends_on - today).days >= 60
    assert second.starts_on == first.ends_on + timedelta(days=1)
