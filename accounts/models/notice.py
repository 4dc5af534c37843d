from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account, OfAccount
from accounts.models.activity import Activity
from tenants.fields import TenantForeignKey
from tenants.owned import TenantOwned
from tenants.permissions import Reach

if TYPE_CHECKING:
    from tenants.models import Membership


class Follower(OfAccount, TenantOwned):
    """Somebody of ours who wants to hear of every record of an account (S2 3.1)."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="followers")
    member = TenantForeignKey("tenants.Membership", models.CASCADE, related_name="+")

    class Meta(TenantOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "account", "member"], name="followed_once")]
        indexes = [models.Index(fields=["tenant", "member"])]

    def __str__(self) -> str:
        return f"{self.member} / {self.account}"


class NoticeKind(models.TextChoices):
    MENTION = "mention", _("あなた宛て")
    COMMENT = "comment", _("コメント")
    FOLLOWED = "followed", _("フォロー中")


class Notice(OfAccount, TenantOwned):
    """That a record is worth somebody's look: they were named in it, have a part in it, or follow its account. One per
    person and record: an activity, or something of a room above (``accounts.news``), named by its kind and id."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="notices")
    activity = TenantForeignKey(Activity, models.CASCADE, null=True, blank=True, related_name="notices")
    about_kind = models.CharField(max_length=16, blank=True, default="", editable=False)
    about = models.UUIDField(null=True, blank=True, editable=False)
    member = TenantForeignKey("tenants.Membership", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=NoticeKind.choices, default=NoticeKind.FOLLOWED)
    read_at = models.DateTimeField(null=True, editable=False)
    mailed_at = models.DateTimeField(null=True, editable=False)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "member", "activity"], name="told_once_of_a_record"),
            models.UniqueConstraint(fields=["tenant", "member", "about"], name="told_once_of_what_is_above"),
            models.CheckConstraint(
                condition=Q(activity__isnull=False, about__isnull=True, about_kind="")
                | Q(Q(activity__isnull=True, about__isnull=False) & ~Q(about_kind="")),
                name="a_notice_tells_of_one_record",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "activity"]),
            models.Index(fields=["tenant", "about"]),
            models.Index(fields=["tenant", "member", "-id"], name="newest_notices"),
            models.Index(
                fields=["tenant", "member"], name="unread_notices", condition=Q(read_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    def reaches(self, member: "Membership") -> set[Reach]:
        """Nobody but whom it is for."""
        return {Reach.OWN} if member.pk == self.member_id else set()


class NoticeMail(models.TextChoices):
    SOON = "soon", _("すぐに(15分おきにまとめて)")
    DAILY = "daily", _("1日1回、朝8時にまとめて")
    NEVER = "never", _("受け取らない")


class NoticeSetting(TenantOwned):
    """How somebody wants to hear of notices by mail; without one, once a day."""

    member = TenantForeignKey("tenants.Membership", models.CASCADE, related_name="+")
    mail = models.CharField(_("メール"), max_length=10, choices=NoticeMail.choices, default=NoticeMail.DAILY)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "member"], name="one_notice_setting_per_member")
        ]

    def __str__(self) -> str:
        return self.get_mail_display()
