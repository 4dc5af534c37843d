"""Fields of the sheet without a column, as columns of a file can fill them: the newest edition's (S1 1.42)."""

from django.core.exceptions import ValidationError

from accounts.importing import values
from accounts.importing.fields import Field
from accounts.importing.values import Reader, Reading
from accounts.models import SheetField
from accounts.models.sheet import FieldKind
from accounts.sheet.editions import template
from accounts.sheet.own import AREA, LINE, number


def own_fields() -> list[Field]:
    """One for each field that is asked, found by its name in the heading; the value is kept as text in ``Fact``."""
    return [as_field(field) for field in template().fields if not field.is_column and not field.is_retired]


def as_field(field: SheetField) -> Field:
    reader = reader_of(field)
    return Field(
        field.key,
        field.label,
        lambda unit: reader,
        {field.key: "text"},
        names=(field.label, field.key),
        is_fact=True,
    )


def reader_of(field: SheetField) -> Reader:
    readers: dict[FieldKind, Reader] = {
        FieldKind.TEXT: values.text(LINE),
        FieldKind.AREA: values.text(AREA),
        FieldKind.NUMBER: a_number,
        FieldKind.DATE: values.a_date,
        FieldKind.CHOICE: values.choice({option: (option,) for option in field.options}),
    }
    return readers[FieldKind(field.kind)]


def a_number(raw: str) -> Reading:
    """As it is typed on the page, with decimals."""
    try:
        value = number(raw)
    except ValidationError:
        return Reading(code="number_unreadable")
    return Reading(value) if value else values.NOTHING
