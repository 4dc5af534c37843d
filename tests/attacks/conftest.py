"""Drills at their reduced size."""

from typing import Any

import pytest

from tests.furnish import Key, furnish
from tests.world import World


@pytest.fixture
def furnished(transactional_db: Any) -> dict[Key, Any]:
    """The world with a row of every kind, committed: attacks come over connections of their own."""
    return furnish(World())
