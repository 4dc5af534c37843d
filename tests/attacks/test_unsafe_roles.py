from typing import Any

from drill import unsafe_roles
from tests.attacks.here import database


def test_nothing_starts_with_a_role_that_row_level_security_does_not_hold(
    transactional_db: Any, holds: Any
) -> None:
    holds(unsafe_roles.attack(database(), small=True))
