"""The one way to say whose rows a statement may touch.

Three locks read what is said here: the filter that every manager compiles into its SQL (``InScope``), the
row-level security policy of every tenant table (``app_tenant_id()``), and the default of every ``tenant`` column.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models import BooleanField, F
from django.db.models.expressions import Expression
from django.urls import get_script_prefix, get_urlconf, set_script_prefix, set_urlconf

if TYPE_CHECKING:
    from tenants.models import Membership, Tenant

TENANT_URLCONF = "cs_planner.tenant_urls"


class NoTenantScope(RuntimeError):
    """A statement on tenant rows was about to run without anybody having said for which tenant."""


@dataclass(frozen=True)
class Scope:
    """Who is at work for which tenant. ``actor`` is what history records: ``member:<id>``, ``api:<id>`` (a program with
    that member's token), ``job:<name>`` …"""

    tenant: "Tenant"
    member: "Membership | None"
    actor: str
    request_id: str = ""
    cache: dict[str, Any] = field(default_factory=dict, compare=False)  # lives as long as one request or task

    @property
    def is_program(self) -> bool:
        return self.actor.startswith("api:")


_scope: ContextVar[Scope | None] = ContextVar("tenant_scope", default=None)


def scope_or_none() -> Scope | None:
    return _scope.get()


def current_scope() -> Scope:
    scope = _scope.get()
    if scope is None:
        raise NoTenantScope(
            "no tenant is in scope: open tenant_scope() at a door (middleware, task, command)"
        )
    return scope


def current_tenant() -> "Tenant":
    return current_scope().tenant


def current_tenant_id() -> UUID:
    return current_scope().tenant.pk


def current_member() -> "Membership | None":
    return current_scope().member


@contextmanager
def tenant_scope(
    tenant: "Tenant", *, member: "Membership | None" = None, actor: str = "", request_id: str = ""
) -> Iterator[Scope]:
    """Open a transaction in which every statement belongs to ``tenant``; leave everything as it was afterwards.

    ``actor`` defaults to the member, else to ``system``. Links made inside point below ``/t/<slug>/``, so a mail
    written by a worker carries the right ones.
    """
    scope = Scope(tenant, member, actor or (f"member:{member.pk}" if member else "system"), request_id)
    outer, prefix, urlconf = _scope.get(), get_script_prefix(), get_urlconf()
    token = _scope.set(scope)
    set_script_prefix(f"/t/{tenant.slug}/")
    set_urlconf(TENANT_URLCONF)
    try:
        nested = connection.in_atomic_block
        with transaction.atomic():
            if nested:
                bind(scope)
            yield scope
            if nested:
                bind(outer)
    finally:
        _scope.reset(token)
        set_script_prefix(prefix)
        set_urlconf(urlconf)


def bind(scope: Scope | None) -> None:
    """Tell PostgreSQL, for this transaction only, what the context variable says."""
    if connection.needs_rollback:
        return  # the savepoint that is about to be rolled back takes our values with it
    with connection.cursor() as cursor:
        values = (scope.tenant.pk, scope.actor, scope.request_id) if scope else (None, "", "")
        cursor.execute("SELECT bind_tenant(%s, %s, %s)", values)


class InScope(Expression):
    """``tenant_id = <the tenant in scope>``, decided when the SQL is compiled, so querysets may be made anywhere."""

    conditional = True

    def __init__(self, column: str = "tenant_id") -> None:
        super().__init__(output_field=BooleanField())
        self.column: Any = F(column)

    def get_source_expressions(self) -> list[Any]:
        return [self.column]

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        (self.column,) = exprs

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        tenant_id = current_tenant_id()
        sql, params = compiler.compile(self.column)
        return f"{sql} = %s", [*params, tenant_id]


class TenantQuerySet(models.QuerySet[Any]):
    """A queryset whose rows never change their tenant."""

    def update(self, **values: Any) -> int:
        if {"tenant", "tenant_id"} & values.keys():
            raise TypeError("a row never changes its tenant")
        return super().update(**values)

    def in_bin(self) -> Self:
        return self.filter(deleted_at__isnull=False)


class TenantManager(models.Manager.from_queryset(TenantQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> TenantQuerySet:
        return super().get_queryset().filter(InScope())  # type: ignore[no-any-return]
