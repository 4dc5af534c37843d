"""What the list shows of an account's success plan."""

from collections.abc import Sequence
from typing import Any


def smart_of(accounts: Sequence[Any]) -> dict[Any, tuple[str, ...]]:
    """Five states (S M A R T) per account that has an open plan."""
    return {}
