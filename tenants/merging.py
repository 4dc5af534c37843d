"""Two rows of one table become one, with everything that names them, and can be two again. In sets: one UPDATE per key.

What names them is found by looking at the models, so that a new table is covered by being there. Rows that could not
both stand afterwards, because a unique constraint allows one of them, are told before anything is written
(``twins_of``); what is left out is kept as it was in ``Moves.dropped``.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models
from django.db.models import Case, F, Q, When
from psycopg2 import sql

from tenants.history_reading import state
from tenants.owned import TenantOwned
from tenants.scope import current_tenant_id

Model = type[models.Model]
Key = Any  # a models.ForeignKey
Same = dict[Model, dict[UUID, UUID]]
"""By model: the row that goes, and the one that stands for it."""
Gone = Mapping[Model, Mapping[UUID, UUID | None]]
"""The same, where nothing may stand for a row: then nothing names it either."""


@dataclass(frozen=True)
class Twin:
    """Two rows of which only one can stand once their owners are one."""

    model: Model
    kept: UUID
    merged: UUID


@dataclass
class Moves:
    """What was done, as JSON keeps it: which rows were moved from where to where, and copies of those left out."""

    moved: list[dict[str, Any]] = field(default_factory=list)
    dropped: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


def owned() -> list[Model]:
    return [model for model in apps.get_models() if issubclass(model, TenantOwned)]


def keys_to(target: Model) -> Iterator[tuple[Model, Key]]:
    """Every key of every room that names a row of ``target``; history stays as it was written."""
    for model in owned():
        for key in model._meta.local_fields:
            if isinstance(key, models.ForeignKey) and key.remote_field.model is target:
                yield model, key


def everything(model: Any) -> Any:
    return getattr(model, "everything", model._base_manager)


def named(row: models.Model) -> dict[Model, int]:
    """How many rows of which table name ``row``; one statement."""
    found = list(keys_to(type(row)))
    part = "SELECT {n}, count(*) FROM {table} WHERE tenant_id = %(tenant)s AND {column} = %(row)s"
    query = sql.SQL(" UNION ALL ").join(
        sql.SQL(part).format(
            n=sql.Literal(n), table=sql.Identifier(model._meta.db_table), column=sql.Identifier(key.column)
        )
        for n, (model, key) in enumerate(found)
    )
    counted: dict[Model, int] = {}
    with connection.cursor() as db:
        db.execute(query, {"tenant": current_tenant_id(), "row": row.pk})
        for n, count in db.fetchall():
            if count:
                counted[found[n][0]] = counted.get(found[n][0], 0) + count
    return counted


# What cannot stand twice --------------------------------------------------------------------------------------------


def twins_of(kept: models.Model, merged: models.Model) -> list[Twin]:
    """A statement for each unique constraint that names one of what becomes one: first the two, then what their twins own
    (two rows of one fiscal year, and their figures)."""
    same: Same = {type(kept): {merged.pk: kept.pk}}
    found: list[Twin] = []
    asked: set[tuple[Model, str, int]] = set()
    while True:
        new: list[Twin] = []
        for model, constraint in unique_constraints():
            targets = [target for target in named_by(model, constraint).values() if same.get(target)]
            size = sum(len(same[target]) for target in targets)
            if not targets or (model, constraint.name, size) in asked:
                continue
            asked.add((model, constraint.name, size))
            new += doubled(model, constraint, same)
        if not new:
            return found
        found += new


def unique_constraints() -> Iterator[tuple[Model, models.UniqueConstraint]]:
    for model in owned():
        for constraint in model._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint):
                yield model, constraint


def named_by(model: Model, constraint: models.UniqueConstraint) -> dict[str, Model]:
    """The keys in a constraint, and the model each names."""
    columns: list[Any] = [model._meta.get_field(name) for name in constraint.fields]
    return {one.attname: one.remote_field.model for one in columns if isinstance(one, models.ForeignKey)}


def doubled(model: Model, constraint: models.UniqueConstraint, same: Same) -> list[Twin]:
    keys = {name: same[target] for name, target in named_by(model, constraint).items() if same.get(target)}
    names = [model._meta.get_field(name).attname for name in constraint.fields]  # type: ignore[union-attr]
    touched = [Q(**{f"{name}__in": {*gone, *gone.values()}}) for name, gone in keys.items()]
    rows = everything(model).filter(reduce(or_, touched)).filter(constraint.condition or Q()).order_by("pk")
    standing: dict[tuple[Any, ...], list[tuple[bool, UUID]]] = {}
    known = same.setdefault(model, {})
    for pk, *values in rows.values_list("pk", *names):
        if pk in known or (None in values and constraint.nulls_distinct is not False):
            continue
        then = tuple(keys.get(name, {}).get(value, value) for name, value in zip(names, values, strict=True))
        standing.setdefault(then, []).append((then != tuple(values), pk))
    found = []
    for group in standing.values():
        (_moves, stays), *others = sorted(group)
        for _moves, goes in others:
            known[goes] = stays
            found.append(Twin(model, stays, goes))
    return found


# There ----------------------------------------------------------------------------------------------------------------


def merge_rows(kept: models.Model, merged: models.Model, gone: Gone) -> Moves:
    """Everything that named ``merged`` names ``kept``. ``gone`` are the twins that go, by model, each with the one that
    stands for it; ``merged`` itself goes last."""
    made = Moves()
    root: Gone = {type(merged): {merged.pk: kept.pk}}
    for model, same in sorted_leaves_first({**gone, **root}):
        repoint(model, {old: new for old, new in same.items() if new}, made)
        made.dropped[model._meta.label] = copies_of(model, same)
        everything(model).filter(pk__in=list(same))._raw_delete("default")
    return made


def sorted_leaves_first(gone: Gone) -> list[tuple[Model, Mapping[UUID, UUID | None]]]:
    return [(model, gone[model]) for model in leaves_first(gone) if gone[model]]


def leaves_first(wanted: Collection[Model]) -> list[Model]:
    """Rows before the rows that they name."""
    ordered: list[Model] = []

    def visit(model: Model, above: tuple[Model, ...] = ()) -> None:
        if model in ordered or model in above:
            return
        for below, _key in keys_to(model):
            visit(below, (*above, model))
        ordered.append(model)

    for model in sorted(wanted, key=lambda model: model._meta.label):
        visit(model)
    return [model for model in ordered if model in wanted]


def repoint(target: Model, same: Mapping[UUID, UUID], made: Moves) -> None:
    for model, key in keys_to(target):
        rows = everything(model).filter(**{f"{key.attname}__in": list(same)})
        found = list(rows.values_list("pk", key.attname))
        if not found:
            continue
        to = {pk: same[old] for pk, old in found}
        itself = {pk for pk in to if model is target and to[pk] == pk}  # below what it now is
        cases = [When(**{key.attname: old}, then=new) for old, new in same.items()]
        rows.exclude(pk__in=itself).update(**{key.attname: Case(*cases, default=F(key.attname))})
        rows.filter(pk__in=itself).update(**{key.attname: None})
        note(made, model, key, [(pk, old, None if pk in itself else to[pk]) for pk, old in found])


def note(made: Moves, model: Model, key: Key, found: Iterable[tuple[UUID, UUID, UUID | None]]) -> None:
    by_way: dict[tuple[UUID, UUID | None], list[str]] = {}
    for pk, old, new in found:
        by_way.setdefault((old, new), []).append(str(pk))
    for (old, new), ids in by_way.items():
        way = {"table": model._meta.label, "key": key.attname, "old": str(old), "new": new and str(new)}
        made.moved.append({**way, "ids": ids})


def copies_of(model: Model, ids: Iterable[UUID]) -> list[dict[str, Any]]:
    """The rows as their columns are, but for those that PostgreSQL makes."""
    query = sql.SQL(
        "SELECT to_jsonb(t)::text FROM {table} AS t WHERE tenant_id = %s AND id = ANY(%s::uuid[])"
    )
    with connection.cursor() as db:
        table = sql.Identifier(model._meta.db_table)
        db.execute(query.format(table=table), [current_tenant_id(), [str(pk) for pk in ids]])
        rows = [json.loads(text) for (text,) in db.fetchall()]
    made = {one.column for one in model._meta.local_fields if isinstance(one, models.GeneratedField)}
    return [{name: value for name, value in row.items() if name not in made} for row in rows]


# And back -------------------------------------------------------------------------------------------------------------


def take_back(made: Moves, root: Model) -> None:
    """Two again: the way there, backwards. What was moved on or removed since then stays so."""
    for model in reversed(leaves_first(models_in(made))):
        everything(model).bulk_create(rows_of(model, made), ignore_conflicts=model is not root)
        for way in made.moved:
            if key_of(way).remote_field.model is model:
                move_back(way)


def models_in(made: Moves) -> set[Model]:
    return {apps.get_model(label) for label in made.dropped}


def key_of(way: Mapping[str, Any]) -> Key:
    model = apps.get_model(way["table"])
    return next(key for key in model._meta.local_fields if key.attname == way["key"])


def move_back(way: Mapping[str, Any]) -> None:
    rows = everything(apps.get_model(way["table"])).filter(pk__in=way["ids"], **{way["key"]: way["new"]})
    rows.update(**{way["key"]: way["old"]})


def rows_of(model: Model, made: Moves) -> list[Any]:
    return [state(model, row) for row in made.dropped[model._meta.label]]
