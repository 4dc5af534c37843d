"""One number per table and tenant: the same before and after means that nothing was written."""

from collections.abc import Iterable
from typing import Any

from django.db import connection

from tenants.history import append_only
from tenants.models import Tenant
from tenants.readiness import tenant_tables
from tenants.scope import tenant_scope

# Who is signed in and when they were last here changes with every request.
RESTLESS = {"django_session": (), "usersessions_usersession": (), "tenants_canary": (), "tenants_membership": ("last_seen_at",), "tenants_apitoken": ("last_used_at",), "tenants_user": ("last_login",)}  # fmt: skip
Fingerprint = dict[tuple[str, str], tuple[int, str]]


def fingerprint(*slugs: str) -> Fingerprint:
    """Count and digest of the rows of every table: those of tenants for each of ``slugs``, the others once."""
    found: Fingerprint = {}
    tables = set(connection.introspection.table_names())
    within = tenant_tables() | {model._meta.db_table for model in append_only()}
    for tenant in Tenant.objects.filter(slug__in=slugs):
        with tenant_scope(tenant, actor="fingerprint"):
            found |= {(tenant.slug, table): seen for table, seen in digests(within)}
    shared = {table for table in tables - within if RESTLESS.get(table) != ()}
    return found | {("", table): seen for table, seen in digests(shared)}


def digests(tables: Iterable[str]) -> list[tuple[str, tuple[int, str]]]:
    """In one statement, because it is asked thousands of times."""
    parts = [
        f"SELECT '{table}', count(*), coalesce(md5(string_agg(r, '|' ORDER BY r)), '') "
        f"FROM (SELECT (to_jsonb(t) - ARRAY[{', '.join(repr(c) for c in RESTLESS.get(table, ()))}]::text[])::text AS r "
        f'FROM "{table}" t) AS rows'
        for table in sorted(tables)
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return [(table, (count, digest)) for table, count, digest in cursor.fetchall()]


def differences(before: Fingerprint, after: Fingerprint) -> dict[str, Any]:
    """The tables that changed, with their counts before and after."""
    return {
        "/".join(filter(None, key)): (before[key][0], after[key][0])
        for key in before
        if before[key] != after[key]
    }
