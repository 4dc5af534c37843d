"""The axis in the customer's own months, and what stands on it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.fiscal import FiscalClosing
from workspace.schedule.axis import HALF, QUARTER, SPANS, YEAR, Axis
from workspace.schedule.lanes import Item, lane

MARCH, TWENTIETH = FiscalClosing(3), FiscalClosing(3, 20)
closings = st.builds(FiscalClosing, st.integers(1, 12), st.none() | st.integers(1, 27))
days = st.dates(date(2001, 1, 1), date(2098, 12, 31))
spans = st.sampled_from(SPANS)
TODAY = date(2026, 11, 19)


def item(starts: int, length: int | None, label: str = "シナリオ", late: int = 0) -> Item:
    first = date(2026, 4, 1) + timedelta(days=starts)
    last = None if length is None else first + timedelta(days=length)
    late_until = (last or first) + timedelta(days=late) if late else None
    return Item(f"i{starts}-{length}-{label}", label, "plan", first, last, late_until=late_until)


items = st.builds(
    item,
    st.integers(-60, 400),
    st.none() | st.integers(0, 200),
    st.text("あ4x", max_size=20),
    st.integers(0, 90),
)


@pytest.mark.parametrize(
    ("span", "label", "first", "last", "halves"),
    [
        (YEAR, "2026年度", date(2026, 4, 1), date(2027, 3, 31), ["上期", "下期"]),
        (HALF, "2026年度下期", date(2026, 10, 1), date(2027, 3, 31), ["3Q", "4Q"]),
        (QUARTER, "2026年度3Q", date(2026, 10, 1), date(2026, 12, 31), []),
    ],
)
def test_periods_as_the_customer_counts_them(
    span: str, label: str, first: date, last: date, halves: list[str]
) -> None:
    axis = Axis.around(MARCH, span, TODAY)
    assert (axis.label, axis.first, axis.last) == (label, first, last)
    assert [half.label for half in axis.halves()] == halves


def test_a_year_that_closes_in_the_middle_of_a_month_begins_there() -> None:
    axis = Axis.around(TWENTIETH, YEAR, TODAY)
    assert (axis.first, axis.last) == (date(2026, 3, 21), date(2027, 3, 20))
    months = axis.months(TODAY)
    assert [month.label for month in months][:2] == ["3月", "4月"]
    assert len(months) == 13
    assert [month.label for month in months if month.is_now] == ["11月"]


@given(closings, spans, days)
def test_a_day_lies_in_its_period_and_periods_follow_each_other(
    closing: FiscalClosing, span: str, day: date
) -> None:
    axis = Axis.around(closing, span, day)
    assert day in axis
    assert Axis.around(closing, span, axis.before).after == axis.first
    assert Axis.around(closing, span, axis.after).before == axis.last


@given(closings, spans, days)
def test_months_and_halves_fill_the_axis(closing: FiscalClosing, span: str, day: date) -> None:
    axis = Axis.around(closing, span, day)
    assert sum(month.w for month in axis.months(day)) == pytest.approx(100, abs=0.1)
    assert sum(month.is_now for month in axis.months(day)) == 1
    if span != QUARTER:
        assert sum(half.w for half in axis.halves()) == pytest.approx(100, abs=0.1)
    assert axis.x(axis.first) == 0
    assert axis.end_x(axis.last) == 100


@given(st.lists(items, max_size=40))
def test_nothing_stands_on_anything_else(given_items: list[Item]) -> None:
    axis = Axis.around(MARCH, YEAR, TODAY)
    drawn = lane(axis, "k", "目標", given_items)
    for one in drawn.placed:
        assert 0 <= one.row < drawn.rows
        for other in drawn.placed:
            if one is not other and one.row == other.row:
                ends = [max(each.x + each.w, each.late_x + each.late_w) for each in (one, other)]
                assert ends[0] < other.x or ends[1] < one.x


@given(st.lists(items, max_size=40))
def test_everything_that_touches_the_axis_is_shown_by_day(given_items: list[Item]) -> None:
    axis = Axis.around(MARCH, YEAR, TODAY)
    drawn = lane(axis, "k", "目標", given_items)
    shown = [one.item for one in drawn.placed]
    assert len(shown) == sum(
        axis.touches(one.starts_on, one.late_until or one.last_on) for one in given_items
    )
    assert [one.starts_on for one in shown] == sorted(one.starts_on for one in shown)
    assert all(0 <= one.x <= 100 and 0 <= one.w <= 100 for one in drawn.placed)


def test_what_is_overdue_is_drawn_up_to_today() -> None:
    axis = Axis.around(MARCH, YEAR, TODAY)
    late = Item("a", "IVRの案内を変える", "over", date(2026, 9, 15), date(2026, 10, 31), late_until=TODAY)
    (placed,) = lane(axis, "k", "目標", [late]).placed
    assert late.days_late == 19
    assert placed.late_x == axis.x(date(2026, 11, 1))
    assert placed.late_x + placed.late_w == pytest.approx(axis.x(TODAY), abs=0.02)


def test_a_label_stands_inside_after_or_before_what_it_names() -> None:
    axis = Axis.around(MARCH, YEAR, TODAY)
    wide, narrow, last = item(10, 90), item(120, 5), item(360, None, "決算と更新の日")
    sides = {one.item.id: one.side for one in lane(axis, "k", "目標", [wide, narrow, last]).placed}
    assert [sides[one.id] for one in (wide, narrow, last)] == ["", "out", "left"]
