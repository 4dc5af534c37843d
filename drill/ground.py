"""Where a drill takes place: a migrated database of its own, made by the owner and dropped afterwards."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.core.management import call_command
from django.db import connections
from psycopg2 import sql


@contextmanager
def database(name: str) -> Iterator[str]:
    """Every connection of this process points at ``masume_drill_<name>`` while the block runs; gives its name."""
    name = f"masume_drill_{name}"
    before = {alias: connections[alias].settings_dict["NAME"] for alias in connections}
    _beside(name, "DROP DATABASE IF EXISTS {} WITH (FORCE)", "CREATE DATABASE {}")
    _point(dict.fromkeys(before, name))
    call_command("migrate", database="owner", verbosity=0)
    try:
        yield name
    finally:
        _point(before)
        _beside(name, "DROP DATABASE IF EXISTS {} WITH (FORCE)")


def url(role_variable: str, name: str) -> str:
    """The address in the environment variable ``role_variable`` with another database, for processes a drill starts."""
    return urlunsplit(urlsplit(os.environ[role_variable])._replace(path=f"/{name}"))


def _point(names: dict[str, str]) -> None:
    for alias, name in names.items():
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def _beside(name: str, *statements: str) -> None:
    connection = psycopg2.connect(os.environ["DATABASE_OWNER_URL"].replace("postgres://", "postgresql://", 1))
    connection.autocommit = True
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(sql.SQL(statement).format(sql.Identifier(name)))
    connection.close()
