"""Creates the database and its roles: python -m bootstrap.roles, run where psycopg2 is installed.

Reads DATABASE_ADMIN_URL (a superuser, or a role with CREATEROLE and CREATEDB) and takes names and passwords from
DATABASE_URL (the application), DATABASE_OWNER_URL (migrations) and, if set, DATABASE_BACKUP_URL. May run any number
of times. With --template the rights are also set in template1, for test databases of a server that is ours alone.
"""

import os
import sys
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg2
from psycopg2 import errors, sql

# Nobody signs in as these: the one owns the search function, the other the function that erases a person from history.
NARROW = ("masume_searcher", "masume_eraser")


def main() -> None:
    owner, app, backup = (
        _parts(name) for name in ("DATABASE_OWNER_URL", "DATABASE_URL", "DATABASE_BACKUP_URL")
    )
    with _connect(os.environ["DATABASE_ADMIN_URL"]) as admin:
        _role(admin, owner["user"], owner["password"], "CREATEDB")
        _role(admin, app["user"], app["password"])
        for narrow in NARROW:
            _role(admin, narrow, None, "NOLOGIN")
            _run(admin, "GRANT {} TO {} WITH INHERIT FALSE, SET TRUE", narrow, owner["user"])
        if backup:
            _backup_role(admin, backup)
        _database(admin, owner["database"], owner["user"])
    with _connect(os.environ["DATABASE_OWNER_URL"]) as database:  # `public` belongs to the database's owner
        for narrow in NARROW:
            _run(database, "GRANT USAGE, CREATE ON SCHEMA public TO {}", narrow)
    if "--template" in sys.argv:
        with _connect(os.environ["DATABASE_ADMIN_URL"], dbname="template1") as template:
            for narrow in NARROW:
                _run(template, "GRANT USAGE, CREATE ON SCHEMA public TO {}", narrow)


def _parts(name: str) -> dict[str, str]:
    url = urlsplit(os.environ.get(name, ""))
    if not url.scheme:
        return {}
    return {
        "user": unquote(url.username or ""),
        "password": unquote(url.password or ""),
        "database": url.path[1:],
    }


class _connect:  # noqa: N801 – reads as a function where it is used
    """A connection that commits each statement and is closed at the end of the block."""

    def __init__(self, url: str, **changes: str) -> None:
        self.connection = psycopg2.connect(url, **changes)
        self.connection.autocommit = True

    def __enter__(self) -> Any:
        return self.connection.cursor()

    def __exit__(self, *problem: object) -> None:
        self.connection.close()


def _run(cursor: Any, statement: str, *names: str, **values: object) -> None:
    composed = sql.SQL(statement).format(
        *map(sql.Identifier, names), **{k: sql.Literal(v) for k, v in values.items()}
    )
    cursor.execute(composed)


def _role(cursor: Any, name: str, password: str | None, right: str = "") -> None:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
    if not cursor.fetchone():
        _run(cursor, "CREATE ROLE {}", name)
    if right:
        _run(cursor, "ALTER ROLE {} " + right, name)
    if password is not None:
        _run(cursor, "ALTER ROLE {} LOGIN PASSWORD {password}", name, password=password)


def _backup_role(cursor: Any, backup: dict[str, str]) -> None:
    try:
        _role(cursor, backup["user"], backup["password"], "BYPASSRLS")
        _run(cursor, "GRANT pg_read_all_data TO {}", backup["user"])
    except errors.InsufficientPrivilege as problem:
        print(
            f"The backup role needs BYPASSRLS, which this administrator cannot give: {problem}",
            file=sys.stderr,
        )


def _database(cursor: Any, name: str, owner: str) -> None:
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    if cursor.fetchone():
        return
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    if not cursor.fetchone()[0]:
        _run(cursor, "GRANT {} TO CURRENT_USER", owner)
    locale = "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"
    _run(cursor, f"CREATE DATABASE {{}} OWNER {{}} TEMPLATE template0 ENCODING 'UTF8' {locale}", name, owner)


if __name__ == "__main__":
    main()
