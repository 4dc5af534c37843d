"""What operators and admins see of the work, and what operators do about it. Slots are global rows without tenant data."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from tenants.jobs.queue import ring
from tenants.models import Tenant
from tenants.models.job_slot import JobSlot, JobSlotQuerySet, SlotState

RECENT = timedelta(days=30)
PUT_ASIDE = "put aside by an operator"


def of_note(tenant: Tenant) -> JobSlotQuerySet:
    """For a tenant's admin: what could not be done within 30 days, what runs, and what waits for another attempt."""
    recent = Q(finished_at__gte=timezone.now() - RECENT)
    ended = Q(state__in=(SlotState.DEAD, SlotState.GIVEN_UP)) & recent
    going_on = Q(state=SlotState.RUNNING) | Q(state=SlotState.WAITING, attempts__gt=0)
    return JobSlot.objects.filter(ended | going_on, tenant=tenant)


def retry(slots: Iterable[JobSlot]) -> list[JobSlot]:
    """Dead and given up work waits again, with all its attempts; gives those that do.

    Where the same work waits already, that does it, and the old one counts as settled.
    """
    again = [slot for slot in slots if _wait_again(slot)]
    transaction.on_commit(ring, robust=True)
    return again


def _wait_again(slot: JobSlot) -> bool:
    ended = JobSlot.objects.filter(pk=slot.pk, state__in=(SlotState.DEAD, SlotState.GIVEN_UP))
    fresh = {"state": SlotState.WAITING, "attempts": 0, "error": "", "finished_at": None, "worker": None}
    try:
        with transaction.atomic():
            return bool(ended.update(**fresh, due_at=Now(), turn_at=Now()))
    except IntegrityError:
        ended.update(state=SlotState.GIVEN_UP)
        return False


def put_aside(slots: Iterable[JobSlot]) -> int:
    """Settle dead work without doing it, and end what waits or runs: what a worker holds is not committed any more."""
    open_ones = JobSlot.objects.filter(pk__in=[slot.pk for slot in slots]).exclude(
        state__in=(SlotState.DONE, SlotState.GIVEN_UP)
    )
    settled = open_ones.filter(state=SlotState.DEAD).update(state=SlotState.GIVEN_UP)
    ended = {"state": SlotState.GIVEN_UP, "lease_until": None, "finished_at": Now(), "error": PUT_ASIDE}
    return settled + open_ones.update(**ended)
