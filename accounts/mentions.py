"""Where a person of a customer stands in what people wrote: looked for in every room, by what the person was called."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any
from urllib.parse import quote_plus
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Account, KeyPerson
from tenants import erasing
from tenants.editing.registry import all_editables
from tenants.erasing import MARK
from tenants.owned import TenantOwned

SHOWN = 100
AROUND = 30  # characters of a text on each side of the name
NAMES = ("name", "kana", "email", "phone")


@dataclass(frozen=True)
class Mention:
    """A record in whose free text the person stands, or stood: then ``record`` is the last state that has the name."""

    model: type[models.Model]
    id: UUID
    record: Any
    excerpts: list[tuple[Any, str]]  # the field's label, and the words around the name

    @property
    def is_past(self) -> bool:
        return type(self.record) is not self.model

    @property
    def label(self) -> str:
        """What screens call such a record; empty where they never name it."""
        found = [found for found in all_editables() if found.model is self.model]
        return str(found[0].label) if found else ""

    @property
    def account_id(self) -> UUID | None:
        """The account it hangs on; settings and saved views hang on none."""
        return self.id if self.model is Account else getattr(self.record, "account_id", None)


def whole_names(person: KeyPerson) -> list[str]:
    """Each name, address and number the person ever had here, with every way to write its space."""
    states = [person, *person.events.all()]  # type: ignore[attr-defined]
    texts = {str(getattr(state, field)).strip().replace("　", " ") for state in states for field in NAMES}
    return longest_first(text.replace(" ", space) for text in texts for space in (" ", "　", ""))


def words_of(person: KeyPerson) -> list[str]:
    """The same, the surname by itself, and all of them as they stand in an address."""
    whole = whole_names(person)
    words = {*whole, *(text.split(" ")[0] for text in whole)}
    return longest_first([*words, *map(quote_plus, words)])


def longest_first(words: Iterable[str]) -> list[str]:
    """One character alone would be found everywhere."""
    known = {word for word in words if len(word) > 1 and word != MARK}
    return sorted(known, key=lambda word: (-len(word), word))


def mentions_of(person: KeyPerson) -> list[Mention]:
    """Records of every room that people write in; one statement for each kind."""
    words = words_of(person)
    return [mention for model in written() for mention in mentions_in(model, words, person)] if words else []


def written() -> list[type[models.Model]]:
    """Every model of which people write texts themselves."""
    kinds = [model for model in apps.get_models() if issubclass(model, TenantOwned)]
    return [model for model in kinds if not model.holds_copies and erasing.free_texts(model)]


def mentions_in(model: type[models.Model], words: list[str], person: KeyPerson) -> Iterator[Mention]:
    """As records stand, in the bin too; then what only history knows: texts written over, records that are gone."""
    seen = {person.pk}
    for record in asked(model._base_manager.exclude(pk=person.pk), words).order_by("-pk")[:SHOWN]:
        seen.add(record.pk)
        yield Mention(model, record.pk, record, excerpts(model, record, words))
    if event := erasing.event_model(model):
        past = asked(event._base_manager.exclude(pgh_obj_id__in=seen), words)
        for state in past.order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id")[:SHOWN]:
            yield Mention(model, state.pgh_obj_id, state, excerpts(model, state, words))


def asked(rows: Any, words: list[str]) -> Any:
    fields = erasing.free_texts(rows.model)
    return rows.filter(reduce(or_, (Q(**{f"{field}__contains": word}) for field in fields for word in words)))


def excerpts(model: type[models.Model], record: Any, words: list[str]) -> list[tuple[Any, str]]:
    found = {
        field: around(str(getattr(record, field) or ""), words) for field in erasing.free_texts(type(record))
    }
    return [(label_of(model, field), text) for field, text in found.items() if text]


def label_of(model: type[models.Model], name: str) -> Any:
    for found in all_editables():
        if found.model is model and name in found.fields:
            return found.fields[name].label
    said = str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return _("文") if said.isascii() else said


def around(text: str, words: list[str]) -> str:
    place = next((text.index(word) for word in words if word in text), None)
    return "" if place is None else " ".join(text[max(place - AROUND, 0) : place + 2 * AROUND].split())
