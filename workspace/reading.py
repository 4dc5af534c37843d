"""Several small answers in one statement: counts, names and totals that every page needs must not cost one each."""

import json
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet, Value

CAP = 1000
"""Nobody acts on the difference between 1,001 and 4,812: beyond this a count says 1,000+."""


@dataclass(frozen=True)
class Part:
    """A scalar sub-select that gives one JSON value."""

    sql: str
    params: tuple[Any, ...]


def listed(rows: QuerySet[Any]) -> Part:
    """All rows of a ``values()`` query as a list of dictionaries."""
    sql, params = rows.query.sql_with_params()
    return Part(f"(SELECT coalesce(json_agg(row_to_json(part)), '[]') FROM ({sql}) AS part)", params)


def counted(rows: QuerySet[Any], *flags: str, total: str = "") -> Part:
    """How many rows there are (``n``, at most CAP + 1), how many carry each boolean annotation, the sum of ``total``."""
    columns = [*flags, total] if total else list(flags)
    sql, params = rows.order_by().values(*columns, row=Value(1))[: CAP + 1].query.sql_with_params()
    figures = ["'n', count(*)", *(f"'{flag}', count(*) FILTER (WHERE part.{flag})" for flag in flags)]
    if total:
        figures.append(f"'{total}', coalesce(sum(part.{total}), 0)")
    return Part(f"(SELECT json_build_object({', '.join(figures)}) FROM ({sql}) AS part)", params)


def read_at_once(**parts: Part) -> dict[str, Any]:
    """The value of each part under its name, by one statement."""
    if not parts:
        return {}
    sql = ", ".join(part.sql for part in parts.values())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql}", [value for part in parts.values() for value in part.params])
        row = cursor.fetchone()
    values = (json.loads(value) if isinstance(value, str) else value for value in row)
    return dict(zip(parts, values, strict=True))


def said(count: int) -> str:
    """7, or 1,000+ beyond the cap."""
    return f"{CAP:,}+" if count > CAP else f"{count:,}"
