"""Composed SQL is made and executed here: an INSERT … SELECT from a queryset, for work on whole sets."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import Func, Model, QuerySet, TextField
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast
from django.utils import timezone


def insert_from(
    model: type[Model],
    names: Sequence[str],
    source: str,
    *,
    conflict: str,
    update: str = "",
    returning: str = "id",
) -> tuple[str, list[Any]]:
    """``INSERT … SELECT`` of the columns ``names`` of ``source``, a table or a query in brackets, with its parameters.

    ``conflict`` lists the columns of the unique key; without ``update`` a row that is there already is left alone.
    Columns that are not named get the model's defaults, whose parameters come before those of ``source``.
    """
    constants = defaults(model, names)
    columns = [*map(quoted, names), *map(quoted, constants)]
    placeholders = "".join(f", %s::{db_type}" for _value, db_type in constants.values())
    # The derived table keeps the names apart from the aliases inside; its columns are read by name, never by place.
    picked = ", ".join(f"picked.{quoted(name)}" for name in names)
    action = f"DO UPDATE SET {update}" if update else "DO NOTHING"
    sql = (
        f"INSERT INTO {quoted(model._meta.db_table)} AS kept ({', '.join(columns)}) "
        f"SELECT {picked}{placeholders} FROM {source} AS picked "
        f"ON CONFLICT ({conflict}) {action} RETURNING {returning}"
    )
    return sql, [value for value, _type in constants.values()]


def compiled(rows: QuerySet[Any]) -> tuple[str, list[Any]]:
    """A queryset as SQL to be put into a larger statement."""
    sql, params = rows.query.sql_with_params()
    return sql, list(params)


def looked_up(rows: QuerySet[Any], key: Any, field: Any) -> Func:
    """The ``value`` of the row whose ``key`` is that one; ``rows`` have these two columns and name each key once.

    Worked out for all rows at once: in a large set a sub-query for each row costs twenty times as much.
    """
    sql, params = compiled(rows)
    table = RawSQL(f"SELECT jsonb_object_agg(told.key, told.value) FROM ({sql}) AS told", params)  # noqa: S608, S611
    template = f"(%(expressions)s)::{field.db_type(connection)}"
    return Func(table, Cast(key, TextField()), template=template, arg_joiner=" ->> ", output_field=field)


@contextmanager
def whole_sets() -> Iterator[None]:
    """Inside a transaction: join sets as sets, never row by row. Of tables that were just filled the planner knows nothing
    and would compare every row with every other."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = on")


def execute(sql: str, params: Sequence[Any]) -> int:
    """Run composed SQL; gives how many rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


def fetched(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run composed SQL; gives the rows it answers with."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def defaults(model: type[Model], given: Sequence[str]) -> dict[str, tuple[Any, str | None]]:
    """Column → (default, type) for every column that the database does not fill by itself."""
    now, found = timezone.now(), {}
    field: Any
    for field in model._meta.local_concrete_fields:
        if field.column in given or field.null or field.has_db_default() or field.generated:
            continue
        value = now if field.name == "created_at" else field.get_default()
        found[field.column] = (field.get_db_prep_save(value, connection), field.db_type(connection))
    return found


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)
