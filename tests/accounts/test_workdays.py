from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from accounts.workdays import add_workdays, is_workday, workdays_between

days = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def test_weekends_and_public_holidays_are_off():
    assert is_workday(date(2026, 11, 24))
    assert not is_workday(date(2026, 11, 22))
    assert not is_workday(date(2026, 11, 23))  # 勤労感謝の日
    assert not is_workday(date(2026, 9, 22))  # between two holidays


def test_a_tenant_adds_and_takes_away_days():
    assert not is_workday(date(2026, 12, 29), extra={date(2026, 12, 29)})
    assert is_workday(date(2026, 11, 23), removed={date(2026, 11, 23)})


def test_counting_goes_round_holidays():
    assert add_workdays(date(2026, 11, 20), 1) == date(2026, 11, 24)
    assert add_workdays(date(2026, 11, 24), -1) == date(2026, 11, 20)
    assert add_workdays(date(2026, 11, 21), 0) == date(2026, 11, 24)


@given(days, st.integers(-60, 60).filter(bool))
def test_adding_and_counting_agree(day, count):
    later = add_workdays(day, count)
    assert is_workday(later)
    if count > 0:
        assert workdays_between(day, later) == count
