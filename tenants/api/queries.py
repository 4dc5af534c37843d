"""What narrows a list: by the value of a column, by any of several, from one day to another."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tenants.api.shapes import Schema, Shape, date_shape, of_column, title_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Rows = QuerySet[Any]


@dataclass(frozen=True)
class Query:
    """One parameter of a list: what it looks like, and how it narrows the rows (None: it does not).

    One that may be given several times (``many``) means any of the values, and ``apply`` gets them as a list.
    """

    name: str
    schema: Schema
    apply: Callable[[Rows, Any], Rows] | None
    label: "StrOrPromise" = ""
    many: bool = False


def filter_by(model: Any, name: str, path: str = "", label: "StrOrPromise" = "") -> Query:
    """By the values of a column; ``path`` leads to it where it stands elsewhere (``account__csm``)."""
    path = path or name
    found = column_at(model, path)
    shape = of_column(found)
    kind = shape.schema["type"]
    schema = {**shape.schema, "type": kind[0] if isinstance(kind, list) else kind}
    many = schema["type"] != "boolean"

    def apply(rows: Rows, asked: Any) -> Rows:
        values = asked if many else [asked]
        return rows.filter(**{f"{path}__in": [asked_of(shape, value) for value in values]})

    return Query(name, schema, apply, label or title_of(found), many)


def between(model: Any, name: str) -> Iterator[Query]:
    """``due_on_from`` and ``due_on_to``: from that day on, up to that day; rows without a day are in neither."""
    title = title_of(model._meta.get_field(name))
    for suffix, lookup, words in (("from", "gte", _("{}がこの日から")), ("to", "lte", _("{}がこの日まで"))):
        yield Query(
            f"{name}_{suffix}", date_shape().schema, by_day(f"{name}__{lookup}"), format_lazy(words, title)
        )


def by_day(condition: str) -> Callable[[Rows, str], Rows]:
    return lambda rows, value: rows.filter(**{condition: asked_of(date_shape(), value)})


def asked_of(shape: Shape, value: str) -> Any:
    """The value that stands in a query string; raises ValidationError."""
    asked = shape.asked(value)
    shape.text(asked)
    return asked


def column_at(model: Any, path: str) -> Any:
    *keys, name = path.split("__")
    for key in keys:
        model = model._meta.get_field(key).remote_field.model
    return model._meta.get_field(name)
