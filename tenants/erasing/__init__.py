"""Erasing: a tenant with everything it has, or one person from records and from history.

A room says which of its models are persons::

    erasing.register(KeyPerson, called_by=("name", "kana", "email", "phone"))

Each model that is a person, or points at one, says by ``personal_fields`` which of its texts are about the person: those
are blotted out in history. Nobody but the function of ``door`` can do that, and it does nothing else.
"""

from dataclasses import dataclass

from django.apps import apps
from django.db import models

MARK = "消去済み"
SENTENCE = 20  # characters


@dataclass(frozen=True)
class PersonKind:
    """A model whose rows are people; ``called_by`` are the fields by which others may have written of them."""

    model: type[models.Model]
    called_by: tuple[str, ...]


_persons: dict[type[models.Model], PersonKind] = {}


def register(model: type[models.Model], *, called_by: tuple[str, ...]) -> None:
    _persons[model] = PersonKind(model, called_by)


def person_kinds() -> list[PersonKind]:
    return list(_persons.values())


def links_to(person: type[models.Model]) -> dict[type[models.Model], list[models.ForeignKey]]:
    """Every model that points at ``person``, by which of its keys. Events point at nothing."""
    found: dict[type[models.Model], list[models.ForeignKey]] = {}
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if hasattr(model, "pgh_tracked_model") or not isinstance(field, models.ForeignKey):
                continue
            if field.remote_field.model is person:
                found.setdefault(model, []).append(field)
    return found


def free_texts(model: type[models.Model]) -> list[str]:
    """The fields long enough for a name; codes are shorter."""
    return [
        field.name
        for field in model._meta.local_fields
        if isinstance(field, models.CharField | models.TextField)
        and not field.choices
        and (field.max_length or SENTENCE) >= SENTENCE
        and field.name != "deleted_by"
        and not field.name.startswith("pgh_")
    ]


def event_model(model: type[models.Model]) -> type[models.Model] | None:
    """The history of ``model``, if it keeps one."""
    return model._meta.get_field("events").related_model if hasattr(model, "events") else None  # type: ignore[return-value]


def column(model: type[models.Model], field: str) -> str:
    """The field's column, quoted."""
    return f'"{model._meta.get_field(field).column}"'  # type: ignore[union-attr]
