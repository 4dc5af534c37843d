"""The test database: made by the owner, used by the app role, cleaned by the owner. Superusers prove nothing."""

import os
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
from django.core.management import call_command
from django.db import connections
from psycopg2 import sql

from drill import ground

KEPT = ("django_migrations", "django_content_type")


def owner_url(name: str | None = None) -> str:
    url = os.environ.get("DATABASE_OWNER_URL")
    if not url:
        pytest.exit(
            "The tests need a PostgreSQL of their own. Run them with: python3 run.py test", returncode=2
        )
    parts = urlsplit(url.replace("postgres://", "postgresql://", 1))
    return urlunsplit(parts._replace(path=f"/{name}")) if name else urlunsplit(parts)


def create() -> str:
    """Make an empty, migrated database for this test process and point every connection at it.

    ``MASUME_TEST_TEMPLATE`` names a migrated one to copy: who runs a few tests many times migrates once.
    """
    template = os.environ.get("MASUME_TEST_TEMPLATE", "")
    name = f"test_masume_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    maintenance = psycopg2.connect(owner_url())
    maintenance.autocommit = True
    with maintenance.cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        copied = sql.SQL(" TEMPLATE {}").format(sql.Identifier(template)) if template else sql.SQL("")
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)) + copied)
    maintenance.close()
    for alias in connections:
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
    if not template:
        call_command("migrate", database="owner", verbosity=0, interactive=False)
    connections["owner"].close()
    return name


def clean() -> None:
    """Empty every table that has rows. Row-level security, history and keys stop anybody but a superuser."""
    name = connections["default"].settings_dict["NAME"]
    connection = psycopg2.connect(ground.url("TEST_SUPERUSER_URL", name))
    with closing(connection), connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no trigger, no foreign key
        for table in with_rows(cursor):
            cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))


def with_rows(cursor: Any) -> list[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    asked = [
        sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(sql.Literal(name), sql.Identifier(name))
        for (name,) in cursor.fetchall()
        if name not in KEPT
    ]
    cursor.execute(sql.SQL(" UNION ALL ").join(asked))
    return [name for (name,) in cursor.fetchall()]
