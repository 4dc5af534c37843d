"""The base of every table that belongs to a tenant. Subclass it and the three locks are there."""

import hashlib
from typing import Any

import pgtrigger
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models.signals import class_prepared
from django.utils import timezone

from tenants.constraints import RowLevelSecurity, SameTenant, TenantKey
from tenants.fields import TenantForeignKey, UUIDv7
from tenants.scope import TenantManager, current_scope, current_tenant_id


def raise_version(model: type[models.Model]) -> pgtrigger.Trigger:
    """The trigger that counts real changes and notes when they were. Generated columns are not known yet then."""
    unknown = [f.name for f in model._meta.local_fields if isinstance(f, models.GeneratedField)]
    return pgtrigger.Trigger(
        name="raise_version",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange(exclude=["version", "updated_at", *unknown]),
        func="NEW.version = OLD.version + 1; NEW.updated_at = now(); RETURN NEW;",
    )


class TenantOwned(models.Model):
    """A row of one tenant. A trigger raises ``version`` and moves ``updated_at``, so bulk updates, imports and tasks
    do it too.

    ``holds_copies``: its texts are copies of what people wrote elsewhere; whoever is erased goes from them unasked.
    """

    holds_copies = False

    id = models.UUIDField(primary_key=True, db_default=UUIDv7(), editable=False)
    tenant = models.ForeignKey(
        "tenants.Tenant",
        models.PROTECT,
        default=current_tenant_id,
        editable=False,
        related_name="+",
        db_index=False,
    )
    version = models.BigIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(db_default=TransactionNow(), editable=False)

    objects = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def _do_update(
        self, base_qs: Any, using: Any, pk_val: Any, values: Any, update_fields: Any, forced_update: bool
    ) -> bool:
        # The tenant never moves, and the trigger alone counts versions.
        values = [value for value in values if value[0].attname not in ("tenant_id", "version", "updated_at")]
        return super()._do_update(base_qs, using, pk_val, values, update_fields, forced_update)  # type: ignore[misc]


class BinnedManager(TenantManager):
    """What is not in the bin."""

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(deleted_at__isnull=True)


class Binned(TenantOwned):
    """Deleting puts a row into the bin for 30 days; the nightly job empties the bin."""

    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    deleted_by = models.TextField(default="", editable=False)

    objects = BinnedManager()  # type: ignore[misc]
    everything = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "everything"
        default_manager_name = "objects"

    def put_in_bin(self) -> None:
        self.deleted_at = timezone.now()
        self.deleted_by = current_scope().actor
        self.save(update_fields=["deleted_at", "deleted_by"])

    def take_out_of_bin(self) -> None:
        self.deleted_at, self.deleted_by = None, ""
        self.save(update_fields=["deleted_at", "deleted_by"])


def short_name(*parts: str) -> str:
    """A constraint name PostgreSQL keeps whole: 63 bytes, the middle replaced by a digest when longer."""
    name = "_".join(parts)
    if len(name) <= 60:
        return name
    return f"{name[:42]}_{hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()[:8]}_{parts[-1]}"[
        -60:
    ]


def lock_tenant_tables(sender: Any, **kwargs: Any) -> None:
    """Give every concrete tenant table its locks; called for each model class as Django prepares it."""
    meta = sender._meta
    if meta.abstract or meta.proxy or not getattr(sender, "is_tenant_table", issubclass(sender, TenantOwned)):
        return
    added: list[models.BaseConstraint] = []
    if issubclass(sender, TenantOwned):
        added.append(TenantKey(name=short_name(meta.db_table, "tkey")))
        pgtrigger.register(raise_version(sender))(sender)
        keys = [field.name for field in meta.local_fields if isinstance(field, TenantForeignKey)]
        added += [SameTenant(field=key, name=short_name(meta.db_table, key, "same")) for key in keys]
    spare_indexes(sender)
    added.append(RowLevelSecurity(name=short_name(meta.db_table, "rls")))
    meta.constraints = [*meta.constraints, *added]
    meta.original_attrs["constraints"] = meta.constraints


def spare_indexes(model: type[models.Model]) -> None:
    """No index of its own for a key that stands behind the tenant in another one: each write would pay for both."""
    meta = model._meta
    whole = [each for each in (*meta.indexes, *meta.constraints) if not getattr(each, "condition", None)]
    led = {tuple(getattr(each, "fields", ()))[:2] for each in whole}
    for field in meta.local_fields:
        if isinstance(field, TenantForeignKey) and ("tenant", field.name) in led:
            field.db_index = False  # type: ignore[attr-defined]


class_prepared.connect(lock_tenant_tables, dispatch_uid="tenants.lock_tenant_tables")
