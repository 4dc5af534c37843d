"""Saving one field: the version is checked inside the UPDATE, fields merge, a true conflict writes nothing.

RELIABILITY 3.3. ``base`` is the value the person started from. Only when somebody else moved *this* field away from
it do two texts stand against each other; a change to another field of the record never does.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import CheckConstraint, Model, UniqueConstraint
from django.utils.translation import gettext as _

from tenants.editing.fields import EditField
from tenants.editing.registry import Edit, Editable
from tenants.scope import current_tenant_id
from tenants.vanished import is_vanished

NOTHING = -1  # a page counts from 0 or 1


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
    """Where a save stands in the sequence of one open page (``editor``), and which one it was last told about."""

    editor: str
    seq: int
    answered: int = NOTHING


class Turn(Enum):
    NEWEST = "newest"
    AGAIN = "again"  # the newest one, which was taken before: its answer got lost
    LATE = "late"  # a later save of the same page was taken before


def save_field(
    found: Editable, record: Any, key: str, typed: str, *, base: str | None, mark: Mark | None
) -> Saved | Conflict:
    """Write ``typed`` into one field of ``record``, as the caller has just read it. ``base=None`` means: whatever
    stands there now.

    Only a write may rest on that reading, because the UPDATE itself asks for the version. Before anything else is
    said, the row is read again and held: an earlier save of the same page may have been committed since. A save that
    is asked for again writes nothing: what others wrote after it, its page has not seen.

    Raises ValidationError with a message for the person when the text does not parse or the database refuses it.
    """
    field = found.field(key, record)
    assert field is not None, key
    value = field.parse(typed, record)
    turn, own = _note(mark, record.pk, key, field.raw(value)) if mark else (Turn.NEWEST, None)

    def moved(record: Any) -> Saved | None:
        may_move = turn is Turn.NEWEST and _may_move(field, record, value, (base, own))
        return _write(found, Edit(record, field, value)) if may_move else None

    if saved := moved(record):
        return saved
    record = found.model._base_manager.select_for_update(no_key=True).filter(pk=record.pk).first()
    if record is None:
        raise ValidationError(_("この記録は、もう削除されています"))
    if saved := moved(record):
        return saved
    standing = field.standing(record)
    stands, shown = field.raw(standing), field.show(standing, record)
    if turn is not Turn.LATE and stands != field.raw(value):
        return Conflict(record.version, typed, stands, shown)
    return Saved(record.version, stands, shown, superseded=turn is Turn.LATE)


def _may_move(field: EditField, record: Any, value: Any, bases: tuple[str | None, str | None]) -> bool:
    """Whether there is something to write, and nobody else wrote into this field since ``bases``."""
    stands, (base, own) = field.raw(field.standing(record)), bases
    return stands != field.raw(value) and (base is None or stands in (base, own))


def _write(found: Editable, edit: Edit) -> Saved | None:
    """None when the record has another version by now."""
    record, field, value = edit.record, edit.field, edit.value
    if not _update(found, record, {**field.columns(found.model, value), **found.also(edit)}):
        return None
    found.after(edit)
    return Saved(record.version + 1, field.raw(value), field.show(value, record))


def save_together(found: Editable, record: Any, typed: Mapping[str, str]) -> bool:
    """Write several fields of ``record``, which the caller has locked, in one UPDATE; False when nothing is new.

    Fields are taken in the order of their registration, each beside those before it. Raises ValidationError with the
    messages by field, or Refused.
    """
    errors: dict[str, Any] = {}
    edits: list[Edit] = []
    columns: dict[str, Any] = {}
    for key, field in found.fields.items():
        if key not in typed:
            continue
        try:
            value = field.parse(typed[key], record)
        except ValidationError as error:
            errors[key] = error.messages[0]
            continue
        if field.raw(value) != field.raw(field.standing(record)):
            edit = Edit(record, field, value)
            edits.append(edit)
            _set(record, columns, {**field.columns(found.model, value), **found.also(edit)})
    if errors:
        raise ValidationError(errors)
    if edits and not _update(found, record, columns):
        raise ValidationError(_("ほかの保存と重なりました。もう一度保存します"))
    for edit in edits:
        found.after(edit)
    return bool(edits)


def _set(record: Any, columns: dict[str, Any], new: dict[str, Any]) -> None:
    columns.update(new)
    for name, value in new.items():
        setattr(record, name, value)


def _update(found: Editable, record: Any, values: dict[str, Any]) -> bool:
    """Whether the record still had this version, and took the values."""
    rows = found.model._base_manager.filter(pk=record.pk, version=record.version)
    try:
        with transaction.atomic():
            return bool(rows.update(**values))
    except IntegrityError as error:
        raise Refused.by(found.model, error) from error


class Refused(ValidationError):
    """The database said no: the Japanese sentence that stands beside the constraint, and the fields it is about."""

    fields: list[str]
    is_duplicate: bool

    @classmethod
    def by(cls, model: type[Model], error: IntegrityError) -> "Refused":
        if is_vanished(error):  # nothing that was typed would help
            raise error
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
        for constraint in model._meta.constraints:
            if constraint.name == name:
                refused = cls(str(constraint.get_violation_error_message()))
                refused.is_duplicate = isinstance(constraint, UniqueConstraint)
                refused.fields = [key for key in fields_of(constraint) if key != "tenant"]
                return refused
        refused = cls(_("ほかの値と合わないため、保存できませんでした"))
        refused.is_duplicate, refused.fields = False, []
        return refused


def fields_of(constraint: Any) -> list[str]:
    """The fields that a constraint is about: those of a key, or those that a condition asks something of."""
    if isinstance(constraint, CheckConstraint):
        return list(dict.fromkeys(_asked_of(constraint.condition)))
    return list(getattr(constraint, "fields", ()))


def _asked_of(condition: Any) -> Iterator[str]:
    for child in getattr(condition, "children", ()):
        if isinstance(child, tuple):
            yield child[0].split("__")[0]
        else:
            yield from _asked_of(child)


def _note(mark: Mark, pk: Any, key: str, value: str) -> tuple[Turn, str | None]:
    """Take the mark if it is the newest of its page; also give the value that page stored before without having
    been told so. Waits for a twin that is still at work."""
    place = [current_tenant_id(), mark.editor, pk, key]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO tenants_editormark (tenant_id, version, created_at, editor, record, field, seq, value)
            VALUES (%s, 1, now(), %s, %s, %s, %s, %s)
            ON CONFLICT (tenant_id, editor, record, field) DO UPDATE
              SET seq = excluded.seq, value = excluded.value WHERE tenants_editormark.seq < excluded.seq
            RETURNING CASE WHEN old.seq > %s THEN old.value END
            """,
            [*place, mark.seq, value, mark.answered],
        )
        if row := cursor.fetchone():
            return Turn.NEWEST, row[0]
        cursor.execute(
            "SELECT (seq, value) = (%s, %s) FROM tenants_editormark "
            "WHERE (tenant_id, editor, record, field) = (%s, %s, %s, %s)",
            [mark.seq, value, *place],
        )
        row = cursor.fetchone()
    return (Turn.AGAIN if row and row[0] else Turn.LATE), None
