"""What the list shows of an account's health."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Health:
    """Score and band today, the scores of twelve weeks (oldest first) and the change over four; empty: 未計測."""

    score: int | None = None
    band: str = "none"
    weeks: tuple[int, ...] = ()
    change: int | None = None


def health_of(accounts: Sequence[Any], today: date) -> dict[Any, Health]:
    return {}
