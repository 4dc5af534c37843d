from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from success_plans.completeness import Aim, Measure, gaps_of, has_gap, letters_of, letters_together

MEASURE = Measure(
    "down", "件", Decimal(42_000), Decimal(31_500), date(2027, 2, 28), "CTI月報", date(2027, 1, 12)
)
AIM = Aim("入電を減らす", "応対コスト", "平月の値でも届く", True, [MEASURE])


def states(aim: Aim) -> str:
    """The five states as one word, such as ok-ok-warn-ok-ok."""
    return "-".join(letters_of(aim).values())


def test_everything_filled_is_five_full_cells_and_no_question() -> None:
    assert states(AIM) == "ok-ok-ok-ok-ok"
    assert gaps_of(AIM) == []
    assert not has_gap(AIM)


def test_a_bare_statement_leaves_every_question_open() -> None:
    aim = Aim("CX向上")
    assert states(aim) == "warn-none-warn-none-none"
    assert [gap.letter for gap in gaps_of(aim)] == ["S", "A", "R", "M", "T"]


@pytest.mark.parametrize("field", ["baseline", "target", "unit", "method", "review_on"])
def test_a_blank_of_one_of_two_measures_halves_m_and_asks_for_exactly_that_field(field: str) -> None:
    blank = replace(MEASURE, **{field: "" if field in ("unit", "method") else None}, key="this one")
    aim = replace(AIM, measures=[MEASURE, blank])
    assert states(aim) == "ok-warn-ok-ok-ok"
    assert [(gap.kind, gap.key, gap.field) for gap in gaps_of(aim)] == [("criterion", "this one", field)]
    assert has_gap(aim)


def test_a_measure_without_due_date_halves_t() -> None:
    aim = replace(AIM, measures=[MEASURE, replace(MEASURE, due_on=None)])
    assert states(aim) == "ok-ok-ok-ok-warn"


def test_a_target_that_points_the_wrong_way_is_asked_about() -> None:
    aim = replace(AIM, measures=[replace(MEASURE, direction="up")])
    assert states(aim) == "ok-warn-ok-ok-ok"
    assert [gap.field for gap in gaps_of(aim)] == ["target"]


def test_what_nobody_confirmed_is_shown_but_is_not_a_gap() -> None:
    aim = replace(AIM, evidence=" ")
    assert states(aim) == "ok-ok-warn-ok-ok"
    assert not has_gap(aim)
    assert [gap.letter for gap in gaps_of(aim)] == ["A"]


def test_together_full_only_when_all_are_full_and_empty_only_when_all_are() -> None:
    bare = Aim("CX向上")
    together = letters_together([letters_of(AIM), letters_of(bare)])
    assert together == {"S": "warn", "M": "warn", "A": "warn", "R": "warn", "T": "warn"}
    assert letters_together([letters_of(bare), letters_of(bare)])["M"] == "none"
    assert set(letters_together([]).values()) == {"none"}
