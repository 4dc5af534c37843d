"""The night under fire, at the size of a test: see ``drill/night_kills``."""

from collections.abc import Callable, Iterable

from drill import ground, night_kills
from drill.outcome import Outcome
from tests.attacks import here


def test_after_kills_flushes_and_crashes_the_ctas_are_those_of_plain_sql(
    django_db_setup: None, holds: Callable[[Iterable[Outcome]], None]
) -> None:
    holds(night_kills.reduced(ground.url("DATABASE_OWNER_URL", here.database())))
