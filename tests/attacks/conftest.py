"""Drills at their reduced size. Each case that did not hold is named."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from drill.outcome import Outcome
from tests.furnish import Key, furnish
from tests.world import World


@pytest.fixture
def furnished(transactional_db: Any) -> dict[Key, Any]:
    """The world with a row of every kind, committed: attacks come over connections of their own."""
    return furnish(World())


@pytest.fixture
def holds() -> Callable[[Iterable[Outcome]], None]:
    def check(outcomes: Iterable[Outcome]) -> None:
        found = list(outcomes)
        for outcome in found:
            print(outcome.line())
        assert found
        assert [outcome.line() for outcome in found if not outcome.held] == []

    return check
