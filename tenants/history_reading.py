"""Reading history: who changed which field of a record, from what to what.

Every recorded table has its own table of events. What happened to an account and to everything on it is one statement
over all of them, newest first; ``pgh_id`` sorts by time and is the cursor.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import zip_longest
from typing import Any
from uuid import UUID

from django.db import connection, models
from psycopg2 import sql

from tenants.actors import Actor, actors_of
from tenants.editing.fields import EditField
from tenants.editing.registry import Editable, all_editables
from tenants.scope import current_tenant_id

RECENT = 50
MADE, SET, BINNED, RESTORED, GONE = "made", "set", "binned", "restored", "gone"


@dataclass(frozen=True)
class Event:
    """One write to one record: the state after it, and the state before it unless the record was made by it."""

    found: Editable
    id: UUID
    at: datetime
    by: str
    request: str
    label: str
    record_id: UUID
    after: dict[str, Any]
    before: dict[str, Any] | None

    @property
    def what(self) -> str:
        if self.label == "insert":
            return MADE
        if self.label == "delete":
            return GONE
        binned = [bool((state or {}).get("deleted_at")) for state in (self.before, self.after)]
        return {(False, True): BINNED, (True, False): RESTORED}.get((binned[0], binned[1]), SET)


@dataclass(frozen=True)
class Change:
    """One line of a history: a field with its two values in the field's own words, or a record made or binned."""

    event: Event
    what: str
    by: Actor
    subject: str
    field: EditField | None = None
    before: str = ""
    after: str = ""

    @property
    def id(self) -> str:
        return f"{self.event.id}-{self.field.key}" if self.field else str(self.event.id)


def recorded_kinds(parent: type[models.Model]) -> list[Editable]:
    """The kinds whose history belongs to ``parent``: itself, and what hangs on it by ``account``."""
    return [found for found in all_editables() if link(found, parent) and hasattr(found.model, "events")]


def link(found: Editable, parent: type[models.Model]) -> str:
    """The column of the events by which they belong to a row of ``parent``; empty when they do not."""
    if found.model is parent:
        return "pgh_obj_id"
    keys: list[Any] = [field for field in found.model._meta.local_fields if field.name == "account"]
    return keys[0].column if keys and keys[0].remote_field.model is parent else ""


def event_model(model: type[models.Model]) -> type[models.Model]:
    events: Any = model._meta.get_field("events")
    return events.related_model  # type: ignore[no-any-return]


PART = """
(SELECT {kind} AS kind, e.pgh_id, e.pgh_created_at, e.pgh_actor, e.pgh_request, e.pgh_label, e.pgh_obj_id,
  to_jsonb(e)::text AS after,
  (SELECT to_jsonb(b)::text FROM {table} AS b
   WHERE b.tenant_id = e.tenant_id AND b.pgh_obj_id = e.pgh_obj_id AND b.pgh_id < e.pgh_id
   ORDER BY b.pgh_created_at DESC, b.pgh_id DESC LIMIT 1) AS before
 FROM {table} AS e
 WHERE e.tenant_id = %(tenant)s AND {belongs}
   AND (%(cursor)s::uuid IS NULL OR e.pgh_id < %(cursor)s::uuid) AND e.pgh_actor LIKE %(who)s
 ORDER BY e.pgh_id DESC LIMIT %(size)s)
"""
COUNT = """
(SELECT e.pgh_actor, e.pgh_created_at, coalesce(nullif(e.pgh_request, ''), e.pgh_id::text) AS save
 FROM {table} AS e WHERE e.tenant_id = %(tenant)s AND {belongs})
"""


@dataclass(frozen=True)
class Beside:
    """For a record that others became part of: their ids, under which the past of what hangs on it was written; and the
    requests that only moved it here, which are told otherwise."""

    ids: Sequence[UUID] = ()
    moves: Sequence[str] = ()


def events_about(
    record: models.Model,
    *,
    who: str = "",
    cursor: UUID | None = None,
    size: int = RECENT,
    beside: Beside = Beside(),  # noqa: B008  frozen
) -> list[Event]:
    """What happened to ``record`` and everything on it, newest first. ``who`` is the kind of actor, or everybody."""
    kinds = {found.kind: found for found in recorded_kinds(type(record))}
    query = union(PART, type(record), kinds.values(), beside) + sql.SQL(
        " ORDER BY pgh_id DESC LIMIT %(size)s"
    )
    values = {
        "tenant": current_tenant_id(),
        "parent": record.pk,
        "cursor": cursor,
        "who": f"{who}%",
        "size": size,
        "beside": [str(record.pk), *map(str, beside.ids)],
        "moves": list(beside.moves),
    }
    with connection.cursor() as db:
        db.execute(query, values)
        return [
            Event(kinds[kind], *rest, json_of(after), before and json_of(before))  # type: ignore[call-arg]
            for kind, *rest, after, before in db.fetchall()
        ]


