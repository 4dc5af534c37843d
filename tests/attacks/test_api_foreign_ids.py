from typing import Any

from drill import api_foreign_ids
from tests.furnish import furnish
from tests.world import World


def test_an_id_of_another_tenant_is_answered_like_a_random_one(world: World, holds: Any) -> None:
    holds(api_foreign_ids.attack(world, furnish(world), small=True))
