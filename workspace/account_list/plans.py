"""What the list shows of an account's success plan."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef

from success_plans.models import SuccessPlan
from success_plans.queries import letters_of_accounts

Smart = tuple[str, ...]
BLANK: Smart = ("none",) * 5


def has_plan() -> Exists:
    """Annotation for accounts: is there an open plan?"""
    return Exists(SuccessPlan.objects.open().filter(account=OuterRef("pk")))


def smart_of(accounts: Sequence[Any]) -> dict[Any, Smart]:
    """Five states (S M A R T) per account whose open plans have objectives."""
    letters = letters_of_accounts(accounts)
    return {pk: tuple(found.get(letter, "none") for letter in "SMART") for pk, found in letters.items()}
