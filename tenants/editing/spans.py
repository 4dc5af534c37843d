"""Days from one to another that two columns hold, moved as one value: "2026-11-01/2027-01-31", either side may be empty."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tenants.editing.fields import EditField, clean_text, parse_date

Span = tuple[date | None, date | None]
SPAN = "period"
"""The field's key. It has no column of its own: it is one of ``Editable.more``, beside the two days."""


def parse_span(text: str) -> Span:
    """Both days, in order; raises ValidationError with a message for the person."""
    first, slash, last = clean_text(text).partition("/")
    if not slash or "/" in last:
        raise ValidationError(_now("期間は 2026-11-01/2027-01-31 のように入力してください"))
    days = parse_date(first), parse_date(last)
    if days[0] and days[1] and days[1] < days[0]:
        raise ValidationError(_now("おわりは、はじめより後にしてください"))
    return days


def raw_span(span: Span) -> str:
    return "/".join(day.isoformat() if day else "" for day in span)


def show_span(span: Span) -> str:
    """2026/11/01–2027/01/31, or one day."""
    days = [f"{day:%Y/%m/%d}" for day in span if day]
    return "–".join(dict.fromkeys(days))


def span_field(
    first: str,
    last: str,
    *,
    action: str = "",
    checked: Callable[[Span, Any], Span] = lambda span, record: span,
) -> EditField:
    """The field that writes the columns ``first`` and ``last`` together; ``checked`` refuses what the record cannot take."""
    return EditField(
        key=SPAN,
        label=_("期間"),
        parse=lambda text, record: checked(parse_span(text), record),
        raw=raw_span,
        show=lambda span, record: show_span(span),
        action=action,
        read=lambda record: (getattr(record, first), getattr(record, last)),
        write=lambda span: {first: span[0], last: span[1]},
    )
