from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, BusinessUnit
from accounts.models.account import OfAccount
from tenants.fields import TenantForeignKey
from tenants.history import recorded
from tenants.owned import TenantOwned
from tenants.permissions import Reach
from tenants.scope import TenantManager, TenantQuerySet, current_member

if TYPE_CHECKING:
    from tenants.models import Membership

LONGEST_SNOOZE = timedelta(days=90)


class Status(models.TextChoices):
    TODO = "todo", _("未着手")
    DOING = "doing", _("対応中")
    SNOOZED = "snoozed", _("スヌーズ")
    DONE = "done", _("完了")
    RESOLVED = "resolved", _("自動解消")
    DECLINED = "declined", _("対応不要")


OPEN = (Status.TODO, Status.DOING, Status.SNOOZED)
CLOSED_BY_HAND = (Status.DONE, Status.DECLINED)


class Priority(models.TextChoices):
    HIGH = "1", _("高")
    MID = "2", _("中")
    LOW = "3", _("低")


class Outcome(models.TextChoices):
    """How a person closed it."""

    DONE = "done", _("対応した")
    DECLINED = "declined", _("対応しない")


class CtaQuerySet(TenantQuerySet):
    def open(self) -> Self:
        """Not closed; snoozed ones count as open."""
        return self.filter(status__in=OPEN)

    def awake(self, today: date) -> Self:
        """Open, and not asleep on ``today``."""
        return self.open().exclude(status=Status.SNOOZED, snoozed_until__gt=today)

    def asleep(self, today: date) -> Self:
        return self.filter(status=Status.SNOOZED, snoozed_until__gt=today)

    def assigned_to(self, member: "Membership") -> Self:
        return self.filter(Q(assignee=member) | Q(co_assignee=member))

    def visible_to(self, member: "Membership") -> Self:
        return self.filter(account__in=Account.objects.visible_to(member).values("pk"))

    def urgent_first(self) -> Self:
        return self.order_by("due_on", "priority", "pk")


@recorded
class Cta(OfAccount, TenantOwned):
    """Something to do now, opened by a rule, with the evidence for it.

    One per rule, account, unit, subject and occurrence, for ever: a second night finds it there. Evidence is stored as
    it was when it last changed; how many days ago that was is worked out when it is shown.
    """

    # A night opens thousands: an index that no page reads by is left out.
    account = TenantForeignKey(Account, models.CASCADE, related_name="ctas", db_index=False)
    unit = TenantForeignKey(BusinessUnit, models.CASCADE, null=True, related_name="+", db_index=False)
    rule = models.CharField(max_length=40)
    subject = models.CharField(max_length=80, default="", blank=True)
    occurrence = models.CharField(max_length=60)
    evidence = models.JSONField(default=dict)
    priority = models.CharField(_("優先度"), max_length=1, choices=Priority.choices, default=Priority.MID)
    assignee = TenantForeignKey(
        "tenants.Membership",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("担当"),
        db_index=False,
    )
    co_assignee = TenantForeignKey(
        "tenants.Membership",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("一緒に"),
        db_index=False,
    )
    opened_on = models.DateField(_("発動した日"))
    due_on = models.DateField(_("期日"))

    status = models.CharField(_("状態"), max_length=10, choices=Status.choices, default=Status.TODO)
    was = models.CharField(max_length=10, choices=Status.choices, default="", blank=True)
    snoozed_until = models.DateField(_("いつまで"), null=True)
    snooze_reason = models.CharField(_("スヌーズの理由"), max_length=200, default="", blank=True)
    is_flagged = models.BooleanField(_("赤旗"), default=False)
    flag_reason = models.CharField(_("赤旗の理由"), max_length=200, default="", blank=True)
    gone_on = models.DateField(_("理由がなくなった日"), null=True)
    ending = models.CharField(max_length=20, default="", blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = TenantForeignKey(
        "tenants.Membership", models.PROTECT, null=True, related_name="+", db_index=False
    )
    closed_reason = models.CharField(_("ひとこと"), max_length=200, default="", blank=True)

    objects = TenantManager.from_queryset(CtaQuerySet)()  # type: ignore[misc]

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "rule", "account", "unit", "subject", "occurrence"],
                name="one_cta_per_occurrence",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.SNOOZED) | Q(snoozed_until__isnull=False),
                name="a_snooze_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(is_flagged=False) | ~Q(flag_reason=""), name="a_flag_has_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "assignee", "status", "due_on"]),
            models.Index(fields=["tenant", "account", "status"]),
            models.Index(fields=["tenant", "rule", "opened_on"]),
            models.Index(
                fields=["tenant", "co_assignee"],
                name="ctas_done_together",
                condition=Q(co_assignee__isnull=False),
            ),
            models.Index(fields=["tenant", "unit"], name="ctas_of_a_unit", condition=Q(unit__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.occurrence}"

    def reaches(self, member: "Membership") -> set[Reach]:
        """Whoever a CTA is given to may handle it, whatever their tie to the account."""
        ties = super().reaches(member) - {Reach.ASSIGNED}
        if member.pk in (self.assignee_id, self.co_assignee_id):
            ties |= {Reach.OWN, Reach.COMMERCIAL, Reach.ASSIGNED}
        return ties

    @staticmethod
    def handed_to(member: "Membership") -> Q:
        """On Account: an open CTA there is given to ``member``. What a contributor sees depends on it."""
        given = Cta.objects.assigned_to(member).open()
        return Q(pk__in=given.values("account_id"))

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    # What people do with it. Each may be said twice: the second time changes nothing.

    def close(self, outcome: str = Outcome.DONE, reason: str = "") -> None:
        if not self.is_open:
            return
        self._change(
            status=Status.DECLINED if outcome == Outcome.DECLINED else Status.DONE,
            was=self.status,
            closed_at=timezone.now(),
            closed_by=current_member(),
            closed_reason=reason,
        )

    def reopen(self) -> None:
        """Undo a closing: back to the state it was closed in."""
        if self.is_open:
            return
        back = self.was or Status.TODO
        self._change(
            status=back, was="", closed_at=None, closed_by=None, closed_reason="", ending="", gone_on=None
        )

    def snooze(self, until: date, reason: str) -> None:
        if self.is_open:
            was = self.was if self.status == Status.SNOOZED else self.status
            self._change(status=Status.SNOOZED, was=was, snoozed_until=until, snooze_reason=reason)

    def wake(self) -> None:
        if self.status == Status.SNOOZED:
            self._change(status=self.was or Status.TODO, was="", snoozed_until=None, snooze_reason="")

    def start(self) -> None:
        if self.status in (Status.TODO, Status.SNOOZED):
            self._change(status=Status.DOING, was="", snoozed_until=None, snooze_reason="")

    def put_back(self) -> None:
        """Undo a start."""
        if self.status == Status.DOING:
            self._change(status=Status.TODO)

    def assign(self, member: "Membership | None") -> None:
        if self.assignee_id != (member and member.pk):
            self._change(assignee=member)

    def flag(self, reason: str) -> None:
        self._change(is_flagged=True, flag_reason=reason)

    def unflag(self) -> None:
        self._change(is_flagged=False, flag_reason="")

    def _change(self, **values: Any) -> None:
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=list(values))
