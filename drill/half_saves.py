"""The database fails at each statement of every write: the answer is an error, no row has moved, a repeat succeeds."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from django.db import connection, transaction
from psycopg2.sql import Composable

from drill import ground
from drill.outcome import Outcome
from tenants.scope import scope_or_none
from tests.api.asks import Asks
from tests.doors import DOORS, Door
from tests.fingerprint import differences, fingerprint
from tests.furnish import Key, furnish
from tests.world import World, build_world
from tests.writes import Desk, Write, looks, write_for

SLUGS = ("midori", "aoba")
FRAME = ("ROLLBACK", "SAVEPOINT")
WRITING = ("INSERT", "UPDATE", "DELETE")
SAMPLE = 2  # statements of each write that the tests let fail


def run(*, small: bool) -> Iterator[Outcome]:
    with ground.database("half_saves"), transaction.atomic():
        build_world()
        world = World()
        yield from attack(world, furnish(world), small=small)
        transaction.set_rollback(True)


def attack(world: World, rows: dict[Key, Any], *, small: bool) -> Iterator[Outcome]:
    """Runs inside one transaction; each write begins at the same savepoint."""
    logging.disable(logging.ERROR)  # the faults are ours
    try:
        desk = Desk(world, rows)
        yield listed(desk)
        walk = Walk(desk, SAMPLE if small else None)
        walk.all()
    finally:
        logging.disable(logging.NOTSET)
    said = f"{walk.writes} writes of pages and the API"
    yield Outcome(
        f"statements that failed, of {said}",
        walk.faults,
        walk.faults - len(walk.wrong),
        "; ".join(walk.wrong[:3]),
    )
    yield Outcome(
        "repeats that then succeed", walk.writes, walk.writes - len(walk.stuck), "; ".join(walk.stuck)
    )


# ── Which URLs write


def listed(desk: Desk) -> Outcome:
    """A URL without a valid write in ``tests/writes.py`` may not write whatever is posted there."""
    unlisted = [door for door in DOORS if door.name and not is_known(door, desk)]
    writes = [door.name for door in unlisted if writes_unasked(desk, door)]
    return Outcome(
        "URLs whose write is known, or that write nothing",
        len(DOORS),
        len(DOORS) - len(writes),
        ", ".join(writes),
    )


def is_known(door: Door, desk: Desk) -> bool:
    """Making a form may make the rows that it needs: they are taken away again."""
    point = transaction.savepoint()
    known = write_for(door, desk) is not None
    transaction.savepoint_rollback(point)
    return known


def writes_unasked(desk: Desk, door: Door) -> bool:
    """Whether an empty form is refused for what stands in it, or written: then a full one has to be listed."""
    point, seen = transaction.savepoint(), Statements()
    with connection.execute_wrapper(seen):
        status = desk.post(door, looks().get(door.name, Write())).status_code
    transaction.savepoint_rollback(point)
    return (status >= 400 and status != 405) or any(sql.startswith(WRITING) for sql in seen.sent)


@dataclass
class Statements:
    """What a request sends once its tenant is in scope; what frames a savepoint or takes it back is not counted."""

    sent: list[str] = field(default_factory=list)
    before: str = ""

    def __call__(self, execute: Any, sql: str | Composable, params: Any, many: bool, context: Any) -> Any:
        said = as_text(sql, context)
        taking_back, self.before = self.before.startswith("ROLLBACK") and said.startswith("RELEASE"), said
        if scope_or_none() is not None and not taking_back and not said.startswith(FRAME):
            self.note(said, context)
        return execute(sql, params, many, context)

    def note(self, sql: str, context: Any) -> None:
        self.sent.append(sql.lstrip())


def as_text(sql: str | Composable, context: Any) -> str:
    return sql if isinstance(sql, str) else sql.as_string(context["cursor"].cursor)


@dataclass
class Fault(Statements):
    at: int = 0
    struck: str = ""

    def note(self, sql: str, context: Any) -> None:
        super().note(sql, context)
        if len(self.sent) == self.at + 1:
            self.struck = self.sent[-1]
            with connection.wrap_database_errors:
                context["cursor"].cursor.execute("SELECT 1/0")


# ── Each write, as often as it has statements


class Walk:
    def __init__(self, desk: Desk, sample: int | None) -> None:
        self.desk, self.sample, self.random = desk, sample, Random(20261119)
        self.asks = Asks(desk.world, desk.rows)
        self.writes = self.faults = 0
        self.wrong, self.stuck = list[str](), list[str]()

    def all(self) -> None:
        for door in DOORS:
            point = transaction.savepoint()
            if (write := write_for(door, self.desk)) is not None:
                self.desk.prepare(door, write)
                self.break_off(door.name, self.posting(door))
            transaction.savepoint_rollback(point)
        for ask in self.asks.writes():
            point = transaction.savepoint()
            ask.prepare(self.asks.program)
            self.break_off(str(ask), lambda ask=ask: int(ask.send(self.asks.program).status_code))  # type: ignore[misc]
            transaction.savepoint_rollback(point)
        self.stuck += self.asks.stuck

    def break_off(self, name: str, send: Callable[[], int]) -> None:
        """``send`` gives the status of the write."""
        self.writes += 1
        before = fingerprint(*SLUGS)
        for at in self.chosen(self.statements(send)):
            fault = Fault(at=at)
            point = transaction.savepoint()
            with connection.execute_wrapper(fault):
                status = send()
            if fault.struck:
                self.faults += 1
                moved = differences(before, fingerprint(*SLUGS))
                if status < 500 or moved:
                    self.wrong.append(f"{name} → {status} {moved or ''} at {fault.struck[:60]}")
            transaction.savepoint_rollback(point)
        status = send()
        if status >= 400 or not differences(before, fingerprint(*SLUGS)):
            self.stuck.append(f"{name} → {status}")

    def statements(self, send: Callable[[], int]) -> list[str]:
        """Of the second of two successful tries: the first one fills caches."""
        for _ in range(2):
            seen, point = Statements(), transaction.savepoint()
            with connection.execute_wrapper(seen):
                send()
            transaction.savepoint_rollback(point)
        return seen.sent

    def chosen(self, sent: list[str]) -> list[int]:
        """All of them; in a sample the first that writes, and some after it."""
        if self.sample is None:
            return list(range(len(sent)))
        first = next((n for n, sql in enumerate(sent) if sql.startswith(WRITING)), 0)
        later = range(first + 1, len(sent))
        return [first, *sorted(self.random.sample(later, min(len(later), self.sample - 1)))]

    def posting(self, door: Door) -> Callable[[], int]:
        write = write_for(door, self.desk)
        assert write

        def send() -> int:
            for value in write.form.values():
                if hasattr(value, "seek"):
                    value.seek(0)
            return int(self.desk.post(door, write).status_code)

        return send
