"""Small pieces of date arithmetic that PostgreSQL does and the ORM has no name for."""

from datetime import date
from typing import Any

from django.db.models import DateField, ExpressionWrapper, Func, IntegerField, Value


def days_before(day: date, days: Any) -> ExpressionWrapper:
    return ExpressionWrapper(Value(day, output_field=DateField()) - days, output_field=DateField())


def days_after(day: date, days: Any) -> ExpressionWrapper:
    return ExpressionWrapper(Value(day, output_field=DateField()) + days, output_field=DateField())


class DaysBetween(Func):
    """How many days lie between two dates; a whole number, unlike the interval the ORM would make of it."""

    template = "(%(expressions)s)"
    arg_joiner = " - "
    output_field = IntegerField()

    def __init__(self, later: Any, earlier: Any) -> None:
        super().__init__(as_date(later), as_date(earlier))


def as_date(day: Any) -> Any:
    return Value(day, output_field=DateField()) if isinstance(day, date) else day


class EarlierOf(Func):
    """The earlier of some days; what is not known does not count."""

    function = "LEAST"
    output_field = DateField()


class LaterOf(EarlierOf):
    """The later of some days; what is not known does not count."""

    function = "GREATEST"


class MonthsBefore(Func):
    """So many months before a date, moved back to the month's last day where it has none (``fiscal.months_before``)."""

    template = "(%(expressions)s))::date"
    arg_joiner = " - make_interval(months => "
    output_field = DateField()

    def __init__(self, day: Any, months: Any) -> None:
        super().__init__(as_date(day), months)


class MonthsAfter(MonthsBefore):
    """So many months after a date, moved back to the month's last day where it has none (``fiscal.months_after``)."""

    arg_joiner = " + make_interval(months => "
