from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import fiscal
from accounts.fiscal import ClosingError, FiscalClosing, Window, parse_closing

MARCH, DECEMBER, FEBRUARY = FiscalClosing(3), FiscalClosing(12), FiscalClosing(2)

days = st.dates(date(2000, 1, 1), date(2100, 12, 31))
closings = st.builds(FiscalClosing, st.integers(1, 12), st.none() | st.integers(1, 27))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" 3月31日", MARCH),
        ("12月 1日", FiscalClosing(12, 1)),
        ("2月末日", FEBRUARY),
        ("3月末", MARCH),
        ("3月", MARCH),
        ("3月期", MARCH),
        ("3月決算", MARCH),
        ("３月３１日", MARCH),
        ("２月２９日", FEBRUARY),
        ("2月28日", FEBRUARY),
        ("3月20日", FiscalClosing(3, 20)),
        ("3/31", MARCH),
        ("3/20", FiscalClosing(3, 20)),
        ("--03-31", MARCH),
        ("2026/03/31", MARCH),
        ("12", DECEMBER),
        ("March", MARCH),
        ("Mar 31", MARCH),
        ("31-Dec", DECEMBER),
        ("4月30日", FiscalClosing(4)),
    ],
)
def test_every_spelling_is_read(text, expected):
    assert parse_closing(text) == expected


@pytest.mark.parametrize("text", ["", "   ", "　", None])
def test_an_empty_closing_stays_unknown(text):
    assert parse_closing(text) is None


@pytest.mark.parametrize("text", ["不明", "3月と9月", "-", "31日", "abc 3", "３月３１日３"])
def test_what_is_no_closing_is_refused_with_a_code(text):
    with pytest.raises(ClosingError) as caught:
        parse_closing(text)
    assert caught.value.code == "closing_unreadable"


@pytest.mark.parametrize("text", ["13月31日", "4月31日", "2月30日", "0月", "3月0日", "99"])
def test_a_day_the_calendar_does_not_have_is_refused(text):
    with pytest.raises(ClosingError) as caught:
        parse_closing(text)
    assert caught.value.code == "closing_impossible"


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_and_nothing_else(text):
    try:
        found = parse_closing(text)
    except ClosingError:
        return
    assert found is None or 1 <= found.month <= 12


@given(closings)
def test_what_is_written_is_read_back(closing):
    text = f"{closing.month}月末日" if closing.day is None else f"{closing.month}月{closing.day}日"
    assert parse_closing(text) == closing


def test_years_are_named_by_their_start():
    assert MARCH.fiscal_year(date(2025, 4, 1)) == 2025
    assert MARCH.fiscal_year(date(2026, 3, 31)) == 2025
    assert MARCH.fiscal_year_start(2025) == date(2025, 4, 1)
    assert MARCH.fiscal_year_end(2025) == date(2026, 3, 31)
    assert DECEMBER.fiscal_year_start(2025) == date(2025, 1, 1)
    assert DECEMBER.fiscal_year_end(2025) == date(2025, 12, 31)
    assert FiscalClosing(12, 20).fiscal_year_end(2025) == date(2025, 12, 20)
    assert FiscalClosing(3, 20).fiscal_year_start(2025) == date(2025, 3, 21)


def test_the_last_of_february_moves_with_leap_years():
    assert FEBRUARY.fiscal_year_end(2026) == date(2027, 2, 28)
    assert FEBRUARY.fiscal_year_end(2027) == date(2028, 2, 29)


@given(closings, days)
def test_a_day_lies_in_the_year_that_carries_its_name(closing, day):
    year = closing.fiscal_year(day)
    assert closing.fiscal_year_start(year) <= day <= closing.fiscal_year_end(year)
    assert closing.next_closing(day) == closing.fiscal_year_end(year)


@given(closings, st.integers(2001, 2099))
def test_years_follow_each_other_without_a_gap(closing, year):
    assert closing.fiscal_year_start(year + 1) == closing.fiscal_year_end(year) + timedelta(days=1)
    assert closing.fiscal_year(closing.fiscal_year_start(year)) == year
    assert closing.fiscal_year(closing.fiscal_year_end(year)) == year


@given(closings, days)
def test_quarters_and_halves_cover_the_year(closing, day):
    year, quarter, half = closing.fiscal_year(day), closing.quarter(day), closing.half(day)
    assert closing.quarter_start(year, quarter) <= day <= closing.quarter_end(year, quarter)
    assert closing.half_start(year, half) <= day <= closing.half_end(year, half)
    assert closing.quarter_end(year, 4) == closing.fiscal_year_end(year)
    assert (half == 1) == (quarter <= 2)


