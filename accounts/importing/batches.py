"""The life of an import, step by step. Pages ask for a step and a job does it; the command does them in a row.

A step begins with a state that says it is wanted, and ends with one that says what came of it. Doing a step that is not
wanted (any more) does nothing, so a doorbell may ring twice.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from uuid import uuid4

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from accounts.importing.applying import Outdated, Stopped, apply
from accounts.importing.checking import check
from accounts.importing.findings import Question, Refusal
from accounts.importing.staging import stage
from accounts.importing.undoing import undo
from accounts.models import Import
from accounts.models.imports import ImportState
from tenants import jobs
from tenants.models import Membership
from tenants.scope import current_member, current_tenant, tenant_scope

Tell = Callable[[int, int], None]


def _silent(done: int, total: int) -> None:
    """Nobody watches."""


def keep(
    upload: File, record_type: str, member: Membership, *, choices: dict[str, Any] | None = None
) -> Import:
    """An import of this file, which is kept under a name of our own; nothing is read yet."""
    batch = Import(record_type=record_type, made_by=member, choices=choices or {})
    batch.file_name, batch.file_size = Path(upload.name or "").name[-255:], upload.size
    batch.stored_as = default_storage.save(f"imports/{member.tenant_id}/{uuid4().hex}", upload)
    batch.save()
    return batch


def receive(upload: File, record_type: str, member: Membership, **choices: Any) -> Import:
    """Keep an uploaded file and ask for it to be read."""
    batch = keep(upload, record_type, member, choices=choices)
    jobs.enqueue("import.read", {"batch": str(batch.pk)})
    return batch


def want(batch: Import, state: ImportState, **changes: Any) -> None:
    """Ask for the step that `state` stands for."""
    for name, value in changes.items():
        setattr(batch, name, value)
    batch.state = state
    batch.save(update_fields=["state", *changes])
    jobs.enqueue(JOBS[state], {"batch": str(batch.pk)})


def read(batch: Import, tell: Tell = _silent) -> None:
    """From the stored file to the dry run, to a question, or to a refusal."""
    if batch.state != ImportState.READING:
        return
    try:
        with _local_copy(batch) as path, transaction.atomic():
            stage(batch, path, tell)
    except Refusal as refusal:
        _end(batch, ImportState.REFUSED, refusal.finding.as_dict())
    except Question as question:
        _end(batch, ImportState.ASKING, {"about": question.about, "answers": question.answers})
    else:
        batch.state = ImportState.CHECKING
        look(batch, tell)


def look(batch: Import, tell: Tell = _silent) -> None:
    """The dry run, again after every decision that matters."""
    if batch.state == ImportState.CHECKING:
        check(batch, tell)
        _end(batch, ImportState.CHECKED, batch.problem)


def write(batch: Import, tell: Tell = _silent) -> None:
    """All of it, or nothing of it when it is stopped or when the dry run no longer holds."""
    if batch.state != ImportState.APPLYING:
        return
    try:
        with tenant_scope(current_tenant(), member=current_member(), actor=f"import:{batch.pk}"):
            apply(batch, timezone.localdate(), tell)
    except Stopped:
        batch.stop_requested = False
        batch.save(update_fields=["stop_requested"])
        _end(batch, ImportState.CHECKED, {"code": "stopped"})
    except Outdated:
        check(batch, tell)
        _end(batch, ImportState.CHECKED, {"code": "outdated"})


def take_back(batch: Import, tell: Tell = _silent) -> None:
    if batch.state == ImportState.UNDOING:
        undo(batch, tell)


JOBS = {
    ImportState.READING: "import.read",
    ImportState.CHECKING: "import.look",
    ImportState.APPLYING: "import.write",
    ImportState.UNDOING: "import.take_back",
}
STEPS: dict[str, Callable[[Import, Tell], None]] = {
    "import.read": read,
    "import.look": look,
    "import.write": write,
    "import.take_back": take_back,
}


def forget_files(older_than: datetime) -> int:
    """Delete the staged rows and the stored files of imports that can no longer be undone; what they changed is kept."""
    count = 0
    for batch in Import.objects.older_than(older_than).exclude(stored_as=""):
        default_storage.delete(batch.stored_as)
        batch.chunks.all().delete()
        batch.stored_as = ""
        batch.save(update_fields=["stored_as"])
        count += 1
    return count + _forget_strays(older_than)


def _forget_strays(older_than: datetime) -> int:
    """Files whose upload was cut off before its import was noted: nobody would ever ask for them."""
    folder, count = f"imports/{current_tenant().pk}", 0
    if not default_storage.exists(folder):
        return 0
    known = set(Import.objects.exclude(stored_as="").values_list("stored_as", flat=True))
    for name in default_storage.listdir(folder)[1]:
        path = f"{folder}/{name}"
        if path not in known and default_storage.get_modified_time(path) < older_than:
            default_storage.delete(path)
            count += 1
    return count


def _end(batch: Import, state: ImportState, problem: dict[str, Any]) -> None:
    batch.state, batch.problem = state, problem
    batch.save(update_fields=["state", "problem"])


@contextmanager
def _local_copy(batch: Import) -> Iterator[Path]:
    """The stored file as one on this machine: the process that reads it knows nothing of storages."""
    try:
        yield Path(default_storage.path(batch.stored_as))
    except NotImplementedError:
        with NamedTemporaryFile() as copy, default_storage.open(batch.stored_as) as stored:
            for block in stored.chunks():
                copy.write(block)
            copy.flush()
            yield Path(copy.name)
