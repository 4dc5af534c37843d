import hashlib
import secrets
from datetime import date, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.constraints import TenantKey
from tenants.fields import UUIDv7
from tenants.history import place_recorded
from tenants.permissions import Reach
from tenants.roles import Role

INVITATION_DAYS = 7
PENDING = Q(accepted_at__isnull=True, withdrawn_at__isnull=True)
SEEN_EVERY = timedelta(minutes=10)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> Self:
        return self.filter(
            removed_at__isnull=True, user__is_active=True, tenant__is_suspended=False
        ).select_related("tenant", "user")

    def of(self, user: Any) -> Self:
        return self.filter(user=user)

    def in_tenant(self, tenant: Any) -> Self:
        return self.filter(tenant=tenant)


@place_recorded("user", "role", "removed_at")
class Membership(models.Model):
    """A person's place in a tenant. Removed members stay, so that history keeps their names."""

    id = models.UUIDField(primary_key=True, db_default=UUIDv7(), editable=False)
    tenant = models.ForeignKey("tenants.Tenant", models.PROTECT, related_name="memberships")
    user = models.ForeignKey("tenants.User", models.PROTECT, related_name="memberships")
    role = models.CharField(_("役割"), max_length=20, choices=Role.choices)
    title = models.CharField(_("部署・肩書"), max_length=80, blank=True, default="")
    leave_from = models.DateField(_("休みの初日"), null=True, blank=True)
    leave_until = models.DateField(_("休みの最終日"), null=True, blank=True)
    deputy = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("代理")
    )
    wants_morning_mail = models.BooleanField(_("朝のメールを受け取る"), default=True)
    last_seen_at = models.DateTimeField(null=True, editable=False)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "user"], name="one_membership_per_person"),
            # Composite keys of tenant tables point here, so that no account gets a CSM of another tenant.
            TenantKey(name="tenants_membership_tkey"),
            models.CheckConstraint(
                condition=Q(leave_until__isnull=True)
                | Q(leave_from__isnull=True)
                | Q(leave_until__gte=models.F("leave_from")),
                name="leave_ends_after_it_begins",
                violation_error_message=_("休みの最終日は、初日より後にしてください"),
            ),
        ]
        indexes = [models.Index(fields=["tenant", "role"])]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def name(self) -> str:
        return str(self.user)

    def note_seen(self) -> None:
        """Remember that the person is here, at most once in ten minutes."""
        now = timezone.now()
        if self.last_seen_at is None or now - self.last_seen_at > SEEN_EVERY:
            Membership.objects.filter(pk=self.pk).update(last_seen_at=now)

    def is_away(self, on: date) -> bool:
        return bool(
            self.leave_from and self.leave_from <= on and (not self.leave_until or on <= self.leave_until)
        )


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def of(self, tenant: Any) -> Self:
        return self.filter(tenant=tenant)

    def pending(self) -> Self:
        """Neither accepted nor withdrawn; it may have expired."""
        return self.filter(PENDING)


@place_recorded("email", "role", "invited_by", "accepted_at", "withdrawn_at")
class Invitation(models.Model):
    """A place kept for somebody. Only the hash of its token is stored; the link is shown and mailed once."""

    id = models.UUIDField(primary_key=True, db_default=UUIDv7(), editable=False)
    tenant = models.ForeignKey("tenants.Tenant", models.CASCADE, related_name="invitations")
    email = models.EmailField(_("メールアドレス"))
    name = models.CharField(_("お名前"), max_length=80, blank=True, default="")
    role = models.CharField(_("役割"), max_length=20, choices=Role.choices)
    invited_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "email"],
                condition=PENDING,
                name="one_pending_invitation_per_address",
                violation_error_message=_("このアドレスには、もう招待を送っています"),
            )
        ]

    def __str__(self) -> str:
        return self.email

    @classmethod
    def issue(cls, **fields: Any) -> tuple["Invitation", str]:
        """A new invitation and its token, which nobody can read again later."""
        token = secrets.token_urlsafe(32)
        expires = timezone.now() + timedelta(days=INVITATION_DAYS)
        return cls.objects.create(token_hash=digest(token), expires_at=expires, **fields), token

    def reaches(self, member: Membership) -> set[Reach]:
        """A manager does not touch the invitation of an admin: its link would make them one."""
        return {Reach.ALL} if self.role == Role.ADMIN else {Reach.ALL, Reach.OWN}

    @property
    def is_open(self) -> bool:
        return not self.accepted_at and not self.withdrawn_at and self.expires_at > timezone.now()
