"""Programs with tokens of their own."""

from typing import Any

import pytest

from tests.api.program import Program


@pytest.fixture
def program() -> Any:
    """``program(member)`` is a program that works as that member."""
    return Program
