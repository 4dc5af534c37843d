"""Every URL × method × somebody who does not belong there: the address tells them nothing."""

from typing import Any

import pytest
from django.test import Client

from tests.doors import DOORS, Door
from tests.test_every_url import METHODS, one_role, request, target
from tests.world import World

NOT_FOUND, SIGN_IN = 404, 302


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.route or "/")
def test_strangers_never_come_in(door: Door, world: World, sign_in: Any) -> None:
    """A member of the other tenant, one who was removed and an anonymous person, at a row of midori."""
    pk = target(world, door, "mine") if door.subject is not None else None
    strangers = [
        ("aoba", sign_in(world.member(one_role(door), "aoba")), "midori", NOT_FOUND),
        ("removed", sign_in(world.member("removed")), "midori", NOT_FOUND),
        ("anonymous", Client(), "midori", SIGN_IN),
        ("anonymous", Client(), "invented", SIGN_IN),
    ]
    answers = [
        (who, slug, method, request(client, method, slug, door, pk), wanted)
        for who, client, slug, wanted in strangers
        for method in METHODS
    ]
    assert [told for told in answers if told[-2] != told[-1]] == []
