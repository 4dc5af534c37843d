"""Erasing a tenant: every row of every table that knows it, its people who belong nowhere else, its files.

Which tables there are is read from the database, so that no room can be forgotten. One transaction: all of it, or nothing.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connections, transaction
from psycopg2 import sql

from tenants import file_mail
from tenants.erasing.door import ROLE
from tenants.models import JobSlot, Tenant, User
from tenants.models.job_slot import SlotState

OWNER = "owner"  # the connection of operators
TABLES = """
SELECT c.relname, c.relrowsecurity FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = %s
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
"""
KEYS = """
SELECT DISTINCT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint
WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conrelid <> confrelid
"""
TRIGGERS = "SELECT coalesce(array_agg(DISTINCT tgname), '{}')::text FROM pg_trigger WHERE NOT tgisinternal"


class StillAtWork(Exception):
    """A worker is in the middle of a job of this tenant."""


@dataclass
class Account:
    """What is (or was) there: rows by table, people, sessions, files."""

    rows: dict[str, int] = field(default_factory=dict)
    people: int = 0
    sessions: int = 0
    files: int = 0
    mails: int = 0


def look(tenant: Tenant) -> Account:
    """What erasing would take away; nothing is changed."""
    with eraser(tenant) as cursor:
        counted = Account({table: count(cursor, table, tenant) for table, _locked in tables(cursor)})
        people = people_only_of(cursor, tenant)
    counted.people = len(people)
    counted.sessions = len(sessions_of(people))
    counted.files = sum(len(list(folder.rglob("*"))) for folder in folders_of(tenant))
    counted.mails = file_mail.forget(addresses(people), tenant.slug, really=False)
    return counted


def erase(tenant: Tenant) -> Account:
    """Suspends the tenant at once, so that nothing new begins; then everything goes, the tenant's own row last.

    Whatever breaks it off, the command may be given again: files go first, all rows go in one transaction.
    """
    Tenant.objects.filter(pk=tenant.pk).update(is_suspended=True)
    if JobSlot.objects.filter(tenant=tenant, state=SlotState.RUNNING).exists():
        raise StillAtWork(tenant.slug)
    done = Account()
    with eraser(tenant) as cursor:
        mail_of = addresses(people_only_of(cursor, tenant))
    done.files, done.mails = forget_files(tenant), file_mail.forget(mail_of, tenant.slug)
    with eraser(tenant) as cursor:
        people = people_only_of(cursor, tenant)
        for table, locked in tables(cursor):
            done.rows[table] = delete(cursor, table, locked, tenant)
        for table, columns in person_tables(cursor):
            done.rows[table] = done.rows.get(table, 0) + delete_people(cursor, table, columns, people)
        done.people, done.sessions = len(people), end_sessions(cursor, people)
    forget_in_cache(tenant)
    return done


@contextmanager
def eraser(tenant: Tenant) -> Iterator[Any]:
    """The owner's transaction, bound to the tenant, without the triggers that would write history of the end."""
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT bind_tenant(%s, 'operator', 'erase_tenant')", [tenant.pk])
        cursor.execute(TRIGGERS)
        (triggers,) = cursor.fetchone()
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [triggers])
        yield cursor


@contextmanager
def acting_as_eraser(cursor: Any) -> Iterator[None]:
    """The owner is blind to rows below row-level security; the eraser sees those of the bound tenant."""
    cursor.execute(f"SET LOCAL ROLE {ROLE}")
    yield
    cursor.execute("RESET ROLE")


def tables(cursor: Any) -> list[tuple[str, bool]]:
    """Every table with a tenant, children before parents, and whether row-level security is on it; the tenant last."""
    cursor.execute(TABLES, ["tenant_id"])
    locked = dict(cursor.fetchall())
    return [(table, locked[table]) for table in children_first(cursor, set(locked))] + [
        ("tenants_tenant", False)
    ]


def children_first(cursor: Any, wanted: set[str]) -> list[str]:
    cursor.execute(KEYS)
    children: dict[str, set[str]] = {table: set() for table in wanted}
    for child, parent in cursor.fetchall():
        if child in wanted and parent in wanted:
            children[parent].add(child)
    ordered: list[str] = []
    while children:
        ready = sorted(table for table, waiting in children.items() if not waiting & children.keys())
        if not ready:
            raise RuntimeError(f"tables point at each other in a circle: {sorted(children)}")
        ordered += ready
        for table in ready:
            del children[table]
    return ordered


