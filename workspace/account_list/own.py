"""Fields of the tenant's own sheet as columns of the export: the newest edition's that are asked (S1 1.42)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from accounts.models import Fact, SheetField
from accounts.models.sheet import FieldKind
from accounts.sheet.editions import template

Kept = dict[UUID, dict[str, str]]


def fields() -> list[SheetField]:
    """In the order of the sheet."""
    return [field for field in template().fields if not (field.is_column or field.is_retired)]


def kept(accounts: Sequence[UUID], asked: Sequence[SheetField]) -> Kept:
    """The values of many accounts: one statement."""
    found: Kept = defaultdict(dict)
    keys = [field.key for field in asked]
    rows = Fact.objects.filter(account__in=list(accounts), unit=None, field_key__in=keys).exclude(value="")
    for account, key, value in rows.values_list("account_id", "field_key", "value"):
        found[account][key] = value
    return found


def cell(field: SheetField, value: str | None) -> Any:
    """Figures and days as what they are, so that a spreadsheet counts with them."""
    if not value:
        return None
    if field.kind == FieldKind.NUMBER:
        return Decimal(value)
    return date.fromisoformat(value) if field.kind == FieldKind.DATE else value
