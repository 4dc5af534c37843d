"""Take an import back: new records go, changed values return. What people did since stays.

A new record stays when a person wrote to it or hung something on it; a value stays when it is no longer the one the
import wrote.
"""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection
from django.utils import timezone

from accounts.importing import facts
from accounts.importing.records import record_type_of
from accounts.importing.statements import Statements
from accounts.models import Import
from accounts.models.imports import ImportState
from accounts.sheet.counting import count_imported
from tenants.history import TenantEvent
from tenants.scope import current_tenant_id

PEOPLE = ["member:%", "api:%"]  # by hand, or through a program of theirs
BATCH = 500
Tell = Callable[[int, int], None]


def undo(batch: Import, tell: Tell = lambda done, total: None) -> None:
    """Undo what `apply` wrote, in the caller's transaction, and say how much went, returned and stayed."""
    statements = Statements(record_type_of(batch), batch)
    statements.lock()
    model = apps.get_model(statements.record_type.model)
    created = list(batch.changes.filter(created=True).values_list("record", flat=True))
    touched = touched_by_people(batch, created)
    changed = batch.changes.filter(created=False).count()
    kept = statements.restore_records()
    facts.take_back(statements)
    removed = 0
    untouched = [pk for pk in created if pk not in touched]
    for start in range(0, len(untouched), BATCH):
        model.objects.filter(pk__in=untouched[start : start + BATCH]).delete()
        removed += len(untouched[start : start + BATCH])
        tell(removed, len(untouched) + changed)
    count_imported(batch.pk)
    batch.state, batch.undone_at = ImportState.UNDONE, timezone.now()
    batch.summary = {
        **batch.summary,
        "removed": removed,
        "restored": changed - kept,
        "kept_by_people": len(touched) + kept,
    }
    batch.save(update_fields=["state", "undone_at", "summary"])


def touched_by_people(batch: Import, created: Iterable[UUID]) -> set[UUID]:
    """Those of the new records in whose history, or whose belongings' history, a person appears."""
    model = apps.get_model(record_type_of(batch).model)
    wanted = list(created)
    touched: set[UUID] = set()
    for event in apps.get_models():
        if issubclass(event, TenantEvent) and (column := _column_of(event, model)):
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT DISTINCT {column} FROM {event._meta.db_table} "
                    f"WHERE tenant_id = %s AND {column} = ANY(%s::uuid[]) AND pgh_actor LIKE ANY(%s)",
                    [current_tenant_id(), wanted, PEOPLE],
                )
                touched.update(record for (record,) in cursor.fetchall())
    return touched


def _column_of(event: type[TenantEvent], model: type) -> str:
    """The column of a history table that names a record of the model, "" when there is none."""
    if event.pgh_tracked_model is model:
        return "pgh_obj_id"
    tracked: Any = event.pgh_tracked_model
    fields = tracked._meta.local_concrete_fields
    name = next((f.name for f in fields if f.is_relation and f.related_model is model), "")
    return f"{name}_id" if name and any(f.name == name for f in event._meta.local_concrete_fields) else ""
