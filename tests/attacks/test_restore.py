"""The restore drill at the size of a test: see ``drill/restore.py``."""

import pytest
from django.db import connection

from drill import restore
from tenants.scope import tenant_scope
from tests import crowd
from tests.world import World


@pytest.mark.django_db(transaction=True)
def test_a_backup_brings_everything_back_or_says_why_not() -> None:
    world = World()
    with tenant_scope(world.tenant(), actor="test"):
        crowd.grow(world, 5)
    outcomes = list(restore.attack(connection.settings_dict["NAME"], small=True))
    assert [outcome.line() for outcome in outcomes if not outcome.held] == []
    assert len(outcomes) == 8
