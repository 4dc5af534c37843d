"""A few locks of each kind taken away: the tests notice. All of them, and lines of code, go in the drill."""

from typing import Any

from drill import mutants
from drill.mutants import code, written
from tests.world import World


def test_the_suite_notices_locks_that_are_gone(transactional_db: Any, holds: Any) -> None:
    holds(mutants.attack(World(), small=True))


def test_the_lines_that_are_taken_away_are_still_there() -> None:
    """One that has moved fails in the drill by its name; many of them mean that the list is not kept any more."""
    moved = [line.name for line in written.LINES if not code.line_stands(line)]
    assert len(moved) < len(written.LINES) / 5, moved
