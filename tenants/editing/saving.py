"""Saving one field: the version is checked inside the UPDATE, fields merge, a true conflict writes nothing.

RELIABILITY 3.3. ``base`` is the value the person started from. Only when somebody else moved *this* field away from
it do two texts stand against each other; a change to another field of the record never does.
"""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from tenants.editing.registry import Edit, Editable
from tenants.scope import current_tenant_id

ATTEMPTS = 5


@dataclass(frozen=True)
class Saved:
    """``value`` stands in the record now. ``superseded``: a later save of the same page had already been taken."""

    version: int
    value: str
    display: str
    superseded: bool = False


@dataclass(frozen=True)
class Conflict:
    """Somebody else's ``theirs`` stands where ``mine`` was to go; nothing was written."""

    version: int
    mine: str
    theirs: str
    theirs_display: str


@dataclass(frozen=True)
class Mark:
    """Where a save stands in the sequence of one open page (``editor``)."""

    editor: str
    seq: int


def save_field(
    found: Editable, record: Any, key: str, typed: str, *, base: str | None, mark: Mark | None
) -> Saved | Conflict:
    """Write ``typed`` into one field of ``record``, as the caller has just read it; it is read again only when the
    version it carries turns out to be old. ``base=None`` means: whatever stands there now.

    Raises ValidationError with a message for the person when the text does not parse or the database refuses it.
    """
    field = found.fields[key]
    value = field.parse(typed, record)
    newest, own = _note(mark, record.pk, key, field.raw(value)) if mark else (True, None)
    for attempt in range(ATTEMPTS):
        if attempt or not newest:
            record = found.model._base_manager.get(pk=record.pk)
        standing = field.standing(record)
        stands = field.raw(standing)
        if not newest:
            return Saved(record.version, stands, field.show(standing, record), superseded=True)
        if stands == field.raw(value):
            return Saved(record.version, stands, field.show(standing, record))
        if base is not None and stands not in (base, own):
            return Conflict(record.version, typed, stands, field.show(standing, record))
        edit = Edit(record, field, value)
        if _write(found, record, {**field.columns(found.model, value), **found.also(edit)}):
            found.after(edit)
            return Saved(record.version + 1, field.raw(value), field.show(value, record))
    raise ValidationError(_("ほかの保存と重なりました。もう一度保存します"))


def _write(found: Editable, record: Any, values: dict[str, Any]) -> bool:
    try:
        with transaction.atomic():
            return bool(
                found.model._base_manager.filter(pk=record.pk, version=record.version).update(**values)
            )
    except IntegrityError as error:
        raise ValidationError(refusal(found.model, error)) from error


def refusal(model: type[Model], error: IntegrityError) -> str:
    """The Japanese sentence that stands beside the constraint the database named."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
    for constraint in model._meta.constraints:
        if constraint.name == name:
            return str(constraint.get_violation_error_message())
    return _("ほかの値と合わないため、保存できませんでした")


def _note(mark: Mark, pk: Any, key: str, value: str) -> tuple[bool, str | None]:
    """Take the mark if it is the newest of its page; also give the value that page stored before."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO tenants_editormark (tenant_id, version, created_at, editor, record, field, seq, value)
            VALUES (%s, 1, now(), %s, %s, %s, %s, %s)
            ON CONFLICT (tenant_id, editor, record, field) DO UPDATE
              SET seq = excluded.seq, value = excluded.value WHERE tenants_editormark.seq < excluded.seq
            RETURNING old.value
            """,
            [current_tenant_id(), mark.editor, pk, key, mark.seq, value],
        )
        row = cursor.fetchone()
    return (False, None) if row is None else (True, row[0])
