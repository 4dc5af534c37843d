"""Small pieces of date arithmetic that PostgreSQL does and the ORM has no name for."""

from datetime import date
from typing import Any

from django.db.models import DateField, ExpressionWrapper, Func, Value
from django.db.models.expressions import Combinable


def days_before(day: date, days: Any) -> ExpressionWrapper:
    return ExpressionWrapper(Value(day, output_field=DateField()) - days, output_field=DateField())


def days_after(day: date, days: Any) -> ExpressionWrapper:
    return ExpressionWrapper(Value(day, output_field=DateField()) + days, output_field=DateField())


class MonthsBefore(Func):
    """So many months before a date, moved back to the month's last day where it has none (``fiscal.months_before``)."""

    template = "(%(expressions)s))::date"
    arg_joiner = " - make_interval(months => "
    output_field = DateField()

    def __init__(self, day: Combinable, months: Combinable) -> None:
        super().__init__(day, months)
