"""Puts a text into every text field of every record that a person or a file can write, whatever its form allows."""

from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import DatabaseError, models, transaction

from tenants.models import Membership, Tenant
from tenants.owned import TenantOwned
from tests import crowd
from tests.doors import DOORS
from tests.test_every_url import row_of
from tests.world import World

OURS = {"rule", "field_key", "record_type", "kind", "key", "subject", "occurrence", "currency", "slug", "time_zone",
        "stored_as", "code", "severity", "column", "ending", "section", "about_kind"}  # fmt: skip
"""Texts that only the code writes: nobody has a door to them, and pages look them up."""


def poisoned_world(
    world: World, payload: Callable[[int], str], *, each: int = 3
) -> tuple[dict[Any, Any], set[str]]:
    """Inside the tenant's scope: ``each`` rows of everything, ``payload(n)`` in each text of the nth.

    Gives a row of every subject of a URL, and the fields that took the text (``Model.field``)."""
    account = world.account()
    rows = crowd.grow(world, each)
    rows |= {
        door.subject: row_of(door.subject, account) for door in DOORS if door.subject not in {None, *rows}
    }
    return rows, poison(world.tenant(), payload)


def poison(tenant: Tenant, payload: Callable[[int], str]) -> set[str]:
    taken = set()
    for model in apps.get_models():
        for field in texts_of(model):
            if [n for n, row in enumerate(rows_of(model, tenant)) if written(row, field, payload(n), n)]:
                taken.add(f"{model.__name__}.{field.name}")
    for member in Membership.objects.in_tenant(tenant).select_related("user"):
        written(member.user, member.user._meta.get_field("name"), payload(0), 0)
    return taken | {"User.name"}


def texts_of(model: type[models.Model]) -> Iterator[Any]:
    if model is not Tenant and not (issubclass(model, TenantOwned) and not model.__name__.endswith("Event")):
        return
    for field in model._meta.local_fields:
        is_text = isinstance(field, models.CharField | models.TextField) and not isinstance(field, ArrayField)
        if is_text and not (field.choices or field.generated or field.primary_key) and field.name not in OURS:
            yield field


def rows_of(model: Any, tenant: Tenant) -> list[Any]:
    if model is Tenant:
        return [tenant]
    return list(model._base_manager.filter(tenant=tenant).order_by("pk")[:20])


def written(row: Any, field: Any, payload: str, n: int) -> bool:
    """True if the database took it; ``n`` keeps unique fields apart."""
    text = f"{payload[: (field.max_length or 2000) - 2]}{n}"
    try:
        with transaction.atomic():
            type(row)._base_manager.filter(pk=row.pk).update(**{field.name: text})
    except DatabaseError:
        return False
    return True
