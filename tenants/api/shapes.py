"""Values between JSON and what a person would type.

The kind of a JSON value is checked here; whether the value itself will do is asked of the editable field, which gets
it as text. So the API has the same rules and the same messages as the pages.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext as _

from tenants.editing.fields import MAX_TEXT, EditField, clean_text, plain_number
from tenants.editing.registry import all_editables

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Schema = dict[str, Any]

UUID_TEXT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I | re.A)
DATE_TEXT = re.compile(r"\d{4}-\d{2}-\d{2}", re.A)
TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
DECIMAL = r"^-?[0-9]{1,13}(\.[0-9]{1,4})?$"
MOST = 10**13 - 1  # what tenants.editing takes for a number


@dataclass(frozen=True)
class Shape:
    """``text`` gives what would be typed for a JSON value, or raises ValidationError; ``dump`` the JSON of a stored
    value; ``asked`` the JSON value that stands in a query string."""

    schema: Schema
    text: Callable[[Any], Any]
    dump: Callable[[Any], Any] = lambda value: value
    asked: Callable[[str], Any] = lambda text: text

    def titled(self, title: Any, description: Any = "") -> "Shape":
        said = {"title": str(title), **({"description": str(description)} if description else {})}
        return Shape({**said, **self.schema}, self.text, self.dump, self.asked)

    def such_as(self, *examples: Any) -> "Shape":
        return Shape({**self.schema, "examples": list(examples)}, self.text, self.dump, self.asked)


def of_field(model: type[models.Model], field: EditField) -> Shape:
    """The shape of an editable field; one that spans columns is sent as its choice."""
    if field.write:
        return nullable(text_shape(MAX_TEXT), dump=lambda value: field.raw(value) or None)
    return of_column(model._meta.get_field(field.key), money=field.widget == "money")


def of_column(column: Any, *, money: bool = False) -> Shape:
    """The shape of one column of a model, by the column's type."""
    if isinstance(column, models.ForeignKey):
        shape = uuid_shape()
    elif column.choices:
        empty = [""] if column.blank else []
        return enum_shape([*(str(value) for value, _label in column.choices), *empty])
    elif isinstance(column, models.BooleanField):
        shape = boolean_shape()
    elif isinstance(column, models.DateTimeField):
        shape = Shape({"type": "string", "format": "date-time"}, _text, _iso)
    elif isinstance(column, models.DateField):
        shape = date_shape()
    elif isinstance(column, models.TimeField):
        shape = Shape({"type": "string", "pattern": TIME}, _time, lambda value: f"{value:%H:%M}")
    elif isinstance(column, models.DecimalField):
        shape = Shape({"type": ["string", "number"], "pattern": DECIMAL}, _decimal, plain_number)
    elif isinstance(column, models.IntegerField):
        shape = whole_shape(*((0, MOST) if money else bounds(column)), suffix="円" if money else "")
    elif isinstance(column, models.JSONField):
        return Shape({"type": "object", "additionalProperties": True}, _text)
    elif isinstance(column, models.UUIDField):
        shape = uuid_shape()
    else:
        shape = text_shape(column.max_length or MAX_TEXT, needed=not column.blank)
    return nullable(shape) if column.null else shape


def of_form_field(field: forms.Field) -> Shape:
    """The shape of what a verb's form asks for."""
    if isinstance(field, forms.DateField):
        return date_shape()
    if isinstance(field, forms.ChoiceField):
        choices = [str(value) for value, _label in field.choices]  # type: ignore[misc, union-attr]
        return enum_shape(choices) if choices else nullable(uuid_shape())
    longest = next((v.limit_value for v in field.validators if isinstance(v, MaxLengthValidator)), MAX_TEXT)
    return text_shape(int(str(longest)), needed=field.required)


def nullable(shape: Shape, dump: Callable[[Any], Any] | None = None) -> Shape:
    kinds = shape.schema["type"]
    kinds = kinds if isinstance(kinds, list) else [kinds]
    show = dump or (lambda value: None if value is None else shape.dump(value))
    return Shape(
        {**shape.schema, "type": kinds if "null" in kinds else [*kinds, "null"]},
        lambda value: "" if value is None else shape.text(value),
        show,
        shape.asked,
    )


def text_shape(longest: int, *, needed: bool = False) -> Shape:
    return Shape({"type": "string", "maxLength": longest, **({"minLength": 1} if needed else {})}, _text)


def enum_shape(values: list[str]) -> Shape:
    def text(value: Any) -> str:
        if not isinstance(value, str) or value not in values:
            raise ValidationError(_("選べる値の中から選んでください"))
        return value

    return Shape({"type": "string", "enum": values}, text)


