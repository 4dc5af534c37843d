"""The door for work on every tenant from outside of a request: management commands and operators."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone

from tenants.models import Tenant
from tenants.scope import tenant_scope


def tenants_named(slug: str = "") -> list[Tenant]:
    """The active tenants, or the one called ``slug``."""
    active = Tenant.objects.filter(is_suspended=False).order_by("slug")
    return list(active.filter(slug=slug) if slug else active)


@contextmanager
def inside(tenant: Tenant, actor: str) -> Iterator[None]:
    """One transaction of ``tenant``, on its own clock."""
    with timezone.override(tenant.zone), tenant_scope(tenant, actor=actor):
        yield
