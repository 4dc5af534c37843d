"""Every tenant's table with no tenant bound, a broken one, or somebody else's: nothing is read, nothing written."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import psycopg2
from psycopg2 import sql

from drill import ground
from drill.outcome import Outcome
from tenants.history import append_only
from tenants.readiness import tenant_tables
from tests.furnish import furnish
from tests.world import World, build_world, ident

THEIRS, OURS = ident("midori"), ident("aoba")
CONTEXTS: dict[str, str | None] = {
    "no tenant was ever bound": None,
    "an empty one": "",
    "garbage": "x'; --",
    "the null uuid": str(UUID(int=0)),
    "another tenant": str(OURS),
}
STATEMENTS = ("SELECT", "INSERT", "UPDATE", "DELETE")
REFUSED = ("42501", "22P02")  # insufficient privilege (by policy, by grant, by app_tenant_id), and not a uuid


def run(*, small: bool) -> Iterator[Outcome]:
    with ground.database("contexts") as name:
        build_world()
        furnish(World())
        yield from attack(ground.url("DATABASE_URL", name))


def attack(address: str) -> Iterator[Outcome]:
    """``address`` is the app role's, of a furnished database."""
    tables = [Table(name) for name in sorted(tenant_tables())]
    with App(address, str(THEIRS)) as app:
        for table in tables:
            table.sample(app)
    yield control(address, tables)
    for said, bound in CONTEXTS.items():
        yield shut(address, tables, said, bound)
    yield moved(address, tables)


@dataclass
class Table:
    name: str
    columns: list[str] = field(default_factory=list)
    row: dict[str, Any] = field(default_factory=dict)

    def sample(self, app: "App") -> None:
        """Read one row of the other tenant's, to insert it again."""
        self.columns = [
            name
            for (name,) in app.rows(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'",
                self.name,
            )
        ]
        ((self.row,),) = app.rows(f'SELECT to_jsonb(t) FROM "{self.name}" t LIMIT 1')

    def statement(self, verb: str, hidden: tuple[UUID, ...]) -> tuple[Any, list[Any]]:
        """SQL that would touch rows of the ``hidden`` tenants if it could."""
        table, where = sql.Identifier(self.name), sql.SQL(" WHERE tenant_id = ANY(%s::uuid[])")
        ids: list[Any] = [[str(tenant) for tenant in hidden]]
        if verb == "SELECT":
            return sql.SQL("SELECT 1 FROM {}").format(table) + where, ids
        if verb == "UPDATE":
            return sql.SQL("UPDATE {} SET tenant_id = tenant_id").format(table) + where, ids
        if verb == "DELETE":
            return sql.SQL("DELETE FROM {}").format(table) + where, ids
        columns = sql.SQL(", ").join(map(sql.Identifier, self.columns))
        again = {**self.row, self.key: str(uuid4())}
        return sql.SQL("INSERT INTO {t} ({c}) SELECT {c} FROM jsonb_populate_record(NULL::{t}, %s)").format(
            t=table, c=columns
        ), [json.dumps(again)]

    @property
    def key(self) -> str:
        return "id" if "id" in self.columns and "pgh_id" not in self.columns else "pgh_id"


class App:
    """A connection of the app role; ``bound`` is written into the setting of each transaction, unless it is None."""

    def __init__(self, address: str, bound: str | None) -> None:
        self.connection, self.bound = psycopg2.connect(address), bound

    def __enter__(self) -> "App":
        return self

    def __exit__(self, *error: object) -> None:
        self.connection.close()

    def rows(self, statement: Any, *params: Any) -> list[Any]:
        """What a statement gives, or the rows it touched; everything is rolled back."""
        with self.connection.cursor() as cursor:
            try:
                if self.bound is not None:
                    cursor.execute("SELECT set_config('app.tenant_id', %s, true)", [self.bound])
                cursor.execute(statement, params or None)
                return cursor.fetchall() if cursor.description else [None] * cursor.rowcount
            finally:
                self.connection.rollback()

    def refuses(self, statement: Any, *params: Any) -> str:
        """Empty if nothing was read or written; otherwise what happened."""
        try:
            touched = self.rows(statement, *params)
        except psycopg2.Error as error:
            return "" if error.pgcode in REFUSED else f"{error.pgcode}: {error}".splitlines()[0]
        return f"{len(touched)} rows" if touched else ""


def shut(address: str, tables: list[Table], said: str, bound: str | None) -> Outcome:
    hidden = (THEIRS,) if bound == str(OURS) else (THEIRS, OURS)
    with App(address, bound) as app:
        wrong = [
            f"{verb} {table.name}: {happened}"
            for table in tables
            for verb in STATEMENTS
            if (happened := app.refuses(table.statement(verb, hidden)[0], *table.statement(verb, hidden)[1]))
        ]
    tried = len(tables) * len(STATEMENTS)
    return Outcome(f"{said} × {len(tables)} tables", tried, tried - len(wrong), "; ".join(wrong[:3]))


def moved(address: str, tables: list[Table]) -> Outcome:
    """In one's own context, a row given to another tenant: by INSERT, and by UPDATE."""
    wrong = []
    with App(address, str(OURS)) as app:
        for table in tables:
            give = sql.SQL("UPDATE {} SET tenant_id = %s").format(sql.Identifier(table.name))
            insert, params = table.statement("INSERT", ())
            wrong += [
                f"{table.name}: {happened}"
                for happened in (app.refuses(give, str(THEIRS)), app.refuses(insert, *params))
                if happened
            ]
    tried = 2 * len(tables)
    return Outcome("a row handed to another tenant", tried, tried - len(wrong), "; ".join(wrong[:3]))


def control(address: str, tables: list[Table]) -> Outcome:
    """In the right context the same statements reach the rows: otherwise the others would prove nothing."""
    wrong = []
    with App(address, str(THEIRS)) as app:
        for table in tables:
            for verb in STATEMENTS:
                statement, params = table.statement(verb, (THEIRS,))
                blocked = is_blocked(app, statement, params)
                if blocked != (verb in ("UPDATE", "DELETE") and table.name in history_tables()):
                    wrong.append(f"{verb} {table.name}")
    tried = len(tables) * len(STATEMENTS)
    return Outcome("the right tenant, to compare", tried, tried - len(wrong), "; ".join(wrong[:3]))


def is_blocked(app: App, statement: Any, params: list[Any]) -> bool:
    """Constraints that speak up are behind the lock, so they count as let through."""
    try:
        return not app.rows(statement, *params)
    except psycopg2.Error as error:
        return error.pgcode in REFUSED


def history_tables() -> set[str]:
    return {model._meta.db_table for model in append_only()}
