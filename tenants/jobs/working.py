"""A worker's side: claim a slot, do it inside its tenant, keep the lease alive meanwhile."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import date
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, Error, connection, connections
from django.utils import timezone

from tenants.jobs import claiming, queue, registry
from tenants.jobs.claiming import LeaseLost
from tenants.jobs.registry import GiveUp, Job
from tenants.logs import describe
from tenants.models import Membership, Tenant
from tenants.models.job_slot import JobSlot
from tenants.scope import tenant_scope

log = logging.getLogger("masume.jobs")
LOOK_EVERY = 1.0  # seconds between two looks at the progress
RENEW_EVERY = 10.0  # seconds between two renewals of the lease when there is no progress
SHIFT = 30.0  # seconds after which a doorbell hands over to a fresh one: ticks stand in the same queue
PATIENCE = 5.0  # seconds to wait while somebody else in this process has to be alone


class Beat:
    """What a job says and asks while it runs."""

    def __init__(self, slot: JobSlot, job: Job) -> None:
        self.slot, self.job = slot, job
        self.steps = (0, 0)
        self.is_lost = False

    def __call__(self, done: int = 0, total: int = 0) -> None:
        """``done`` of ``total`` steps; raises LeaseLost when the work is no longer ours."""
        self.steps = (done, total)
        if self.is_lost:
            raise LeaseLost(str(self.slot))

    @property
    def tenant(self) -> Tenant:
        return self.slot.tenant

    @property
    def today(self) -> date:
        return timezone.localdate(timezone=self.tenant.zone)

    @property
    def requester(self) -> Membership | None:
        """Who asked for it, if they still belong to the tenant."""
        member = self.slot.requester
        return member if member and not member.removed_at and member.user.is_active else None

    @contextmanager
    def scope(self, *, last: bool = False) -> Iterator[None]:
        """One transaction in the tenant's scope and time zone, committed only if the lease is still ours.

        The ``last`` one marks the slot as done.
        """
        actor = self.job.actor(self.slot.payload)
        with (
            timezone.override(self.tenant.zone),
            tenant_scope(self.tenant, member=self.requester, actor=actor, request_id=str(self.slot.pk)),
        ):
            yield
            # The last statement before the commit holds the slot's row: nobody takes it over in between.
            (claiming.finish if last else claiming.hold)(self.slot, self.steps)


def work(*, watched: bool = True) -> int:
    """Do what is due until nothing is left or the shift is over; gives how many slots were worked on.

    ``watched=False`` leaves out the thread that keeps the lease alive (tests inside one transaction).
    """
    began, count = time.monotonic(), 0
    while time.monotonic() - began < SHIFT:
        if not next_slot(watched=watched):
            return count
        count += 1
    queue.ring()
    return count


def next_slot(*, watched: bool) -> bool:
    """Do one slot; False when there is none for us."""
    with COMPANY.joined() as is_alone:
        if is_alone is None or (slot := claiming.claim(is_alone=is_alone)) is None:
            return False
        if slot.error != claiming.SILENT:
            COMPANY.open()
        perform(slot, watched=watched)
    return True


class Company:
    """Who works beside whom in this process, when a worker has threads. Prefork children are always alone."""

    def __init__(self) -> None:
        self.door, self.members, self.is_closed = threading.Condition(), 0, False

    @contextmanager
    def joined(self) -> Iterator[bool | None]:
        """True when nobody else is there; the door is closed then until ``open()``. None when it stayed closed."""
        with self.door:
            if not self.door.wait_for(lambda: not self.is_closed, PATIENCE):
                yield None
                return
            self.members += 1
            self.is_closed = is_alone = self.members == 1
        try:
            yield is_alone
        finally:
            self.open(leaving=1)

    def open(self, *, leaving: int = 0) -> None:
        with self.door:
            self.members -= leaving
            self.is_closed = False
            self.door.notify_all()


COMPANY = Company()


def perform(slot: JobSlot, *, watched: bool = True) -> None:
    """One claimed slot, to its end or to its next attempt."""
    try:
        beat = Beat(slot, registry.find(slot.job))
        with heartbeat(beat) if watched else nullcontext():
            run(beat)
        log.info("job done", extra=facts(slot))
    except LeaseLost:
        log.warning("lease lost", extra=facts(slot))
    except GiveUp as error:
        claiming.fail(slot, str(error), final=True)
        log.error("job given up", extra=facts(slot))
    except Exception as error:  # noqa: BLE001  whatever a job raises is kept in its row
        is_dead = claiming.fail(slot, told(error))
        log.exception("job given up" if is_dead else "job will be tried again", extra=facts(slot))


def facts(slot: JobSlot) -> dict[str, Any]:
    """Which work of which tenant it is, which attempt, and the request that asked for it."""
    named = {"tenant": str(slot.tenant_id), "job": slot.job, "slot": str(slot.pk), "attempt": slot.attempts}
    return named | ({"request": slot.request} if slot.request else {})


def told(error: Exception) -> str:
    """A database quotes the row that it refuses, and slots hold no tenant's data."""
    return describe(error) if isinstance(error, DatabaseError) else f"{type(error).__name__}: {error}"


def run(beat: Beat) -> None:
    if not beat.job.atomic:
        beat.job.run(beat.slot.payload, beat)
        claiming.finish(beat.slot, beat.steps)
        return
    with beat.scope(last=True):
        claiming.alone_with(beat.slot)
        beat.job.run(beat.slot.payload, beat)


@contextmanager
def heartbeat(beat: Beat) -> Iterator[None]:
    """A thread with its own connection renews the lease and writes the progress while the block runs."""
    stop = threading.Event()
    at_work = connections[DEFAULT_DB_ALIAS]  # of the thread that works
    thread = threading.Thread(
        target=keep, args=(beat, stop, at_work), name=f"lease of {beat.slot.job}", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(5)


def keep(beat: Beat, stop: threading.Event, at_work: Any) -> None:
    """Until told to stop: hold the lease, through a database that is away for a moment, and end what ends never."""
    began = renewed = time.monotonic()
    shown = beat.steps
    try:
        while not stop.wait(LOOK_EVERY):
            now = time.monotonic()
            if now - began > beat.job.limit.total_seconds():
                return cut_short(beat, at_work)
            if beat.steps == shown and now - renewed < RENEW_EVERY:
                continue
            try:
                claiming.hold(beat.slot, beat.steps)
                shown, renewed = beat.steps, now
            except Error as error:  # the commit asks again whether the lease is ours
                log.warning("cannot renew the lease", extra=facts(beat.slot), exc_info=error)
                connection.close()
    except LeaseLost:
        beat.is_lost = True
    finally:
        connection.close()


def cut_short(beat: Beat, at_work: Any) -> None:
    """The attempt has failed; what it asks of the database ends at once, and nothing of it is committed."""
    beat.is_lost = True
    log.error("job ran too long", extra=facts(beat.slot))
    claiming.fail(beat.slot, f"ran longer than {beat.job.limit}")
    if at_work.connection is not None:
        at_work.connection.cancel()
