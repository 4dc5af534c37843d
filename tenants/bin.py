"""What was deleted: kept for 30 days, by kind of record, whoever registered the kind."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core import signing
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from tenants.actors import Actor, actors_of
from tenants.editing.registry import Editable, all_editables
from tenants.permissions import may
from tenants.scope import current_member

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

DAYS = 30
SOON = 3
SALT = "tenants.bin"


@dataclass(frozen=True)
class Deleted:
    """One record in the bin."""

    label: "StrOrPromise"
    name: str
    account: Any
    by: Actor
    at: datetime
    days_left: int
    restore_url: str
    may_restore: bool

    @property
    def is_urgent(self) -> bool:
        return self.days_left <= SOON


@dataclass(frozen=True)
class Shown:
    rows: list[Deleted]
    after: str


def in_bin(*, after: str = "", account: Any = None, size: int = 50) -> Shown:
    """What was deleted last, in a number of statements that the kinds decide, not the rows."""
    kinds = [found for found in all_editables() if found.is_binned and (account is None or hangs(found))]
    found = [(kind, record) for kind in kinds for record in binned(kind, after, account, size + 1)]
    found.sort(key=lambda pair: (pair[1].deleted_at, pair[1].pk), reverse=True)
    actors = actors_of(record.deleted_by for _kind, record in found)
    rows = [described(kind, record, actors[record.deleted_by]) for kind, record in found[:size]]
    return Shown(rows, cursor(found[size - 1][1]) if len(found) > size else "")


def binned(kind: Editable, after: str, account: Any, size: int) -> Any:
    since = timezone.now() - timedelta(days=DAYS)
    model: Any = kind.model
    rows = model.everything.in_bin().filter(beyond(after), deleted_at__gte=since)
    if account is not None:
        rows = rows.filter(account=account)
    if hangs(kind):
        rows = rows.select_related("account")
    return rows.order_by("-deleted_at", "-pk")[:size]


def hangs(kind: Editable) -> bool:
    """Whether records of this kind hang on an account; those of the tenant's own settings do not."""
    return any(field.name == "account" for field in kind.model._meta.local_fields)


def beyond(after: str) -> Q:
    try:
        at, pk = signing.loads(after, salt=SALT)
    except signing.BadSignature:
        return Q()
    day = parse_datetime(at)
    return Q(deleted_at__lt=day) | Q(deleted_at=day, pk__lt=UUID(pk))


def cursor(record: Any) -> str:
    return signing.dumps([record.deleted_at.isoformat(), str(record.pk)], salt=SALT)


def described(kind: Editable, record: Any, by: Actor) -> Deleted:
    return Deleted(
        label=kind.label,
        name=kind.called(record),
        account=getattr(record, "account", None),
        by=by,
        at=record.deleted_at,
        days_left=max(0, DAYS - (timezone.now() - record.deleted_at).days),
        restore_url=reverse(f"restore_{kind.kind}", args=[record.pk]),
        may_restore=may(current_member(), kind.removal, record),
    )