def union(
    part: str,
    parent: type[models.Model],
    kinds: Iterable[Editable],
    beside: Beside = Beside(),  # noqa: B008  frozen
) -> Any:
    return sql.SQL(" UNION ALL ").join(
        sql.SQL(part).format(
            kind=sql.Literal(found.kind),
            table=sql.Identifier(event_model(found.model)._meta.db_table),
            belongs=belongs(found, parent, beside),
        )
        for found in kinds
    )


def belongs(found: Editable, parent: type[models.Model], beside: Beside) -> Any:
    """The condition on the events of one kind. One id is looked up along the index, newest first."""
    parts = [
        "e.{link} = ANY(%(beside)s::uuid[])" if hangs(found, parent, beside.ids) else "e.{link} = %(parent)s"
    ]
    if hangs(found, parent, beside.moves):
        parts.append("e.pgh_request <> ALL(%(moves)s::text[])")
    return sql.SQL(" AND ".join(parts)).format(link=sql.Identifier(link(found, parent)))


def hangs(found: Editable, parent: type[models.Model], given: Sequence[Any]) -> bool:
    return bool(given) and found.model is not parent


def json_of(text: str) -> dict[str, Any]:
    return json.loads(text, parse_float=Decimal)


@dataclass(frozen=True)
class Count:
    """How often somebody saved: ever, and since a day."""

    actor: str
    ever: int
    recently: int
    first: datetime


def counts_about(record: models.Model, since: datetime) -> list[Count]:
    """Who saved how often; one save may touch several rows, and is counted once."""
    inner = union(COUNT, type(record), recorded_kinds(type(record)))
    query = sql.SQL(
        "SELECT pgh_actor, count(DISTINCT save), count(DISTINCT save) FILTER (WHERE pgh_created_at >= %(since)s),"
        " min(pgh_created_at) FROM ({inner}) AS events GROUP BY pgh_actor ORDER BY 2 DESC"
    ).format(inner=inner)
    with connection.cursor() as db:
        db.execute(query, {"tenant": current_tenant_id(), "parent": record.pk, "since": since})
        return [Count(*row) for row in db.fetchall()]


def changes_of(events: Iterable[Event]) -> list[Change]:
    """The lines of a history: one per field that changed. Columns that nobody edits do not appear."""
    events = list(events)
    actors = actors_of(event.by for event in events)
    return [change for event in events for change in lines_of(event, actors[event.by])]


def lines_of(event: Event, by: Actor) -> list[Change]:
    record = state(event.found.model, event.after)
    subject = event.found.called(record)
    if event.what != SET:
        return [Change(event, event.what, by, subject)]
    before = state(event.found.model, event.before or {})
    return [
        Change(
            event,
            SET,
            by,
            subject,
            field,
            shown(field, before),
            shown(field, record),
        )
        for field in event.found.fields.values()
        if field.standing(before) != field.standing(record)
    ]


def shown(field: EditField, record: Any) -> str:
    return field.show(field.standing(record), record)


def state(model: type[models.Model], values: dict[str, Any]) -> Any:
    """A record as it was, from the columns of an event; it is never saved."""
    known = [field for field in model._meta.concrete_fields if field.column in values]
    return model(**{field.attname: field.to_python(values[field.column]) for field in known})


def value_before(found: Editable, pk: Any, event_id: Any, field: EditField) -> Any:
    """What stood in ``field`` before one event; LookupError when the event is not of this record, or made it."""
    events = event_model(found.model)._default_manager.filter(pgh_obj_id=pk)
    before = events.filter(pgh_id__lt=event_id).order_by("-pgh_created_at", "-pgh_id").first()
    if before is None or not events.filter(pgh_id=event_id).exists():
        raise LookupError(event_id)
    return field.standing(before)


def last_change(record: Any, field: EditField) -> tuple[str, datetime | None]:
    """The name of whoever gave ``field`` its present value, and when; among the last changes of the record."""
    if field.wrote:
        return field.wrote(record)
    events = list(record.events.order_by("-pgh_created_at", "-pgh_id")[:RECENT])
    for event, before in zip_longest(events, events[1:]):  # none at all for what an import brought
        if before is None or field.standing(event) != field.standing(before):
            return actor_name(event.pgh_actor), event.pgh_created_at
    return "", None


def actor_name(actor: str) -> str:
    """What is shown for ``member:<id>``, ``job:<name>``, ``import:<id>`` or ``system``."""
    return actors_of([actor])[actor].name
