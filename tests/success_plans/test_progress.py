from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from success_plans.progress import DOWN, UP, expected, is_backwards, is_behind, progress

figures = st.decimals(min_value=-10_000, max_value=10_000, places=2)
days = st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 12, 31))


def D(text: str) -> Decimal:
    return Decimal(text)


def test_fewer_calls_is_progress_when_lower_is_better() -> None:
    assert progress(DOWN, D("42000"), D("38640"), D("31500")) == D("0.32")


def test_a_rise_counts_against_a_figure_that_should_fall() -> None:
    assert progress(DOWN, D("40"), D("44"), D("30")) == D("-0.4")


def test_a_target_against_its_direction_has_no_progress() -> None:
    assert is_backwards(UP, D("40"), D("30"))
    assert progress(UP, D("40"), D("35"), D("30")) is None


def test_holding_a_value_is_reached_or_not() -> None:
    assert progress(UP, D("90"), D("91"), D("90")) == 1
    assert progress(UP, D("90"), D("89"), D("90")) == 0
    assert progress(DOWN, D("5"), D("4"), D("5")) == 1
    assert progress(DOWN, D("5"), D("6"), D("5")) == 0


@given(baseline=figures, target=figures)
def test_the_way_runs_from_nought_at_the_baseline_to_one_at_the_target(
    baseline: Decimal, target: Decimal
) -> None:
    direction = UP if target > baseline else DOWN
    if baseline != target:
        assert progress(direction, baseline, baseline, target) == 0
        assert progress(direction, baseline, target, target) == 1


@given(baseline=figures, actual=figures, target=figures)
def test_turning_every_figure_round_turns_the_direction_and_nothing_else(
    baseline: Decimal, actual: Decimal, target: Decimal
) -> None:
    assert progress(UP, baseline, actual, target) == progress(DOWN, -baseline, -actual, -target)


@given(baseline=figures, target=figures, one=figures, other=figures)
def test_a_better_actual_never_means_less_progress(
    baseline: Decimal, target: Decimal, one: Decimal, other: Decimal
) -> None:
    lower, higher = sorted([progress(DOWN, baseline, actual, target) or D("0") for actual in (one, other)])
    better = progress(DOWN, baseline, min(one, other), target)
    assert better is None or (better == higher and lower <= higher)


@given(starts_on=days, length=st.integers(1, 800), today=days)
def test_what_is_expected_stays_between_nought_and_one_and_never_falls(
    starts_on: date, length: int, today: date
) -> None:
    due_on = starts_on + timedelta(days=length)
    now, tomorrow = (expected(starts_on, due_on, day) for day in (today, today + timedelta(days=1)))
    assert now is not None and tomorrow is not None
    assert 0 <= now <= tomorrow <= 1
    assert expected(starts_on, due_on, starts_on) == 0
    assert expected(starts_on, due_on, due_on) == 1


def test_a_due_date_before_the_plan_begins_is_expected_from_that_day_on() -> None:
    assert expected(date(2026, 10, 1), date(2026, 9, 1), date(2026, 8, 31)) == 0
    assert expected(date(2026, 10, 1), date(2026, 9, 1), date(2026, 9, 1)) == 1


def test_what_is_unknown_is_never_behind() -> None:
    assert not is_behind(None, D("0.5"))
    assert not is_behind(D("0.1"), expected(date(2026, 10, 1), None, date(2026, 11, 1)))
    assert is_behind(D("0.32"), D("0.4"))
