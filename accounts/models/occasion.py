"""What lies in the customer's year: budget, results, meetings, moves of people, busy times (S1 1.19, 1.35)."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account
from accounts.models.context import Sourced
from tenants.fields import TenantForeignKey
from tenants.history import recorded
from tenants.owned import Binned, TenantOwned


class OccasionKind(models.TextChoices):
    CLOSING = "closing", _("決算")
    BUDGET = "budget", _("予算策定")
    DRAFT = "draft", _("部門案の締め")
    FINAL = "final", _("予算の確定")
    RESULTS = "results", _("決算発表")
    MEETING = "meeting", _("株主総会")
    NOTICE = "notice", _("人事異動の内示")
    MOVES = "moves", _("人事異動の発令")
    REORGANISATION = "reorg", _("組織改正")
    MID_TERM = "mid_term", _("中期計画")
    BUSY = "busy", _("繁忙期")
    FREEZE = "freeze", _("変更凍結")
    OTHER = "other", _("そのほか")


class OccasionState(models.TextChoices):
    PROPOSED = "proposed", _("提案")
    CONFIRMED = "confirmed", _("確認済")
    ABSENT = "absent", _("該当なし")


@recorded
class OccasionType(TenantOwned):
    """A tenant's own kind of occasion."""

    name = models.CharField(_("名前"), max_length=40)
    is_retired = models.BooleanField(_("もう使わない"), default=False)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "name"],
                name="one_occasion_type_per_name",
                violation_error_message=_("同じ名前の種類がもうあります"),
            )
        ]

    def __str__(self) -> str:
        return self.name


@recorded
class Occasion(Sourced, Binned):
    """A day or a period of the customer's year.

    One that was proposed from the fiscal closing keeps which proposal it answers (``proposal`` of ``fiscal_year``) and the
    closing that the proposal was made from (``based_on``): when the customer closes in another month, it has to be looked
    at again.
    """

    account = TenantForeignKey(Account, models.CASCADE, related_name="occasions")
    kind = models.CharField(
        _("種類"), max_length=10, choices=OccasionKind.choices, default=OccasionKind.OTHER
    )
    own_type = TenantForeignKey(
        OccasionType, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("自社の種類")
    )
    title = models.CharField(_("ひとこと"), max_length=120, blank=True, default="")
    starts_on = models.DateField(_("いつ・いつから"))
    ends_on = models.DateField(_("いつまで"), null=True, blank=True)
    state = models.CharField(
        _("状態"), max_length=10, choices=OccasionState.choices, default=OccasionState.PROPOSED
    )
    note = models.CharField(_("メモ"), max_length=300, blank=True, default="")
    proposal = models.CharField(max_length=20, blank=True, default="", editable=False)
    fiscal_year = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    based_on = models.CharField(max_length=5, blank=True, default="", editable=False)

    class Meta(Binned.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="occasion_ends_after_it_begins",
                violation_error_message=_("いつまでは、いつからより後にしてください"),
            ),
            models.UniqueConstraint(
                fields=["tenant", "account", "fiscal_year", "proposal"],
                condition=Q(deleted_at__isnull=True) & ~Q(proposal=""),
                name="one_answer_per_proposal",
                violation_error_message=_("この年度の同じ予定がもうあります"),
            ),
        ]
        indexes = [models.Index(fields=["tenant", "account", "starts_on"], name="occasions_of_account")]

    def __str__(self) -> str:
        return self.title or (self.own_type.name if self.own_type else str(self.get_kind_display()))

    @property
    def last_on(self) -> date:
        """The last day of it."""
        return self.ends_on or self.starts_on

    @property
    def is_confirmed(self) -> bool:
        return self.state == OccasionState.CONFIRMED
