"""What the facts say: the four fields of result and execution, whatever the figures are."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from success_plans.models.result import Quality, Verdict
from success_plans.verdict import ENOUGH_PERCENT, Facts, Line, explained, verdict_of

FIGURES = st.decimals(-10_000, 10_000, places=2)
UNSURE = st.none() | FIGURES
WAYS = st.sampled_from(["up", "down"])
WHOLE = st.builds(Line, WAYS, UNSURE, FIGURES, FIGURES)
SOME = st.builds(Line, WAYS, UNSURE, UNSURE, UNSURE)
PERCENT = st.integers(0, 200)
QUALITIES = st.sampled_from(list(Quality))
FACTS = st.builds(Facts, st.lists(WHOLE, min_size=1, max_size=4), PERCENT, QUALITIES)


def line(previous: int, planned: int, actual: int, direction: str = "down") -> Line:
    return Line(direction, Decimal(previous), Decimal(planned), Decimal(actual))


def test_the_example_of_the_source_is_better_than_before_and_asks_for_more_execution() -> None:
    facts = Facts([line(30, 21, 25)], 60, Quality.PARTLY)
    assert verdict_of(facts) == Verdict.EXECUTE
    result, execution, following = explained(facts)
    assert "届いていません" in result and "前回より良く" in result
    assert "足りません" in execution
    assert "実行度を高めて" in following


@pytest.mark.parametrize(
    ("actual", "quantity", "quality", "verdict"),
    [
        (21, 80, Quality.MOSTLY, Verdict.SPREAD),
        (21, 79, Quality.MOSTLY, Verdict.EXAMINE),
        (20, 100, Quality.PARTLY, Verdict.EXAMINE),
        (22, 80, Quality.AIMED, Verdict.REDRAW),
        (31, 40, Quality.HARDLY, Verdict.EXECUTE),
    ],
)
def test_each_field_has_its_verdict(actual: int, quantity: int, quality: Quality, verdict: Verdict) -> None:
    assert verdict_of(Facts([line(30, 21, actual)], quantity, quality)) == verdict


def test_where_nothing_got_better_the_cause_is_asked_for_first() -> None:
    said = explained(Facts([line(30, 21, 31)], 40, Quality.PARTLY))
    assert "要因" in said[-1] and "前回より" not in said[0]


@given(FACTS)
def test_the_verdict_depends_on_result_and_execution_alone(facts: Facts) -> None:
    reached = all(
        one.actual >= one.planned if one.direction == "up" else one.actual <= one.planned  # type: ignore[operator]
        for one in facts.lines
    )
    executed = facts.quantity >= ENOUGH_PERCENT and facts.quality in ("aimed", "mostly")  # type: ignore[operator]
    fields = {
        (True, True): Verdict.SPREAD,
        (True, False): Verdict.EXAMINE,
        (False, True): Verdict.REDRAW,
        (False, False): Verdict.EXECUTE,
    }
    assert verdict_of(facts) == fields[reached, executed]
    assert len(explained(facts)) == 3


@given(FACTS)
def test_turning_every_figure_and_direction_around_changes_nothing(facts: Facts) -> None:
    around = {"up": "down", "down": "up"}
    mirrored = [
        Line(
            around[one.direction],
            None if one.previous is None else -one.previous,
            -one.planned,  # type: ignore[operator]
            -one.actual,  # type: ignore[operator]
        )
        for one in facts.lines
    ]
    other = Facts(mirrored, facts.quantity, facts.quality)
    assert (verdict_of(other), other.is_improved) == (verdict_of(facts), facts.is_improved)


@given(FACTS, st.integers(0, 100))
def test_doing_more_never_makes_execution_poorer(facts: Facts, more: int) -> None:
    better = Facts(facts.lines, (facts.quantity or 0) + more, facts.quality)
    assert better.is_executed or not facts.is_executed


@given(st.lists(SOME, max_size=3), st.none() | PERCENT, st.just("") | QUALITIES)
def test_there_is_no_verdict_before_every_fact_is_there(
    lines: list[Line], quantity: int | None, quality: str
) -> None:
    known = all(one.planned is not None and one.actual is not None for one in lines)
    complete = bool(lines) and known and quantity is not None and quality != ""
    facts = Facts(lines, quantity, quality)
    assert (verdict_of(facts) is not None) == complete
    assert bool(explained(facts)) == complete
