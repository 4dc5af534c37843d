"""Many people in one record, over HTTP against gunicorn; and the ledger that judges them, which must be able to fail."""

from dataclasses import replace
from typing import Any

import pytest

from drill import editors
from drill.ledger import Answer, Attempt, Findings, Row, check
from tests.attacks import here
from tests.world import World


def test_nobody_loses_what_they_were_told_is_saved(transactional_db: Any, holds: Any) -> None:
    holds(editors.attack(here.database(), World(), 8, 20))


# ── The judge


def written(**changes: Any) -> tuple[Attempt, list[Row]]:
    """One editor turned 前 into 後 and was told so."""
    attempt = Attempt("member:1", "industry", "後", "前", answers=[Answer(200, 2, "後")])
    rows = [Row(1, "system", {"industry": "前"}), Row(2, "member:1", {"industry": "後"})]
    return replace(attempt, **changes), rows


def test_the_ledger_finds_nothing_where_nothing_is() -> None:
    attempt, rows = written()
    found = check([attempt], rows, {"industry": "後"})
    assert faults(found) == {}
    assert (found.writes, found.acknowledged) == (1, 1)


@pytest.mark.parametrize(
    ("forged", "fault"),
    [
        ({"answers": [Answer(200, 3, "後")]}, "missing"),  # told of a version that never was
        ({"answers": [Answer(200, 1, "後")]}, "missing"),  # told while the old text stood there
        ({"answers": [Answer(200, 1, "前")]}, "missing"),  # told that another text was saved
        ({"base": "前の前"}, "overwritten"),
        ({"actor": "member:2"}, "unexplained"),
        ({"text": "別", "answers": []}, "unexplained"),
        ({"answers": [], "unanswered": 1}, "unfinished"),
        ({"answers": [Answer(409, 1, theirs="前", body="後 前")]}, "unexplained"),  # a conflict that wrote
        ({"answers": [Answer(200, 2, "後"), Answer(409, 1, theirs="前", body="前")]}, "wordless"),
        ({"answers": [Answer(200, 2, "後"), Answer(409, 1, theirs="外", body="後 外")]}, "wordless"),
    ],
)
def test_the_ledger_sees_a_forged_page(forged: dict[str, Any], fault: str) -> None:
    attempt, rows = written(**forged)
    assert fault in faults(check([attempt], rows, {"industry": "後"}))


def test_the_ledger_sees_a_forged_history() -> None:
    attempt, (first, second) = written()
    assert "missing" in faults(check([attempt], [first], {"industry": "前"}))
    assert "gaps" in faults(check([attempt], [first, replace(second, version=3)], {"industry": "後"}))
    assert "gaps" in faults(check([attempt], [first, second], {"industry": "前"}))
    twice = [first, second, Row(3, "", {"industry": "前"}), replace(second, version=4)]
    assert "unexplained" in faults(check([attempt], twice, {"industry": "後"}))


def faults(found: Findings) -> dict[str, Any]:
    return {name: value for name, value in vars(found).items() if isinstance(value, list) and value}
