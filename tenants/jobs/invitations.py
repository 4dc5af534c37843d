"""Mailing invitations. The link is made here, so that its token is nowhere but in the mail."""

from django.utils.translation import gettext_lazy as _

from tenants import inviting
from tenants.jobs.registry import Payload, job
from tenants.jobs.working import Beat
from tenants.models import Invitation


@job("invitation.mail", urgent=True, atomic=False, label=_("招待メールの送信"))
def send(payload: Payload, beat: Beat) -> None:
    """A repeat after a crash mails a newer link; the newest one works."""
    with beat.scope():
        pending = Invitation.objects.of(beat.tenant).pending().select_related("tenant", "invited_by__user")
        invitation = pending.filter(pk=payload["invitation"]).first()
        if invitation is None:
            return
        address = inviting.reissue(invitation)
    inviting.message(invitation, address).send()
