"""What the list shows of an account's success plan."""

from collections.abc import Sequence
from typing import Any

from success_plans.queries import letters_of_accounts

Smart = tuple[str, ...]
BLANK: Smart = ("none",) * 5


def smart_of(accounts: Sequence[Any]) -> dict[Any, Smart]:
    """Five states (S M A R T) per account whose open plans have objectives."""
    if not accounts:
        return {}
    letters = letters_of_accounts(accounts)
    return {pk: tuple(found.get(letter, "none") for letter in "SMART") for pk, found in letters.items()}
