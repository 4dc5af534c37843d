from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account, OfAccount
from accounts.models.key_person import KeyPerson
from accounts.search import SearchGrams
from tenants.fields import TenantForeignKey
from tenants.history import recorded
from tenants.owned import Binned, BinnedManager, TenantOwned
from tenants.permissions import Reach
from tenants.scope import TenantQuerySet

if TYPE_CHECKING:
    from tenants.models import Membership


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


class InsightWas(models.TextChoices):
    """What the customer made of it (S1 1.37)."""

    NEW = "new", _("初めて知った")
    KNOWN = "known", _("もう知っていた")


SEARCHED = ("title", "body", "insight", "next_step")


@recorded
class ActivityType(TenantOwned):
    """A tenant's own kind of activity. It counts as one of ours, so that rules and measures know what it is."""

    name = models.CharField(_("名前"), max_length=40)
    kind = models.CharField(_("何として数えるか"), max_length=12, choices=ActivityKind.choices)
    is_retired = models.BooleanField(_("もう使わない"), default=False)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "name"],
                name="one_activity_type_per_name",
                violation_error_message=_("同じ名前の種類がもうあります"),
            )
        ]

    def __str__(self) -> str:
        return self.name


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
    own_type = TenantForeignKey(
        ActivityType,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("自社の種類"),
        db_index=False,
    )
    state = models.CharField(
        _("状態"), max_length=10, choices=ActivityState.choices, default=ActivityState.HELD
    )
    on = models.DateField(_("日付"))
    at = models.TimeField(_("時刻"), null=True, blank=True)
    title = models.CharField(_("ひとこと"), max_length=200)
    body = models.TextField(_("記録"), blank=True, default="", help_text=_("Markdownで書けます"))
    insight = models.CharField(_("示唆"), max_length=500, blank=True, default="")
    insight_was = models.CharField(
        _("お客様にとって"), max_length=10, choices=InsightWas.choices, blank=True, default=""
    )
    next_step = models.CharField(_("次にすること"), max_length=200, blank=True, default="")
    next_on = models.DateField(_("いつまでに"), null=True, blank=True)
    links = models.TextField(_("リンク"), blank=True, default="", help_text=_("1行に1つ。URLのあとに名前"))
    follows = TenantForeignKey(
        "self", models.SET_NULL, null=True, blank=True, editable=False, related_name="followed_by"
    )
    written_by = TenantForeignKey(
        "tenants.Membership", models.PROTECT, related_name="+", verbose_name=_("書いた人")
    )
    external_id = models.CharField(_("外部ID"), max_length=100, null=True, blank=True)  # noqa: DJ001  unique or absent
    grams = models.GeneratedField(
        expression=SearchGrams(*SEARCHED),
        output_field=ArrayField(models.TextField()),
        db_persist=True,
        editable=False,
    )

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
            models.Index(fields=["tenant", "-on", "-id"], name="newest_activities"),
            GinIndex(fields=["grams"], name="activity_grams"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kind_label(self) -> str:
        """What its people call it: the tenant's own word, or ours."""
        return str(self.own_type) if self.own_type else self.get_kind_display()


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


class NoteDraft(OfAccount, TenantOwned):
    """A note that is being written: one person's, until it is noted or thrown away. ``page`` is the open page that wrote
    it last, ``seq`` where that page stands in its count of saves."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="note_drafts")
    member = TenantForeignKey("tenants.Membership", models.CASCADE, related_name="+")
    text = models.TextField(_("メモ"), blank=True, default="")
    insight = models.TextField(_("示唆"), blank=True, default="")
    next_step = models.TextField(_("次にすること"), blank=True, default="")
    links = models.TextField(_("リンク"), blank=True, default="")
    choices = models.JSONField(default=dict)
    page = models.CharField(max_length=64, blank=True, default="")
    seq = models.BigIntegerField(default=0)
    settled_at = models.DateTimeField(null=True, editable=False)
    was_noted = models.BooleanField(default=False, editable=False)

    class Meta(TenantOwned.Meta):
        indexes = [models.Index(fields=["tenant", "account", "member"])]

    def __str__(self) -> str:
        return self.text.strip().partition("\n")[0][:60]

    def reaches(self, member: "Membership") -> set[Reach]:
        """Nobody but who writes it."""
        return {Reach.OWN} if member.pk == self.member_id else set()
