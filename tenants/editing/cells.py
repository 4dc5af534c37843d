"""What a template needs to show one field and let it be edited."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse

from tenants.editing.fields import Choice, EditField
from tenants.editing.registry import Editable, editable_of
from tenants.permissions import may
from tenants.scope import current_member


@dataclass(frozen=True)
class Cell:
    """One field of one record. ``value`` is what a person would type, ``display`` what they read."""

    kind: str
    pk: UUID
    version: int
    field: str
    url: str
    label: str
    widget: str
    value: str
    display: str
    choices: list[Choice]
    may_edit: bool
    blank_hint: str
    help: str
    owner: str

    @classmethod
    def of(cls, record: Any, key: str, *, may_edit: bool | None = None, url: str = "") -> "Cell":
        found = editable_of(record)
        field = field_of(found, key, record)
        value = field.standing(record)
        if may_edit is None:
            may_edit = may_edit_field(found, field, record)
        return cls(
            kind=found.kind,
            pk=record.pk,
            version=record.version,
            field=key,
            url=url or reverse(f"edit_{found.kind}", args=[record.pk]),
            label=str(field.label),
            widget=field.widget,
            value=field.raw(value),
            display=field.show(value, record),
            choices=list(field.choices(record)) if field.choices and may_edit else [],
            may_edit=may_edit,
            blank_hint=str(field.hint),
            help=str(field.help),
            owner=field.owner,
        )


def field_of(found: Editable, key: str, record: Any) -> EditField:
    field = found.field(key, record)
    assert field is not None, key
    return field


def may_edit_field(found: Editable, field: EditField, record: Any) -> bool:
    return may(current_member(), field.action or found.action, record)


def cells_of(record: Any, *keys: str) -> dict[str, Cell]:
    """Cells for several fields; permission and address are asked once, not once per field."""
    found = editable_of(record)
    url = reverse(f"edit_{found.kind}", args=[record.pk])
    allowed: dict[str, bool] = {}
    actions = {key: field_of(found, key, record).action or found.action for key in keys or found.fields}
    for action in actions.values():
        if action not in allowed:
            allowed[action] = may(current_member(), action, record)
    return {key: Cell.of(record, key, may_edit=allowed[action], url=url) for key, action in actions.items()}
