from typing import Any

from drill import half_saves
from tests.furnish import furnish
from tests.world import World


def test_a_fault_at_any_statement_leaves_every_row_as_it_was(world: World, holds: Any) -> None:
    holds(half_saves.attack(world, furnish(world), small=True))
