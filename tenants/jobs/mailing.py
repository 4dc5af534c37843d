"""Sending what the outbox holds. Nothing is sent inside a transaction; what was sent is noted in the next one."""

from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.jobs.claiming import ATTEMPTS
from tenants.jobs.registry import Payload, job
from tenants.jobs.working import Beat
from tenants.models import OutboxMail, Tenant
from tenants.models.outbox import MailState


@job("mail", atomic=False, label=_("メールの送信"))
def send(payload: Payload, beat: Beat) -> None:
    """One mail. Killed between the server's answer and our note, it goes out again under the same Message-ID."""
    with beat.scope():
        mail = OutboxMail.objects.exclude(state=MailState.SENT).filter(pk=payload["mail"]).first()
        if mail is None:
            return
        OutboxMail.objects.filter(pk=mail.pk).update(state=MailState.SENDING)
    try:
        message(mail, beat.tenant).send()
    except Exception as error:
        is_last = beat.slot.attempts >= ATTEMPTS
        with beat.scope():
            state = MailState.DEAD if is_last else MailState.PENDING
            OutboxMail.objects.filter(pk=mail.pk).update(
                state=state, error=f"{type(error).__name__}: {error}"[:500]
            )
        raise
    with beat.scope():
        OutboxMail.objects.filter(pk=mail.pk).update(state=MailState.SENT, sent_at=timezone.now(), error="")


def message(mail: OutboxMail, tenant: Tenant) -> EmailMessage:
    """As the tenant sends it: its name before our address, its own address for answers."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return EmailMessage(
        mail.subject,
        mail.body,
        from_email=formataddr((tenant.sender_name or name, address)),
        to=[mail.to],
        reply_to=[tenant.reply_to] if tenant.reply_to else None,
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
    )
