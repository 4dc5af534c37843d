from pathlib import Path
from typing import Any

import pytest

from drill import imports
from tests.world import World


@pytest.mark.django_db(transaction=True)
def test_files_are_read_exactly_or_refused(holds: Any, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    holds(imports.attack(World(), small=True))
