"""Typing over a network that delays, loses, doubles, reorders and cuts, in a real browser."""

from typing import Any

from drill import bad_network
from tests.world import World


def test_what_was_typed_last_is_what_is_saved(
    browser: Any, live_server: Any, world: World, holds: Any
) -> None:
    holds(bad_network.attack(browser, live_server.url, world, 3, 6))
