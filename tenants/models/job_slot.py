from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from tenants.fields import UUIDv7


class SlotState(models.TextChoices):
    WAITING = "waiting", _("待っている")
    RUNNING = "running", _("実行中")
    DONE = "done", _("済み")
    DEAD = "dead", _("できなかった")
    GIVEN_UP = "given_up", _("取りやめた")


ENDED = (SlotState.DONE, SlotState.DEAD, SlotState.GIVEN_UP)


class JobSlotQuerySet(models.QuerySet["JobSlot"]):
    def due(self) -> Self:
        """Waiting slots whose time has come, the ones a person waits for first, tenants in turn."""
        return self.filter(state=SlotState.WAITING, due_at__lte=Now()).order_by("rank", "turn_at", "id")

    def abandoned(self) -> Self:
        """Running slots whose worker has not been heard of for a whole lease."""
        return self.filter(state=SlotState.RUNNING, lease_until__lt=Now())


class JobSlot(models.Model):
    """One piece of background work, done once. PostgreSQL decides who does it; the broker only wakes workers.

    The table is global (a worker looks for work before it knows a tenant) and holds ids, never a tenant's data.
    ``turn_at`` is when it is its tenant's turn: each further piece of work that waits already moves it back a little,
    so that a thousand of one tenant do not stand before one of another. An operator looks at what is ``DEAD``; what
    they settled by hand is ``GIVEN_UP``.
    """

    id = models.UUIDField(primary_key=True, db_default=UUIDv7(), editable=False)
    tenant = models.ForeignKey("tenants.Tenant", models.CASCADE, related_name="+")
    job = models.CharField(max_length=40)
    slot_start = models.DateTimeField()
    payload = models.JSONField(default=dict)
    rank = models.PositiveSmallIntegerField(default=5)
    requester = models.ForeignKey("tenants.Membership", models.SET_NULL, null=True, related_name="+")

    request = models.CharField(max_length=64, db_default="")  # the one that asked for it, for the log

    state = models.CharField(max_length=10, choices=SlotState.choices, default=SlotState.WAITING)
    due_at = models.DateTimeField()
    turn_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(default=0)
    worker = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    steps_done = models.PositiveIntegerField(default=0)
    steps_total = models.PositiveIntegerField(default=0)
    error = models.TextField(default="")

    objects = JobSlotQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "job", "payload", "slot_start"], name="one_slot_per_time"
            ),
            models.UniqueConstraint(
                fields=["tenant", "job", "payload"],
                condition=Q(state=SlotState.WAITING),
                name="one_waiting_slot_per_payload",
            ),
        ]
        indexes = [
            models.Index(
                fields=["rank", "turn_at", "id"], name="slots_in_turn", condition=Q(state="waiting")
            ),
            models.Index(
                fields=["tenant", "rank", "turn_at"], name="turns_of_a_tenant", condition=Q(state="waiting")
            ),
            models.Index(fields=["job"], name="dead_slots", condition=Q(state="dead")),
            models.Index(fields=["lease_until"], name="running_slots", condition=Q(state="running")),
        ]

    def __str__(self) -> str:
        return f"{self.job} {self.slot_start:%Y-%m-%d %H:%M} {self.state}"


class Canary(models.Model):
    """When a worker last took a tick from the broker: a worker that stopped consuming looks alive from outside."""

    name = models.CharField(primary_key=True, max_length=20)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.seen_at:%H:%M:%S}"
