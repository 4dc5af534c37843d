"""Keyset paging: the next page starts after the last row of this one, however deep, while rows come and go."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q, QuerySet

SALT = "ui.paging"


@dataclass(frozen=True)
class Page:
    """Rows of one page and the cursors to its neighbours (None at either end)."""

    rows: list[Any]
    after: str | None
    before: str | None


def keyset_page(
    rows: QuerySet[Any],
    *,
    order: Sequence[str],
    after: str | None = None,
    before: str | None = None,
    size: int = 50,
) -> Page:
    """A page of `rows` in `order` (field names, "-" for descending; never null; the last one unique).

    `after` and `before` are cursors of an earlier `Page`; an unreadable one starts from the top.
    """
    back = bool(before)
    position = _read(before or after, len(order))
    direction = [_turned(name) for name in order] if back else list(order)
    found = rows.order_by(*direction)
    if position is not None:
        found = found.filter(_beyond(direction, position))
    window = list(found[: size + 1])
    more, window = len(window) > size, window[:size]
    if back:
        window.reverse()
    has_next, has_previous = (position is not None, more) if back else (more, position is not None)
    return Page(
        rows=window,
        after=_write(window[-1], order) if window and has_next else None,
        before=_write(window[0], order) if window and has_previous else None,
    )


def _beyond(order: Sequence[str], position: Sequence[Any]) -> Q:
    """Rows that come after `position`: a greater first value, or the same and a greater second, …"""
    beyond, same = Q(), Q()
    for name, value in zip(order, position, strict=True):
        field, lookup = (name[1:], "lt") if name.startswith("-") else (name, "gt")
        beyond |= same & Q(**{f"{field}__{lookup}": value})
        same &= Q(**{field: value})
    return beyond


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _write(row: Any, order: Sequence[str]) -> str:
    values = [_value(row, name.lstrip("-")) for name in order]
    return signing.dumps(json.loads(json.dumps(values, cls=DjangoJSONEncoder)), salt=SALT)


def _value(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = row[name] if isinstance(row, dict) else getattr(row, name)
    return row


def _read(cursor: str | None, length: int) -> list[Any] | None:
    try:
        values = signing.loads(cursor or "", salt=SALT)
    except signing.BadSignature:
        return None
    return values if len(values) == length else None