def test_quarters_of_the_smart_table():
    assert MARCH.quarter_end(2025, 2) == date(2025, 9, 30)
    assert DECEMBER.quarter_end(2025, 2) == date(2025, 6, 30)
    assert MARCH.quarter_end(2025, 3) == date(2025, 12, 31)
    assert DECEMBER.quarter_end(2025, 3) == date(2025, 9, 30)
    assert MARCH.half_end(2026, 1) == date(2026, 9, 30)


def test_periods_are_named_as_people_say_them():
    assert MARCH.label == "3月決算"
    assert FiscalClosing(3, 20).label == "3月20日決算"
    assert MARCH.term_label(2025) == "26/3期"
    assert fiscal.period_label(2026) == "2026年度"
    assert fiscal.period_label(2026, half=2) == "2026年度下期"
    assert fiscal.period_label(2026, quarter=3) == "2026年度3Q"


@given(days, st.integers(0, 60))
def test_months_before_keeps_the_day_or_takes_the_last(day, months):
    earlier = fiscal.months_before(day, months)
    assert (day.year - earlier.year) * 12 + day.month - earlier.month == months
    assert earlier.day == day.day or (earlier.day < day.day and (earlier + timedelta(days=1)).day == 1)


def test_the_budget_window_opens_half_a_year_before_the_end():
    assert fiscal.budget_window(date(2027, 3, 31)) == Window(date(2026, 9, 30), date(2027, 3, 31))
    assert fiscal.budget_window(date(2026, 8, 31)).opens == date(2026, 2, 28)
    assert fiscal.budget_window(date(2027, 3, 31), lead_months=8).opens == date(2026, 7, 31)


def test_a_march_closing_drafts_its_budget_from_november_to_january():
    assert fiscal.budget_season(date(2027, 3, 31)) == Window(date(2026, 11, 1), date(2027, 1, 31))
    assert fiscal.budget_season(date(2027, 3, 20)) == Window(date(2026, 11, 1), date(2027, 1, 31))


def test_the_phases_of_the_account_list():
    today = date(2026, 11, 19)
    phases = {month: fiscal.budget_phase(FiscalClosing(month), today) for month in range(1, 13)}
    assert [month for month, phase in phases.items() if phase == "season"] == [1, 2, 3]
    assert [month for month, phase in phases.items() if phase == "settling"] == [11, 12]
    assert phases[5] == "soon"
    assert phases[9] == phases[10] == "later"
    assert fiscal.budget_phase(None, today) == "unknown"


def test_the_strip_stands_on_one_axis_for_all():
    strip = fiscal.strip(date(2026, 11, 19), MARCH, date(2027, 3, 31))
    assert strip.ticks == (10, 1, 4, 7)
    assert [cell.month for cell in strip.cells if cell.mark == "budget"] == [11, 12, 1]
    assert [cell.month for cell in strip.cells if cell.mark == "close"] == [3]
    assert (strip.now_x, strip.renewal_x) == (13.6, 50.0)
    assert fiscal.strip(date(2026, 11, 19), DECEMBER, date(2027, 12, 31)).renewal_x is None
    assert not any(cell.mark for cell in fiscal.strip(date(2026, 11, 19), None).cells)


@given(closings, days)
def test_every_strip_closes_once_and_budgets_for_three_months(closing, day):
    marks = [cell.mark for cell in fiscal.strip(day, closing).cells]
    assert (len(marks), marks.count("close"), marks.count("budget")) == (12, 1, 3)


def test_the_ruler_is_to_scale():
    ruler = fiscal.ruler(
        MARCH, date(2026, 11, 19), [("ebr", "EBR", date(2026, 12, 15)), ("qbr", "", date(2025, 1, 1))]
    )
    assert ruler is not None
    assert (ruler.year, ruler.now_x, ruler.band_x, ruler.band_width) == (2026, 63.56, 58.63, 25.21)
    assert [mark.x for mark in ruler.marks] == [70.68]
    assert [month for month, _is_now in ruler.months] == [4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3]
    assert ruler.in_season
    assert fiscal.ruler(None, date(2026, 11, 19)) is None


@given(closings, days)
def test_everything_on_a_ruler_lies_on_it(closing, day):
    ruler = fiscal.ruler(closing, day)
    assert ruler is not None
    assert 0 <= ruler.now_x < 100
    assert 0 <= ruler.band_x <= ruler.band_x + ruler.band_width <= 100.01
