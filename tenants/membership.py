"""What happens to a place in a tenant: another role, a leave, its end. The last admin always stays."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tenants import succession
from tenants.editing.saving import Refused
from tenants.models import ApiToken, Membership
from tenants.roles import Role


@transaction.atomic
def change_role(member: Membership, role: str, *, seen: str) -> None:
    """``seen`` is the role that stood on the page; another one now means that somebody else was faster."""
    if role not in Role.values or role == Role.GUEST:
        raise ValidationError(_("選べる役割の中から選んでください"))
    if role != Role.ADMIN:
        keep_an_admin(member)
    standing = Membership.objects.filter(pk=member.pk, role=seen, removed_at=None)
    if seen not in Role.values or not standing.update(role=role):
        raise ValidationError(_("ほかの人が先に変えました。画面を開き直してください"))


@transaction.atomic
def remove(member: Membership, successors: Mapping[UUID, UUID]) -> None:
    """Hand everything over and end the membership; the next request of the person finds no door."""
    keep_an_admin(member)
    left = [e.account for e in succession.estates_of(member) if e.account not in successors]
    if left:
        raise ValidationError(_("あと%(count)s社の引き継ぎ先を決めてください") % {"count": len(left)})
    succession.hand_over(member, successors)
    Membership.objects.filter(deputy=member).update(deputy=None)
    ApiToken.objects.filter(member=member, revoked_at=None).update(revoked_at=timezone.now())
    Membership.objects.filter(pk=member.pk).update(removed_at=timezone.now(), deputy=None)


@transaction.atomic
def plan_leave(member: Membership, first: date | None, last: date | None, deputy: Membership | None) -> None:
    member.leave_from, member.leave_until, member.deputy = first, last, deputy
    member.full_clean(validate_unique=False, validate_constraints=False, exclude=["tenant", "user"])
    try:
        with transaction.atomic():
            member.save(update_fields=["leave_from", "leave_until", "deputy"])
    except IntegrityError as error:  # PostgreSQL decides: Django's own check goes on when its question fails
        raise Refused.by(Membership, error) from error


def keep_an_admin(member: Membership) -> None:
    """Raise for the last admin. Locks the admins, so that two cannot leave at the same moment."""
    admins = Membership.objects.in_tenant(member.tenant_id).filter(role=Role.ADMIN, removed_at=None)
    remaining = [admin.pk for admin in admins.select_for_update().order_by("pk")]
    if member.pk in remaining and len(remaining) == 1:
        raise ValidationError(
            _("最後の管理者は、外すことも役割を変えることもできません。先に別の人を管理者にしてください")
        )
