from typing import Any

from drill import contexts
from tests.attacks.here import app_url


def test_without_its_tenant_a_table_gives_nothing_and_takes_nothing(furnished: Any, holds: Any) -> None:
    holds(contexts.attack(app_url()))
