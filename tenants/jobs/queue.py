"""Asking for work, and looking how far it is."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from tenants.jobs.registry import Payload, find
from tenants.models.job_slot import JobSlot
from tenants.scope import current_member, current_scope, current_tenant

log = logging.getLogger("masume.jobs")
TURN = timedelta(seconds=1)


def enqueue(name: str, payload: Payload | None = None, *, at: datetime | None = None) -> JobSlot:
    """A slot for the tenant in scope, saved with the caller's transaction; ``at`` makes it wait until then.

    While one with the same payload is still waiting, that one is given back.
    """
    job, payload, now = find(name), payload or {}, timezone.now()
    rank, due_at = 1 if job.urgent else 5, at or now
    slot, is_new = JobSlot.objects.get_or_create(
        tenant=current_tenant(),
        job=name,
        payload=payload,
        state="waiting",
        defaults={
            "slot_start": now,
            "due_at": due_at,
            "turn_at": lambda: turn(rank, due_at),
            "rank": rank,
            "requester": current_member(),
            "request": current_scope().request_id,
        },
    )
    if is_new and (at is None or at <= now):
        transaction.on_commit(ring, robust=True)
    return slot


def turn(rank: int, due_at: datetime) -> datetime:
    """With what is served next, or behind what the tenant has waiting already: tenants are served in turn."""
    waiting = JobSlot.objects.due().filter(rank=rank, tenant__is_suspended=False).order_by("turn_at")
    head = waiting.values_list("turn_at", flat=True).first()
    last = waiting.filter(tenant=current_tenant()).aggregate(last=Max("turn_at"))["last"]
    now = min(head, due_at) if head else due_at
    return max(now, last + TURN) if last else now


def latest(name: str, payload: Payload | None = None) -> JobSlot | None:
    """The newest slot of the tenant in scope for this work."""
    slots = JobSlot.objects.filter(tenant=current_tenant(), job=name, payload=payload or {})
    return slots.order_by("-slot_start").first()


def ring(times: int = 1) -> None:
    """Wake workers. When the broker does not answer, nothing is lost: the next tick rings again."""
    from tenants.tasks import work

    try:
        for _ in range(times):
            work.apply_async(retry=False, expires=600)
    except Exception as error:  # noqa: BLE001  whatever the broker's client raises
        log.warning("the broker does not answer", exc_info=error)
