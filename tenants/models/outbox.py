from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.owned import TenantOwned
from tenants.scope import current_tenant


class MailState(models.TextChoices):
    PENDING = "pending", _("未送信")
    SENDING = "sending", _("送信中")
    SENT = "sent", _("送信済み")
    DEAD = "dead", _("送れなかった")


class OutboxMail(TenantOwned):
    """A mail that belongs to what was saved with it. ``key`` says what it is about: the same key is one mail.

    Its Message-ID comes from its id, so that a repeat after a crash is the same mail to the receiving side.
    """

    holds_copies = True

    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=120)
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=MailState.choices, default=MailState.PENDING)
    error = models.TextField(default="")
    sent_at = models.DateTimeField(null=True)

    class Meta(TenantOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "kind", "key"], name="one_mail_per_key")]
        indexes = [
            models.Index(fields=["tenant", "created_at"]),
            models.Index(fields=["tenant", "state"], condition=~Q(state="sent"), name="unsent_mail"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.to}"

    @classmethod
    def queue(cls, kind: str, key: str, *, to: str, subject: str, body: str) -> bool:
        """Send this once, after the transaction in hand; False when a mail of that key is there already."""
        from tenants import jobs

        fields: dict[str, Any] = {"to": to, "subject": subject.replace("\n", " ")[:200], "body": body}
        mail, is_new = cls.objects.get_or_create(tenant=current_tenant(), kind=kind, key=key, defaults=fields)
        if is_new:
            jobs.enqueue("mail", {"mail": str(mail.pk)})
        return is_new

    @property
    def message_id(self) -> str:
        return f"<{self.pk}@{self.kind}.masume>"
