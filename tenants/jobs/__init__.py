"""Background work of a tenant: a row in PostgreSQL says what is to be done, a worker claims it with a lease.

Register a kind of work, in ``<room>/jobs.py`` (found by itself)::

    @job("import.apply", urgent=True, actor=lambda payload: f"import:{payload['batch']}")
    def run(payload: Payload, beat: Beat) -> None:
        batch = ImportBatch.objects.get(pk=payload["batch"])
        for done, row in enumerate(rows):
            beat(done, len(rows))        # shows progress; raises LeaseLost when another worker took over

Ask for it, inside a tenant scope (a view, another job)::

    jobs.enqueue("import.apply", {"batch": str(batch.pk)})     # payload: ids only, under 2 kB
    jobs.latest("import.apply", {"batch": str(batch.pk)})      # its JobSlot: state, steps_done, steps_total, error

``run`` is called inside the tenant's scope, in one transaction with the mark "done": both happen or neither. The
requester is ``current_member()``; the slot may run long after the click, so ask ``require("…")`` again. An
exception rolls back and tries again with growing pauses, five times in all; ``GiveUp("…")`` ends it at once. So
``run`` must not mind being started twice.
Work that must not sit in one transaction (mail, chunks) says ``@job("…", atomic=False)`` and opens
``with beat.scope():`` itself, as often as it likes; each such block is committed only while the lease is ours.

Tests: ``jobs.work(watched=False)`` does everything that is due in this thread and transaction.
"""

from tenants.jobs.claiming import LeaseLost
from tenants.jobs.queue import enqueue, latest, ring
from tenants.jobs.registry import GiveUp, Job, Payload, job, load
from tenants.jobs.ticking import tick
from tenants.jobs.working import Beat, work

__all__ = [
    "Beat",
    "GiveUp",
    "Job",
    "LeaseLost",
    "Payload",
    "enqueue",
    "job",
    "latest",
    "load",
    "ring",
    "tick",
    "work",
]
