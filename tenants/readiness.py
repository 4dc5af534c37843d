"""Whether this process may serve: each check names what is wrong, for operators and for ``/readyz``."""

import logging
import sys
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

import redis
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from tenants.constraints import APP_ROLE
from tenants.jobs.claiming import LEASE
from tenants.jobs.working import RENEW_EVERY

log = logging.getLogger("masume.readiness")
SILENT_AFTER = 120  # seconds without a tick
LATE_AFTER = 600  # seconds that work waits beyond its time


class UnsafeRole(SystemExit):
    """The program was about to work with a role that passes row-level security.

    Its status is gunicorn's "worker failed to boot": after any other one gunicorn starts the worker again for ever.
    """

    STATUS = 3


def report() -> dict[str, Any]:
    """``{"ready": …, "checks": {name: {"ok": …, "reason": …}}}``; a silent broker or worker or dead work does not make us unready."""
    checks = {"database": outcome(database)}
    if checks["database"]["ok"]:
        checks |= {check.__name__: outcome(check) for check in (role, policies, migrations)}
    ready = all(check["ok"] for check in checks.values())
    return {
        "ready": ready,
        "checks": {**checks, **{check.__name__: outcome(check) for check in (broker, worker, work)}},
    }


def outcome(check: Callable[[], str]) -> dict[str, Any]:
    try:
        reason = check()
    except (DatabaseError, redis.RedisError, OSError) as error:
        log.warning("a check failed", extra={"check": check.__name__}, exc_info=error)
        reason = "unreachable" if check in (database, broker) else "failed"
    return {"ok": not reason, "reason": reason}


def database() -> str:
    rows("SELECT 1")
    return ""


def role() -> str:
    """Roles that pass row-level security and that we are, or could become by SET ROLE."""
    passing = rows(
        """
        SELECT rolname FROM pg_roles r WHERE pg_has_role(current_user, r.oid, 'MEMBER')
        AND (rolsuper OR rolbypassrls OR EXISTS (
            SELECT 1 FROM pg_class WHERE relowner = r.oid AND relkind IN ('r', 'p')
            AND relnamespace = 'public'::regnamespace)) ORDER BY rolname <> current_user, rolname
        """
    )
    return f"passes row-level security as {passing[0][0]}" if passing else ""


def policies() -> str:
    locked = rows(
        """
        SELECT c.relname FROM pg_class c JOIN pg_policies p ON p.tablename = c.relname
        WHERE c.relrowsecurity AND c.relforcerowsecurity AND %s = ANY (p.roles)
        AND p.qual = '(tenant_id = app_tenant_id())' AND p.with_check = p.qual
        """,
        APP_ROLE,
    )
    missing = tenant_tables() - {table for (table,) in locked}
    return f"no policy on {', '.join(sorted(missing))}" if missing else ""


def migrations() -> str:
    applied = set(rows("SELECT app, name FROM django_migrations"))
    missing = migrations_on_disk() - applied
    return f"not applied: {', '.join('.'.join(name) for name in sorted(missing))}" if missing else ""


def broker() -> str:
    redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1).ping()
    return ""


def worker() -> str:
    """A worker takes the tick every 15 seconds; one that stopped consuming looks alive to its supervisor.

    One that has all hands full takes none, but keeps renewing its leases: it is not silent.
    """
    seen = rows(
        "SELECT extract(epoch FROM clock_timestamp() - seen_at)::int FROM tenants_canary WHERE name = 'worker'"
    )
    if not seen:
        return "no tick yet"
    ((silent,),) = seen
    if silent <= SILENT_AFTER or rows(
        "SELECT FROM tenants_jobslot WHERE state = 'running' AND lease_until > clock_timestamp() + %s LIMIT 1",
        LEASE - 2 * timedelta(seconds=RENEW_EVERY),
    ):
        return ""
    return f"no tick for {silent} seconds"


def work() -> str:
    """What was given up after its last attempt and nobody has settled, and work that waits for too long."""
    dead = rows("SELECT job, count(*) FROM tenants_jobslot WHERE state = 'dead' GROUP BY job ORDER BY job")
    ((waits,),) = rows(
        "SELECT extract(epoch FROM clock_timestamp() - min(due_at))::int FROM tenants_jobslot AS slot"
        " JOIN tenants_tenant AS tenant ON tenant.id = slot.tenant_id"
        " WHERE state = 'waiting' AND NOT tenant.is_suspended AND due_at <= clock_timestamp()"
    )
    told = (
        [f"given up: {', '.join(f'{count} {job}' for job, count in dead)}; see manage.py jobs"]
        if dead
        else []
    )
    if waits and waits > LATE_AFTER:
        told.append(f"work has waited for {waits} seconds")
    return "; ".join(told)


def refuse_unsafe_role() -> None:
    """Called by web, worker, beat and commands before their first work. An unreachable database is left to ``/readyz``."""
    try:
        reason = role()
    except DatabaseError:
        return
    finally:
        connection.close()
    if reason:
        print(
            f"DATABASE_URL {reason}: every tenant's rows would be open. Use the plain role {APP_ROLE} "
            "(README, configuration table); the owner's address belongs into DATABASE_OWNER_URL.",
            file=sys.stderr,
        )
        raise UnsafeRole(UnsafeRole.STATUS)


def tenant_tables() -> set[str]:
    from tenants.history import TenantEvent, TenantLog
    from tenants.owned import TenantOwned

    kinds = TenantOwned | TenantEvent | TenantLog
    return {model._meta.db_table for model in apps.get_models() if issubclass(model, kinds)}


@cache
def migrations_on_disk() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations)


def rows(sql: str, *params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params or None)
        return cursor.fetchall()