def uuid_shape() -> Shape:
    return Shape({"type": "string", "format": "uuid"}, _uuid, str)


def date_shape() -> Shape:
    return Shape({"type": "string", "format": "date"}, _date, _iso)


def boolean_shape() -> Shape:
    return Shape({"type": "boolean"}, _boolean, asked=lambda text: {"true": True, "false": False}.get(text))


def whole_shape(lowest: int, highest: int, *, suffix: str = "") -> Shape:
    schema = {"type": "integer", "minimum": lowest, "maximum": highest}
    return Shape(schema, lambda value: f"{_whole(value)}{suffix}")


def list_shape(of: Shape, *, most: int = 100) -> Shape:
    """Several values; the text is a list of texts."""

    def texts(value: Any) -> list[str]:
        if not isinstance(value, list):
            raise ValidationError(_("値を並べて([…])送ってください"))
        if len(value) > most:
            raise ValidationError(_("%(most)s個までです") % {"most": most})
        return [of.text(one) for one in value]

    schema = {"type": "array", "items": of.schema, "maxItems": most}
    return Shape(schema, texts, lambda values: [of.dump(one) for one in values])


def object_shape(shapes: Mapping[str, Shape], value: Callable[[Any, str], Any] = getattr) -> Shape:
    """An object that is only read, of which every key is always there; ``value(record, key)`` gives each."""
    properties = {key: shape.schema for key, shape in shapes.items()}
    schema = {"type": "object", "properties": properties, "required": list(properties)}
    return Shape(schema, _text, lambda record: {k: s.dump(value(record, k)) for k, s in shapes.items()})


def figure_shape(lowest: int | None = None, highest: int | None = None, *, whole: bool = True) -> Shape:
    """A figure that is worked out and only read; null when it is not known."""
    bounds = {k: v for k, v in (("minimum", lowest), ("maximum", highest)) if v is not None}
    schema: Schema = {"type": ["integer" if whole else "number", "null"], **bounds}
    return Shape(schema, _text, lambda value: value if value is None or whole else round(float(value), 4))


def title_of(column: Any) -> "StrOrPromise":
    """What people call a column; a key without a name of its own is called like the kind of record it points at."""
    if column.remote_field and column.verbose_name == column.name.replace("_", " "):
        kinds = {one.model: one.label for one in all_editables()}
        return kinds.get(column.remote_field.model, column.verbose_name)
    return column.verbose_name  # type: ignore[no-any-return]


def bounds(column: Any) -> tuple[int, int]:
    lowest = [v.limit_value for v in column.validators if isinstance(v, MinValueValidator)]
    highest = [v.limit_value for v in column.validators if isinstance(v, MaxValueValidator)]
    return max([-(2**31), *lowest]), min([2**31 - 1, *highest])


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValidationError(_("文字列で送ってください"))
    clean_text(value)
    return value


def _uuid(value: Any) -> str:
    if not isinstance(value, str) or not UUID_TEXT.fullmatch(value):
        raise ValidationError(_("IDの形をしていません"))
    return str(UUID(value))


def _date(value: Any) -> str:
    try:
        if isinstance(value, str) and DATE_TEXT.fullmatch(value):
            return date.fromisoformat(value).isoformat()
    except ValueError:
        pass
    raise ValidationError(_("日付は 2026-11-19 のように送ってください"))


def _time(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(TIME, value):
        raise ValidationError(_("時刻は 13:30 のように送ってください"))
    return value


def _boolean(value: Any) -> str:
    if not isinstance(value, bool):
        raise ValidationError(_("true か false で送ってください"))
    return "yes" if value else "no"


def _whole(value: Any) -> int:
    if isinstance(value, Decimal) and value.copy_abs() <= MOST and value == value.to_integral_value():
        return int(value)  # 21.0 is a whole number in JSON
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValidationError(_("小数のない数で送ってください"))
    if abs(value) > MOST:
        raise ValidationError(_("数が大きすぎます。桁を確かめてください"))
    return value


def _decimal(value: Any) -> str:
    if isinstance(value, str) and re.fullmatch(DECIMAL, value):
        return value
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValidationError(_('数か、"21.5" のような文字列で送ってください'))
    if Decimal(value).copy_abs() > MOST:  # abs() would overflow at 1e999999999
        raise ValidationError(_("数が大きすぎます。桁を確かめてください"))
    return f"{round(Decimal(value), 4):f}"


def _iso(value: date | datetime) -> str:
    return value.isoformat()
