"""Many rows of every kind of record, for tests that ask whether a page costs the same with ten and with three hundred."""

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db import models
from django.utils import timezone

from accounts.models import Account
from tenants.models import Membership
from tenants.owned import TenantOwned
from tests import make
from tests.world import World

MEMBERS = ("csm", "assignee", "written_by", "member")
Parents = dict[tuple[type[models.Model], Any], list[Any]]


def kinds() -> list[type[models.Model]]:
    """Every model that hangs on an account, parents before children: nobody lists them."""
    waiting = [m for m in apps.get_models() if issubclass(m, TenantOwned) and has_account(m)]
    ordered: list[type[models.Model]] = []
    while waiting:
        ready = [m for m in waiting if not parents_of(m) & set(waiting) - {m}]
        assert ready, waiting
        ordered += ready
        waiting = [m for m in waiting if m not in ready]
    return ordered


def has_account(model: type[models.Model]) -> bool:
    return any(f.name == "account" and f.remote_field for f in model._meta.local_fields)


def parents_of(model: type[models.Model]) -> set[type[models.Model]]:
    return {
        field.remote_field.model
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey)
        and make.is_needed(field)
        and has_account(field.remote_field.model)
    }


def grow(world: World, count: int) -> dict[type[models.Model], Any]:
    """``count`` more accounts of 鈴木's with one row of each kind, and ``count`` rows of each kind on ``mine``.

    Gives one row of each kind on ``mine``. Runs inside the tenant's scope.
    """
    mine = world.account("mine")
    accounts = Account.objects.bulk_create(
        Account(id=uuid4(), name=f"多数{count}-{n}", stage="live", fiscal_month=n % 12 + 1, csm=world.csm)
        for n in range(count)
    )
    parents: Parents = {}
    for kind in kinds():
        rows = [
            unsaved(kind, account, world, parents, n)
            for n, account in enumerate([*([] if is_between_two(kind) else accounts), *[mine] * count])
        ]
        kind._base_manager.bulk_create(rows, ignore_conflicts=True)
        for row in kind._base_manager.filter(account__in=[mine, *accounts]).order_by("pk"):
            parents.setdefault((kind, row.account_id), []).append(row)
    return {kind: parents[kind, mine.pk][0] for kind in kinds()} | {Account: mine}


def unsaved(kind: type[models.Model], account: Account, world: World, parents: Parents, n: int) -> Any:
    values, named, between = {}, Counter[Any](), is_between_two(kind)
    for field in kind._meta.local_fields:
        if make.is_needed(field) and field.name != "account":
            parent = field.remote_field and field.remote_field.model
            values[field.name] = value_for(field, account, parents, n + named[parent] if between else 0)
            named[parent] += 1
    people = {f.name: world.csm for f in kind._meta.local_fields if f.name in MEMBERS}
    return kind(account=account, **{**values, **people, **telling(kind, n)})


def is_between_two(kind: type[models.Model]) -> bool:
    """Whether it needs two rows of one kind; the accounts around have one of each."""
    keys = [field for field in kind._meta.local_fields if field.remote_field and make.is_needed(field)]
    return len({field.remote_field.model for field in keys}) < len(keys)


def value_for(field: Any, account: Account, parents: Parents, nth: int) -> Any:
    """A key names the ``nth`` of the account's rows, so that two keys to the same kind name a pair of their own."""
    if isinstance(field, models.ForeignKey) and field.remote_field.model is not Membership:
        parent = field.remote_field.model
        if has_account(parent):
            rows = parents[parent, account.pk]
            return rows[nth % len(rows)]
        if (parent, None) not in parents:  # one of the tenant's own, such as a product
            parents[parent, None] = make.row(parent)
        return parents[parent, None]
    return make.value_for(field, account)


def telling(kind: type[models.Model], n: int) -> dict[str, Any]:
    """Values that make pages show the row."""
    today = timezone.localdate()
    return {
        "Activity": {"on": today + timedelta(days=n % 9 - 4), "state": "planned" if n % 9 > 4 else "held"},
        "Occasion": {
            "starts_on": today + timedelta(days=n % 60 - 30),
            "state": "confirmed",
            "title": f"予定{n}",
        },
        "Criterion": {"review_on": today + timedelta(days=n % 60)},
        "Contract": {"starts_on": None, "renews_on": today + timedelta(days=n)},
        "PersonRole": {"kind": ("economic_buyer", "champion")[n % 2], "starts_on": None},
        "SuccessPlan": {"starts_on": today, "ends_on": today + timedelta(days=90 + n)},
        "ActionItem": {"due_on": today - timedelta(days=1)},
        "Cta": {"rule": "no_recent_note", "occurrence": str(n), "due_on": today + timedelta(days=n % 5 - 2)},
    }.get(kind.__name__, {})
