"""Which records are edited in place. Rooms register theirs; URLs, history and permissions follow by themselves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models

from tenants.editing.fields import EditField
from tenants.owned import Binned
from tenants.permissions import REACH

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Edit:
    """One field about to be written: rooms add columns to ``also`` or write beside it in ``after``."""

    record: Any
    field: EditField
    value: Any


@dataclass(frozen=True)
class Editable:
    kind: str
    model: type[models.Model]
    action: str
    fields: dict[str, EditField]
    label: "StrOrPromise"
    also: Callable[[Edit], dict[str, Any]]
    after: Callable[[Edit], None]
    removal: str
    called: Callable[[Any], str]
    more: Callable[[Any], Mapping[str, EditField]] = lambda record: {}
    way_back: Callable[[Any], str] = lambda record: ""

    def field(self, key: str, record: Any) -> EditField | None:
        """The field of this name: of every record of the kind, or of this one."""
        return self.fields.get(key) or self.more(record).get(key)

    @property
    def is_binned(self) -> bool:
        return issubclass(self.model, Binned)


_editables: dict[str, Editable] = {}


def register(
    kind: str,
    model: type[models.Model],
    *fields: EditField,
    action: str,
    label: "StrOrPromise" = "",
    also: Callable[[Edit], dict[str, Any]] = lambda edit: {},
    after: Callable[[Edit], None] = lambda edit: None,
    removal: str = "",
    called: Callable[[Any], str] = str,
    more: Callable[[Any], Mapping[str, EditField]] = lambda record: {},
    way_back: Callable[[Any], str] = lambda record: "",
) -> Editable:
    """``also`` gives further columns for the same UPDATE; ``after`` writes beside it in the same transaction.

    ``removal`` is the action that puts a record into the bin and takes it out again (default: the one that edits);
    ``called`` names a record in history and in the bin. ``more`` are fields that only some records have, by what their
    tenant asks. ``way_back`` is the page that helps where a record cannot simply come out of the bin again.
    """
    removal = removal or action
    assert {action, removal} <= REACH.keys(), (action, removal)
    by_key = {field.key: field for field in fields}
    _editables[kind] = Editable(
        kind,
        model,
        action,
        by_key,
        label or model._meta.verbose_name or kind,
        also,
        after,
        removal,
        called,
        more,
        way_back,
    )
    return _editables[kind]


def editable(kind: str) -> Editable:
    return _editables[kind]


def all_editables() -> list[Editable]:
    return list(_editables.values())


def editable_of(record: models.Model) -> Editable:
    return next(found for found in _editables.values() if found.model is type(record))
