from pathlib import Path
from typing import Any

import pytest

from drill import imports
from drill.imports import bombs
from tests.world import World


@pytest.mark.django_db(transaction=True)
def test_files_are_read_exactly_or_refused(holds: Any, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    holds(imports.attack(World(), small=True))


@pytest.mark.django_db(transaction=True)
def test_a_file_made_to_hurt_is_answered_by_what_to_do(holds: Any, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    holds(bombs.attack(World(), small=True))
