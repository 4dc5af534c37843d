"""History by trigger: every write to a recorded model leaves a row with tenant, actor and request on itself."""

from typing import Any

import pghistory
import pghistory.models
from django.apps import apps
from django.db import models
from django.db.models.functions import Now

from tenants.constraints import ReadInTenant
from tenants.fields import Setting, UUIDv7
from tenants.scope import TenantManager, current_tenant_id


class TenantEvent(pghistory.models.Event):
    """One past state of one row. The app role may add and read events, never change them (see ``grants``)."""

    is_tenant_table = True

    pgh_id = models.UUIDField(primary_key=True, db_default=UUIDv7(), editable=False)  # type: ignore[assignment]
    pgh_actor = models.TextField(db_default=Setting("actor"))
    pgh_request = models.TextField(db_default=Setting("request"))

    objects = TenantManager()  # type: ignore[misc]

    class Meta:
        abstract = True
        base_manager_name = "objects"


class TenantLog(models.Model):
    """A line of a record that programs keep by themselves: when, by whom, in which request. Append only, as history."""

    is_tenant_table = True

    id = models.UUIDField(primary_key=True, db_default=UUIDv7(), editable=False)
    tenant = models.ForeignKey(
        "tenants.Tenant", models.PROTECT, default=current_tenant_id, related_name="+", db_index=False
    )
    at = models.DateTimeField(db_default=Now())
    actor = models.TextField(db_default=Setting("actor"))
    request = models.TextField(db_default=Setting("request"))

    objects = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"


def recorded(model: type[models.Model]) -> Any:
    """Class decorator: keep every insert, update and delete of ``model`` in ``<Model>Event``.

    A model may narrow which new rows are kept by ``recorded_inserts``, a condition on the row. The trigger runs once a
    statement, so that an import or a night keeps its thousands of rows in one go; the events have no other indexes
    than those that are read by.
    """
    inserts = {"condition": model.recorded_inserts} if hasattr(model, "recorded_inserts") else {}
    unsaved = [f.name for f in model._meta.local_fields if isinstance(f, models.GeneratedField)]
    unsaved += ["updated_at"]  # an event has its own moment
    indexes = [models.Index(fields=["tenant", "pgh_obj", "-pgh_created_at"])]
    if any(f.name == "account" for f in model._meta.local_fields):
        indexes.append(models.Index(fields=["tenant", "account", "-pgh_id"]))
    return pghistory.track(
        pghistory.InsertEvent(**inserts),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        base_model=TenantEvent,
        model_name=f"{model.__name__}Event",
        exclude=unsaved,
        level=pghistory.Statement,
        context_field=None,  # type: ignore[arg-type]
        obj_field=pghistory.ObjForeignKey(related_name="events", db_index=False),
        meta={"indexes": indexes},
    )(model)


class PlaceEvent(pghistory.models.Event):
    """One past state of a row that is known before a tenant is: a membership, an invitation.

    People join outside of any tenant, so events are added from anywhere; they are read within the tenant only.
    """

    pgh_id = models.UUIDField(primary_key=True, db_default=UUIDv7(), editable=False)  # type: ignore[assignment]
    pgh_actor = models.TextField(db_default=Setting("actor"))
    pgh_request = models.TextField(db_default=Setting("request"))

    objects = TenantManager()  # type: ignore[misc]

    class Meta:
        abstract = True
        base_manager_name = "objects"


def place_recorded(*fields: str) -> Any:
    """Class decorator: keep every insert of a global row of a tenant, and every change of one of ``fields``."""

    def decorate(model: type[models.Model]) -> Any:
        name = f"{model.__name__}Event"
        table = f"{model._meta.app_label}_{name.lower()}"
        return pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            base_model=PlaceEvent,
            model_name=name,
            fields=["id", "tenant", *fields],
            level=pghistory.Statement,
            context_field=None,  # type: ignore[arg-type]
            obj_field=pghistory.ObjForeignKey(related_name="events", db_index=False),
            meta={
                "indexes": [models.Index(fields=["tenant", "-pgh_id"])],
                "constraints": [ReadInTenant(name=f"{table}_read")],
            },
        )(model)

    return decorate


def append_only() -> set[type[models.Model]]:
    """Every model of which the app may add and read rows, and nothing else."""
    return {model for model in apps.get_models() if issubclass(model, TenantEvent | TenantLog | PlaceEvent)}
