from typing import Any

from drill import alternating
from tests.world import World


def test_two_tenants_on_one_connection_leak_nothing(furnished: Any, holds: Any) -> None:
    holds(alternating.attack(World(), furnished, 400))
