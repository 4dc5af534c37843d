from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account, OfAccount
from accounts.models.key_person import KeyPerson
from tenants.fields import TenantForeignKey
from tenants.history import recorded
from tenants.owned import Binned, BinnedManager, TenantOwned
from tenants.scope import TenantQuerySet


class ActivityKind(models.TextChoices):
    MEETING = "meeting", _("打ち合わせ")
    REVIEW = "review", _("ビジネスレビュー")
    CALL = "call", _("電話")
    MAIL = "mail", _("メール")
    UPDATE = "update", _("近況")
    MILESTONE = "milestone", _("節目")


class ActivityState(models.TextChoices):
    """A meeting is an activity with a future date: planned, then held or cancelled."""

    PLANNED = "planned", _("予定")
    HELD = "held", _("済み")
    CANCELLED = "cancelled", _("取りやめ")


class ActivityQuerySet(TenantQuerySet):
    def held(self) -> Self:
        return self.filter(state=ActivityState.HELD)

    def planned(self) -> Self:
        return self.filter(state=ActivityState.PLANNED)


@recorded
class Activity(OfAccount, Binned):
    """What people did with the customer, or agreed to do on a day to come (S3 3.1). R01 reads these."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="activities")
    kind = models.CharField(
        _("種類"), max_length=12, choices=ActivityKind.choices, default=ActivityKind.UPDATE
    )
    state = models.CharField(
        _("状態"), max_length=10, choices=ActivityState.choices, default=ActivityState.HELD
    )
    on = models.DateField(_("日付"))
    at = models.TimeField(_("時刻"), null=True, blank=True)
    title = models.CharField(_("ひとこと"), max_length=200)
    body = models.TextField(_("記録"), blank=True, default="", help_text=_("Markdownで書けます"))
    next_step = models.CharField(_("次にすること"), max_length=200, blank=True, default="")
    written_by = TenantForeignKey(
        "tenants.Membership", models.PROTECT, related_name="+", verbose_name=_("書いた人")
    )
    external_id = models.CharField(_("外部ID"), max_length=100, null=True, blank=True)  # noqa: DJ001  unique or absent

    objects = BinnedManager.from_queryset(ActivityQuerySet)()  # type: ignore[misc]

    class Meta(Binned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "external_id"],
                name="one_activity_per_external_id",
                violation_error_message=_("同じ外部IDの記録がもうあります"),
            )
        ]
        indexes = [
            models.Index(fields=["tenant", "account", "-on", "-id"]),
            models.Index(fields=["tenant", "state", "on"]),
        ]

    def __str__(self) -> str:
        return self.title


class ActivityPerson(TenantOwned):
    """A person of the customer who took part."""

    personal_fields = ()

    activity = TenantForeignKey(Activity, models.CASCADE, related_name="persons")
    person = TenantForeignKey(KeyPerson, models.CASCADE, related_name="activities")

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "activity", "person"], name="takes_part_once")
        ]

    def __str__(self) -> str:
        return str(self.person)


class ActivityMember(TenantOwned):
    """One of ours who took part."""

    activity = TenantForeignKey(Activity, models.CASCADE, related_name="members")
    member = TenantForeignKey("tenants.Membership", models.CASCADE, related_name="+")

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "activity", "member"], name="ours_take_part_once")
        ]

    def __str__(self) -> str:
        return str(self.member)