def key_of(table: str) -> str:
    return "id" if table == "tenants_tenant" else "tenant_id"


def count(cursor: Any, table: str, tenant: Tenant) -> int:
    statement = sql.SQL("SELECT count(*) FROM {} WHERE {} = %s").format(
        sql.Identifier(table), sql.Identifier(key_of(table))
    )
    with acting_as_eraser(cursor) if is_locked(cursor, table) else as_owner():
        cursor.execute(statement, [tenant.pk])
        return int(cursor.fetchone()[0])


def is_locked(cursor: Any, table: str) -> bool:
    cursor.execute("SELECT relrowsecurity FROM pg_class WHERE oid = %s::regclass", [f"public.{table}"])
    return bool(cursor.fetchone()[0])


@contextmanager
def as_owner() -> Iterator[None]:
    yield


def delete(cursor: Any, table: str, locked: bool, tenant: Tenant) -> int:
    statement = sql.SQL("DELETE FROM {} WHERE {} = %s").format(
        sql.Identifier(table), sql.Identifier(key_of(table))
    )
    with acting_as_eraser(cursor) if locked else as_owner():
        cursor.execute(statement, [tenant.pk])
        return int(cursor.rowcount)


def people_only_of(cursor: Any, tenant: Tenant) -> list[Any]:
    """People with a place here and in no other tenant, not even as somebody who left it."""
    cursor.execute(
        "SELECT user_id FROM tenants_membership GROUP BY user_id HAVING bool_and(tenant_id = %s)", [tenant.pk]
    )
    return [user for (user,) in cursor.fetchall()]


def person_tables(cursor: Any) -> list[tuple[str, list[str]]]:
    """Tables that point at people, children first, with the columns by which they do; people last."""
    cursor.execute(
        "SELECT conrelid::regclass::text, a.attname FROM pg_constraint c"
        " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)"
        " WHERE contype = 'f' AND confrelid = 'public.tenants_user'::regclass"
    )
    columns: dict[str, list[str]] = {"tenants_user": ["id"]}
    for table, column in cursor.fetchall():
        columns.setdefault(table, []).append(column)
    columns.pop("tenants_membership")
    wanted = {*columns, "account_emailconfirmation"}
    columns["account_emailconfirmation"] = []
    return [(table, columns[table]) for table in children_first(cursor, wanted)]


def delete_people(cursor: Any, table: str, columns: list[str], people: list[Any]) -> int:
    if table == "account_emailconfirmation":  # of addresses of people, not of people
        cursor.execute(
            "DELETE FROM account_emailconfirmation WHERE email_address_id IN"
            " (SELECT id FROM account_emailaddress WHERE user_id = ANY (%s::uuid[]))",
            [people],
        )
        return int(cursor.rowcount)
    where = sql.SQL(" OR ").join(sql.SQL("{} = ANY (%s::uuid[])").format(sql.Identifier(c)) for c in columns)
    cursor.execute(
        sql.SQL("DELETE FROM {} WHERE ").format(sql.Identifier(table)) + where, [people] * len(columns)
    )
    return int(cursor.rowcount)


def addresses(people: list[Any]) -> set[str]:
    return set(User.objects.filter(pk__in=people).values_list("email", flat=True))


def sessions_of(people: list[Any]) -> list[str]:
    """A session says within itself whose it is."""
    wanted = {str(person) for person in people}
    return [s.pk for s in Session.objects.iterator() if s.get_decoded().get("_auth_user_id") in wanted]


def end_sessions(cursor: Any, people: list[Any]) -> int:
    cursor.execute("DELETE FROM django_session WHERE session_key = ANY (%s)", [sessions_of(people)])
    return int(cursor.rowcount)


def folders_of(tenant: Tenant) -> list[Path]:
    """Uploads are kept by purpose and tenant: ``imports/<tenant>/…``."""
    return [folder for folder in Path(settings.MEDIA_ROOT).glob(f"*/{tenant.pk}") if folder.is_dir()]


def forget_files(tenant: Tenant) -> int:
    gone = 0
    for folder in folders_of(tenant):
        gone += len(list(folder.rglob("*")))
        shutil.rmtree(folder)
    return gone


def forget_in_cache(tenant: Tenant) -> None:
    """Keys with the tenant's id or name in them; the rest holds no tenant's data and ends within minutes."""
    client = cache._cache.get_client(write=True)  # type: ignore[attr-defined]
    for word in (str(tenant.pk), f":{tenant.slug}:"):
        for key in client.scan_iter(f"*{word}*"):
            client.delete(key)
