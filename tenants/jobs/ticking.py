"""The tick, every 15 seconds: open what is due for every tenant, sweep lost leases, wake workers."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from tenants.jobs import claiming, queue
from tenants.jobs.schedule import Entry
from tenants.models import Canary, JobSlot, Tenant

log = logging.getLogger("masume.jobs")
TICKING = 7_461_001  # the advisory lock: one tick at a time, however many clocks there are
WAKE_AT_MOST = 4


def tick(timetable: Sequence[Entry], now: datetime) -> int:
    """Gives how many slots were opened. Late, doubled or missing ticks do no harm."""
    with transaction.atomic():
        if not alone():
            return 0
        Canary.objects.update_or_create(name="worker", defaults={"seen_at": now})
        if swept := claiming.sweep():
            log.warning("%s leases were lost and are open again", swept)
        opened = open_due(timetable, now)
    queue.ring(min(JobSlot.objects.due().count(), WAKE_AT_MOST))
    return opened


def alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [TICKING])
        return bool(cursor.fetchone()[0])


def open_due(timetable: Sequence[Entry], now: datetime) -> int:
    """For each tenant and entry the latest due moment, once: what was missed is done once, not once per day."""
    due = [
        JobSlot(tenant=tenant, job=entry.job, slot_start=start, due_at=start, turn_at=start)
        for tenant in Tenant.objects.filter(is_suspended=False)
        for entry in timetable
        for start in [entry.latest(now, tenant.zone)]
    ]
    if not due:
        return 0
    known = opened_since(min(slot.slot_start for slot in due), [entry.job for entry in timetable])
    fresh = [slot for slot in due if (slot.tenant_id, slot.job, slot.slot_start) not in known]
    # A clock that went on while we looked opened the same slot: the unique key lets it in once.
    JobSlot.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def opened_since(moment: datetime, jobs: list[str]) -> set[tuple[UUID, str, Any]]:
    slots = JobSlot.objects.filter(job__in=jobs, payload={}, slot_start__gte=moment)
    return set(slots.values_list("tenant_id", "job", "slot_start"))
