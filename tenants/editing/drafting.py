"""A record about to be made: the same fields, the same parsing and the same messages as editing in place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tenants.editing.fields import Choice
from tenants.editing.registry import Editable
from tenants.editing.saving import Refused

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Input:
    """One field of a form that makes a record: what was typed stays, the message stands beside it."""

    name: str
    label: "StrOrPromise"
    widget: str
    value: str
    choices: Sequence[Choice]
    needed: bool
    help: "StrOrPromise"
    error: str


class Draft:
    """``typed`` is what came from the form (``request.POST``), or the first values of an empty form.

    ``like`` is a record that is not saved yet: choices that depend on a record, such as the people of one account,
    read from it.
    """

    def __init__(
        self, found: Editable, keys: Sequence[str], typed: Mapping[str, str] | None = None, like: Any = None
    ) -> None:
        self.found, self.keys, self.typed = found, keys, typed or {}
        self.like = like if like is not None else found.model()
        self.values: dict[str, Any] = {}
        self.errors: dict[str, str] = {}
        self.refused: Refused | None = None

    @property
    def inputs(self) -> list[Input]:
        return [self.input(key) for key in self.keys]

    def input(self, key: str) -> Input:
        field = self.found.fields[key]
        column: Any = self.found.model._meta.get_field(key)
        needed = not column.blank and not column.has_default()
        choices = [c for c in field.choices(self.like) if c[0] or not needed] if field.choices else []
        value = self.typed.get(key, "")
        return Input(
            key, field.label, field.widget, value, choices, needed, field.help, self.errors.get(key, "")
        )

    def is_valid(self) -> bool:
        self.values, self.errors = {}, {}
        for key in self.keys:
            field = self.found.fields[key]
            column: Any = self.found.model._meta.get_field(key)
            typed = self.typed.get(key, "")
            if not typed.strip() and (column.has_default() or column.null):
                continue  # the model knows what stands there when nobody says anything
            try:
                value = field.parse(typed, self.like)
            except ValidationError as error:
                self.errors[key] = error.messages[0]
                continue
            for name, part in field.columns(self.found.model, value).items():
                self.values[name] = part
                setattr(self.like, name, part)  # a closing day asks for its month
        return not self.errors

    def create(self, **fixed: Any) -> Any:
        """The new record; None when something typed does not do, with ``errors`` saying what (``""``: all of it)."""
        if not self.is_valid():
            return None
        try:
            with transaction.atomic():
                return self.found.model._base_manager.create(**{**self.values, **fixed})
        except IntegrityError as error:
            self.refused = Refused.by(self.found.model, error)
            self.errors[""] = self.refused.messages[0]
            return None

    @property
    def problem(self) -> str:
        """What is wrong with the record as a whole."""
        return self.errors.get("", "")

    @property
    def problems(self) -> str:
        """Everything that is wrong, in one line, for forms of one line."""
        labels = {key: f"{self.found.fields[key].label}: " for key in self.errors if key}
        return "。".join(f"{labels.get(key, '')}{text}" for key, text in self.errors.items())
