from django.db import models

from tenants.fields import TenantForeignKey
from tenants.owned import TenantOwned


class IdempotencyKey(TenantOwned):
    """A create that was already done: the same key again gets the same answer (kept for a day)."""

    holds_copies = True

    member = TenantForeignKey("tenants.Membership", models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    location = models.TextField(default="")
    body = models.TextField(default="")

    class Meta(TenantOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "member", "key"], name="one_answer_per_key")]

    def __str__(self) -> str:
        return self.key


class EditorMark(TenantOwned):
    """The last save one open page made to one field: later ones win over earlier ones that arrive late."""

    holds_copies = True

    editor = models.CharField(max_length=64)
    record = models.UUIDField()
    field = models.CharField(max_length=60)
    seq = models.BigIntegerField()
    value = models.TextField()

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "editor", "record", "field"], name="one_mark_per_editor_and_field"
            )
        ]

    def __str__(self) -> str:
        return f"{self.field} #{self.seq}"
