"""What a room declares about one kind of record; URLs, permissions, bodies and OpenAPI are made from it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from tenants.api.problems import Fault, Problem
from tenants.api.queries import Query, Rows
from tenants.api.shapes import Schema, Shape, of_column, of_field, of_form_field, title_of
from tenants.editing.drafting import Draft
from tenants.editing.fields import EditField
from tenants.editing.registry import Editable
from tenants.owned import Binned

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from tenants.models import Membership

FRAME = {
    "id": _("ID"),
    "version": _("版。変わるたびに1つ増えます"),
    "created_at": _("作った時刻"),
    "updated_at": _("最後に変わった時刻"),
    "deleted_at": _("ごみ箱に入れた時刻"),
}


@dataclass(frozen=True)
class Shown:
    """Something of a record that is read and never written."""

    shape: Shape
    value: Callable[[Any], Any]

    def dump(self, record: Any) -> Any:
        return self.shape.dump(self.value(record))


def column(model: type[models.Model], key: str, title: "StrOrPromise" = "") -> Shown:
    """A column of the record, as it stands there."""
    found: Any = model._meta.get_field(key)
    shape = of_column(found).titled(title or title_of(found))
    return Shown(shape, lambda record: getattr(record, found.attname))


@dataclass
class New:
    """A record about to be made. ``texts`` is what was sent, as somebody would have typed it; ``draft`` makes it."""

    draft: Draft
    texts: dict[str, Any]
    parent: Any
    member: Any

    def create(self, **fixed: Any) -> Any:
        """The new record; raises Problem naming the fields that will not do."""
        made = self.draft.create(**fixed)
        if made is not None:
            return made
        if refused := self.draft.refused:
            raise refusal(refused)
        raise Problem.invalid(*(Fault.at(key, text) for key, text in self.draft.errors.items()))


def refusal(refused: Any) -> Problem:
    """The database said no: 409 when another record has that value already, else 400."""
    faults = [Fault.at(key, refused.messages[0]) for key in refused.fields]
    if refused.is_duplicate:
        return Problem(409, "duplicate", refused.messages[0], faults)
    return Problem.invalid(*(faults or [Fault("", refused.messages[0])]))


@dataclass(frozen=True)
class Adding:
    """How a record is made. ``parent`` is the key in the body that names what it is added to, with its model.

    ``action`` is asked of the parent. ``freely`` are the fields that the page's own form offers to everybody who may
    add; a field that needs more to be edited needs it here, too. ``inputs`` are keys beyond the editable fields;
    without those in ``needs`` no record is made.
    """

    action: str
    parent: str = ""
    parent_model: Any = None
    freely: Sequence[str] = ()
    inputs: Mapping[str, Shape] = field(default_factory=dict)
    needs: Sequence[str] = ()
    make: Callable[[New], Any] = lambda new: new.create()


@dataclass(frozen=True)
class Verb:
    """Something done to a record that is not writing a field. ``form`` is the one that the page uses; ``also_needed``
    are keys that it may leave empty, but that have to be sent."""

    name: str
    action: str
    run: Callable[[Any, dict[str, Any]], Any]
    label: "StrOrPromise"
    form: type[forms.Form] | None = None
    also_needed: Sequence[str] = ()

    @cached_property
    def inputs(self) -> dict[str, Shape]:
        fields = self.form.base_fields if self.form else {}
        return {key: of_form_field(found).titled(found.label or key) for key, found in fields.items()}

    @property
    def needed(self) -> list[str]:
        fields = self.form.base_fields if self.form else {}
        return [key for key, found in fields.items() if found.required or key in self.also_needed]


@dataclass(frozen=True)
class Part:
    """A key that is written beside the columns, such as who took part: ``write(record, texts)``."""

    shape: Shape
    value: Callable[[Any], Any]
    write: Callable[[Any, Any], None]


@dataclass(frozen=True)
class Resource:
    """``name`` is the plural in the URL; ``found`` gives the fields that are written, but for those in ``without``.

    ``visible`` narrows rows to those a member sees, ``rows`` reads along what ``shows`` needs. ``alone`` is told when
    one record is read: in a list it would cost statements for each row. ``content`` gives the file that a record is of.
    """

    name: str
    model: Any
    label: "StrOrPromise"
    reads: str
    lists: str
    found: Editable | None = None
    without: Sequence[str] = ()
    shapes: Mapping[str, Shape] = field(default_factory=dict)  # of fields whose column says too little
    shows: Mapping[str, Shown] = field(default_factory=dict)
    alone: Mapping[str, Shown] = field(default_factory=dict)
    parts: Mapping[str, Part] = field(default_factory=dict)
    filters: Sequence[str] = ()
    queries: Sequence[Query] = ()
    matching: Callable[[Rows, str], Rows] | None = None
    visible: Callable[[Rows, "Membership"], Rows] = lambda rows, member: rows
    rows: Callable[[Rows], Rows] = lambda rows: rows
    adds: Adding | None = None
    verbs: Sequence[Verb] = ()
    content: Callable[[Any], HttpResponse] | None = None
    has_version: bool = True

    @property
    def component(self) -> str:
        return str(self.model.__name__)

    @property
    def is_binned(self) -> bool:
        return self.found is not None and issubclass(self.model, Binned)

    @property
    def has_external_id(self) -> bool:
        return self.adds is not None and "external_id" in self.fields

    @cached_property
    def fields(self) -> dict[str, EditField]:
        """The editable fields that the API writes, in their order."""
        fields = self.found.fields if self.found else {}
        return {key: one for key, one in fields.items() if key not in self.without}

    @cached_property
    def written(self) -> dict[str, Shape]:
        """The keys that a body may carry for an existing record: the editable fields and parts."""
        shapes = {
            key: (self.shapes.get(key) or of_field(self.model, one)).titled(one.label, one.help or one.hint)
            for key, one in self.fields.items()
        }
        return {**shapes, **{key: part.shape for key, part in self.parts.items()}}

    @cached_property
    def fixed(self) -> dict[str, Shape]:
        """The keys that only a new record takes: what it hangs on, and inputs beyond the editable fields."""
        if self.adds is None:
            return {}
        key = self.adds.parent
        parent = (
            {
                key: of_column(self.model._meta.get_field(key)).titled(
                    title_of(self.model._meta.get_field(key))
                )
            }
            if key
            else {}
        )
        return {**parent, **self.adds.inputs}

    @cached_property
    def creatable(self) -> dict[str, Shape]:
        """The keys that a body may carry for a new record."""
        return {**self.fixed, **self.written} if self.adds else {}

    @cached_property
    def needed(self) -> list[str]:
        """The keys without which no record is made."""
        if self.adds is None or self.found is None:
            return []
        asked = [key for key in self.fields if _is_needed(self.model._meta.get_field(key))]
        return [*([self.adds.parent] if self.adds.parent else []), *self.adds.needs, *asked]

    @cached_property
    def schema(self) -> Schema:
        """OpenAPI of one record as it is read."""
        shown = {key: one.shape for key, one in {**self.shows, **self.alone}.items()}
        shapes = {**self._frame, **shown, **self.written}
        properties = {key: shape.schema for key, shape in shapes.items()}
        for key in properties.keys() - self.written.keys():
            properties[key] = {**properties[key], "readOnly": True}
        always = [key for key in properties if key not in self.alone]
        return {"type": "object", "properties": properties, "required": always}

    @cached_property
    def _frame(self) -> dict[str, Shape]:
        keys = ["id", *(["version", "created_at", "updated_at"] if self.has_version else [])]
        keys += ["deleted_at"] if self.is_binned else []
        return {key: of_column(self.model._meta.get_field(key)).titled(FRAME[key]) for key in keys}

    def dump(self, record: Any, *, in_list: bool = False) -> dict[str, Any]:
        """One record as JSON."""
        shown = self.shows if in_list else {**self.shows, **self.alone}
        return {
            **{key: shape.dump(getattr(record, key)) for key, shape in self._frame.items()},
            **{key: one.dump(record) for key, one in shown.items()},
            **{key: self.written[key].dump(one.standing(record)) for key, one in self.fields.items()},
            **{key: part.shape.dump(part.value(record)) for key, part in self.parts.items()},
        }


def _is_needed(column: Any) -> bool:
    return not (column.blank or column.null or column.has_default())
