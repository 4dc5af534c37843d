"""Write what the dry run showed, all of it in one transaction, and put down enough to take it back.

People who edit meanwhile wait a moment or win: records are held before they are compared. What a person wrote stays,
unless the change was chosen in the dry run.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils import timezone

from accounts.importing import facts
from accounts.importing.checking import compare
from accounts.importing.mapping import remember, signature
from accounts.importing.records import record_type_of
from accounts.importing.statements import Statements
from accounts.importing.words import Severity, severity_of
from accounts.models import Import, ImportMapping
from accounts.models.imports import ImportState
from accounts.sheet.counting import count_imported

Tell = Callable[[int, int], None]


class Stopped(Exception):
    """A person stopped it: nothing may be kept."""


class Outdated(Exception):
    """The records changed since the dry run in a way that makes rows wrong: it has to be shown again."""


def apply(batch: Import, today: date, tell: Tell = lambda done, total: None) -> None:
    """Write the good rows. The caller's transaction makes it all or nothing. Raises Stopped or Outdated."""
    statements = Statements(record_type_of(batch), batch)
    statements.lock()
    statements.hold_records()
    statements = statements.laid_out()
    _refuse_if_outdated(batch, statements)
    defaults = defaults_of(batch, today)
    batch.began_at = timezone.now()
    created = changed = 0
    chunks = list(batch.chunks.order_by("number").values_list("number", "first_line", "last_line"))
    for done, (number, first, last) in enumerate(chunks):
        tell(done * batch.rows // len(chunks), batch.rows)
        if Import.objects.filter(pk=batch.pk, stop_requested=True).exists():
            raise Stopped
        statements.write_changes(number, defaults, today)
        created += statements.insert_records(first, last)
    if statements.record_type.tree:
        statements.place_records()
    for _number, first, last in chunks:
        changed += statements.update_records(first, last)
        if statements.record_type.has_facts:
            facts.note(
                statements, first, last, source=batch.file_name, as_of=batch.summary.get("as_of") or today
            )
    asked = facts.ask(statements) if batch.choice("ask_unknowns", True) else 0
    count_imported(batch.pk)
    tell(batch.rows, batch.rows)
    _refuse_what_was_not_shown(batch, created, changed)
    _remember_mapping(batch)
    batch.state, batch.applied_at = ImportState.DONE, timezone.now()
    same = batch.summary["good"] - created - changed
    batch.summary = {**batch.summary, "created": created, "updated": changed, "same": same, "asked": asked}
    batch.save(update_fields=["state", "began_at", "applied_at", "summary"])


def defaults_of(batch: Import, today: date) -> dict[str, Any]:
    """Column values for new records where the file says nothing, as chosen in the dry run."""
    if batch.record_type != "accounts":
        return record_type_of(batch).defaults(batch)
    return {"stage": batch.choice("stage", "prospect"), "csm_id": batch.choice("csm"), "stage_since": today}


def _refuse_if_outdated(batch: Import, statements: Statements) -> None:
    left_out, batch.left_out = batch.left_out, []
    found = {
        finding.line for finding in compare(batch, statements) if severity_of(finding.code) is Severity.ERROR
    }
    batch.left_out = left_out
    if not found.issubset(left_out):
        raise Outdated


def _refuse_what_was_not_shown(batch: Import, created: int, changed: int) -> None:
    """Rows that were new in the dry run may be known by now, from another import: the same is fine, a change is none
    that anybody has seen. Changes of values that people wrote were shown, and may have been chosen.
    """
    shown = batch.summary["changed"] + sum(batch.summary["kept"].values())
    if created < batch.summary["new"] and changed > shown:
        raise Outdated


def _remember_mapping(batch: Import) -> None:
    header = batch.layout["header"]
    ImportMapping.objects.update_or_create(
        record_type=batch.record_type,
        signature=signature(header),
        defaults={"targets": remember(header, batch.targets), "used_at": timezone.now()},
    )
