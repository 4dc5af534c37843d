"""Inviting people: one open invitation per address, a link that is shown or mailed once, an acceptance."""

import secrets
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from tenants.models import Invitation, Membership, Tenant, User
from tenants.models.membership import digest
from tenants.roles import Role
from tenants.scope import tenant_scope


def invite(
    tenant: Tenant, email: str, role: str, *, name: str = "", by: Membership | None = None
) -> tuple[Invitation, str]:
    """The invitation and its link. Who was invited already gets a new link; the one before stops working."""
    email = email.strip().lower()
    Invitation.objects.of(tenant).pending().filter(email=email).update(withdrawn_at=timezone.now())
    invitation, token = Invitation.issue(tenant=tenant, email=email, role=role, name=name, invited_by=by)
    return invitation, link(token)


def renew(invitation: Invitation, *, by: Membership | None) -> tuple[Invitation, str]:
    """The same invitation for another seven days, with a new link."""
    return invite(invitation.tenant, invitation.email, invitation.role, name=invitation.name, by=by)


def withdraw(invitation: Invitation) -> None:
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])


def find(token: str) -> Invitation | None:
    return (
        Invitation.objects.filter(token_hash=digest(token))
        .select_related("tenant", "invited_by__user")
        .first()
    )


@transaction.atomic
def accept(invitation: Invitation, user: User) -> Membership | None:
    """A place in the tenant for ``user``, again if they had left; None when the invitation is used up."""
    held = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not held.is_open:
        return None
    with tenant_scope(invitation.tenant, actor=f"invitation:{held.pk}"):
        return take_place(held, user)


def take_place(held: Invitation, user: User) -> Membership:
    held.accepted_at = timezone.now()
    held.save(update_fields=["accepted_at"])
    place, is_new = Membership.objects.get_or_create(
        tenant_id=held.tenant_id, user=user, defaults={"role": held.role}
    )
    if not is_new and place.removed_at:
        place.role, place.removed_at, place.joined_at = held.role, None, timezone.now()
        place.leave_from = place.leave_until = place.deputy = None
        place.save()
    return place


def invitable(by: Membership) -> list[tuple[str, Any]]:
    """Roles that ``by`` may hand out: nobody makes somebody more than they are themselves."""
    roles = [role for role in Role if role is not Role.GUEST]
    if by.role != Role.ADMIN:
        roles.remove(Role.ADMIN)
    return [(role.value, role.label) for role in roles]


def send(invitation: Invitation, address: str) -> None:
    """Mail the link when the transaction is through. With SMTP a worker does it, with a link of its own making:
    no token is ever stored. Without, the mail stays a file for the operator and carries ``address``."""
    from tenants import jobs

    if settings.HAS_SMTP:
        jobs.enqueue("invitation.mail", {"invitation": str(invitation.pk)})
    else:
        transaction.on_commit(message(invitation, address).send, robust=True)


def reissue(invitation: Invitation) -> str:
    """A new link in place of the one before, for as long as the invitation lasts."""
    token = secrets.token_urlsafe(32)
    invitation.token_hash = digest(token)
    invitation.save(update_fields=["token_hash"])
    return link(token)


def message(invitation: Invitation, address: str) -> EmailMessage:
    context = {"invitation": invitation, "link": address, "by": invitation.invited_by}
    return EmailMessage(
        subject=_("%(tenant)sへの招待") % {"tenant": " ".join(invitation.tenant.name.split())},
        body=render_to_string("tenants/mail/invitation.txt", context),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[invitation.email],
        headers={"Auto-Submitted": "auto-generated"},
    )


def link(token: str) -> str:
    return f"{settings.PUBLIC_URL.rstrip('/')}/invitations/{token}/"
