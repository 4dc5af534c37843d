"""Leases: who works on a slot, until when, and what becomes of it. Every statement asks whether it is still ours."""

from datetime import timedelta
from uuid import uuid4

from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Now

from tenants.models.job_slot import JobSlot, JobSlotQuerySet, SlotState

LEASE = timedelta(seconds=60)
ATTEMPTS = 5
PAUSE = timedelta(seconds=15)
SILENT = "the worker fell silent"


class LeaseLost(RuntimeError):
    """Another worker may have this slot by now; nothing of ours may be committed."""


def claim(*, is_alone: bool = True) -> JobSlot | None:
    """Take the next due slot that nobody else is taking; the attempt is counted before the work begins.

    Work that was asked for again while it runs waits for the first to end. What may have taken a whole worker along is
    only given to one who ``is_alone`` in its process: the others beside it would lose their attempt with it.
    """
    same = {"tenant": OuterRef("tenant"), "job": OuterRef("job"), "payload": OuterRef("payload")}
    due = JobSlot.objects.due() if is_alone else JobSlot.objects.due().exclude(error=SILENT)
    with transaction.atomic():
        slot = (
            due.filter(
                ~Exists(JobSlot.objects.filter(state=SlotState.RUNNING, **same)), tenant__is_suspended=False
            )
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("tenant", "requester__user")
            .first()
        )
        if slot is None:
            return None
        worker = uuid4()
        JobSlot.objects.filter(pk=slot.pk).update(
            state=SlotState.RUNNING,
            worker=worker,
            lease_until=Now() + LEASE,
            attempts=F("attempts") + 1,
            started_at=Now(),
            steps_done=0,
            steps_total=0,
            error="",
        )
    slot.worker, slot.state, slot.attempts = worker, SlotState.RUNNING, slot.attempts + 1
    return slot


def hold(slot: JobSlot, steps: tuple[int, int]) -> None:
    """Lengthen the lease and show progress; raises LeaseLost when it is not ours any more."""
    done, total = steps
    if not ours(slot).update(lease_until=Now() + LEASE, steps_done=done, steps_total=total):
        raise LeaseLost(str(slot))


def finish(slot: JobSlot, steps: tuple[int, int]) -> None:
    """Done, in the transaction of the effects."""
    done, total = steps
    end = {"state": SlotState.DONE, "finished_at": Now(), "lease_until": None}
    if not ours(slot).update(**end, steps_done=done, steps_total=total):
        raise LeaseLost(str(slot))


def fail(slot: JobSlot, error: str, *, final: bool = False) -> bool:
    """Wait and try again, or give up for good; True when it is given up."""
    final = final or slot.attempts >= ATTEMPTS
    told = {"error": error.replace("\0", "")[:2000], "lease_until": None}
    if not final:
        pause = PAUSE * 2 ** (slot.attempts - 1)
        try:
            with transaction.atomic():
                ours(slot).update(**told, state=SlotState.WAITING, due_at=Now() + pause)
        except IntegrityError:  # the same work was asked for again meanwhile: that slot does it
            ours(slot).update(**told, state=SlotState.DONE, finished_at=Now())
        return False
    ours(slot).update(**told, state=SlotState.DEAD, finished_at=Now())
    return True


def sweep() -> int:
    """Slots of workers that fell silent wait again, or die after their last attempt. Called inside a transaction."""
    swept = 0
    for slot in JobSlot.objects.abandoned().select_for_update(skip_locked=True):
        swept += 1
        fail(slot, SILENT)
    return swept


def alone_with(slot: JobSlot) -> None:
    """Until the end of the transaction nobody else does the same work: who lost the lease may not know it yet."""
    with connection.cursor() as cursor:
        key = f"{slot.tenant_id} {slot.job} {sorted(slot.payload.items())}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def ours(slot: JobSlot) -> JobSlotQuerySet:
    """The slot, as long as this worker's lease on it was not given to another."""
    return JobSlot.objects.filter(pk=slot.pk, worker=slot.worker, state=SlotState.RUNNING)
