from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account
from accounts.models.unit import BusinessUnit
from success_plans.models.of_plan import OfPlan
from tenants.fields import TenantForeignKey
from tenants.history import recorded
from tenants.owned import Binned, BinnedManager
from tenants.scope import TenantQuerySet


class PlanType(models.TextChoices):
    CUSTOMER_OBJECTIVE = "customer_objective", _("カスタマー目標計画")
    RECOVERY = "recovery", _("回復計画")
    ADOPTION = "adoption", _("アダプション計画")
    ACCOUNT = "account", _("アカウント計画")


class PlanState(models.TextChoices):
    DRAFT = "draft", _("下書き")
    SUBMITTED = "submitted", _("承認待ち")
    RETURNED = "returned", _("差し戻し")
    APPROVED = "approved", _("承認済み")
    ACTIVE = "active", _("実行中")
    COMPLETED = "completed", _("完了")
    CANCELLED = "cancelled", _("取りやめ")


WRITING = (PlanState.DRAFT, PlanState.RETURNED)
"""With whoever writes the plan; from here it is handed to a manager."""
OPEN = (*WRITING, PlanState.SUBMITTED, PlanState.APPROVED, PlanState.ACTIVE)
NOT_AGREED = (*WRITING, PlanState.SUBMITTED)
"""No manager stands behind it as it is."""


@recorded
class OwnPlanType(Binned):
    """A type of plan that a company gives a name of its own. It keeps the rules of one of the four types."""

    name = models.CharField(_("種類"), max_length=60)
    plan_type = models.CharField(
        _("どの種類の決まりで"), max_length=20, choices=PlanType.choices, default=PlanType.CUSTOMER_OBJECTIVE
    )
    note = models.CharField(_("説明"), max_length=300, blank=True, default="")
    is_retired = models.BooleanField(_("もう使わない"), default=False)

    class Meta(Binned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "name"],
                condition=Q(deleted_at__isnull=True),
                name="one_own_plan_type_per_name",
                violation_error_message=_("同じ名前の種類がもうあります"),
            )
        ]

    def __str__(self) -> str:
        return self.name


class PlanQuerySet(TenantQuerySet):
    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def active(self) -> Self:
        return self.filter(state=PlanState.ACTIVE)


@recorded
class SuccessPlan(OfPlan, Binned):
    """What we and the customer want to reach in one period of the customer's fiscal year. An account plan belongs to a
    CSM and somebody of sales together."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="plans")
    plan_type = models.CharField(
        _("種類"), max_length=20, choices=PlanType.choices, default=PlanType.CUSTOMER_OBJECTIVE
    )
    own_type = TenantForeignKey(
        OwnPlanType,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="plans",
        verbose_name=_("自社の種類"),
    )
    title = models.CharField(_("題"), max_length=120)
    external_id = models.CharField(_("外部ID"), max_length=100, null=True, blank=True)  # noqa: DJ001  unique or absent
    unit = TenantForeignKey(
        BusinessUnit,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="plans",
        verbose_name=_("部門"),
    )
    state = models.CharField(_("状態"), max_length=10, choices=PlanState.choices, default=PlanState.DRAFT)
    starts_on = models.DateField(_("はじめ"))
    ends_on = models.DateField(_("おわり"))
    csm_owner = TenantForeignKey(
        "tenants.Membership",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("CSMの責任者"),
    )
    sales_owner = TenantForeignKey(
        "tenants.Membership",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("営業の責任者"),
    )
    shared_on = models.DateField(_("お客様と共有した日"), null=True, blank=True, editable=False)

    objects = BinnedManager.from_queryset(PlanQuerySet)()  # type: ignore[misc]

    class Meta(Binned.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="plan_ends_after_it_begins",
                violation_error_message=_("おわりは、はじめより後にしてください"),
            ),
            models.CheckConstraint(
                condition=Q(shared_on__isnull=True)
                | ~Q(plan_type=PlanType.RECOVERY)
                | ~Q(state__in=NOT_AGREED),
                name="recovery_is_agreed_before_it_is_shared",
                violation_error_message=_("回復計画は、マネージャーの承認を得てから、お客様と共有します"),
            ),
            models.UniqueConstraint(
                fields=["tenant", "external_id"],
                name="one_plan_per_external_id",
                violation_error_message=_("同じ外部IDのプランがもうあります"),
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "account", "state"]),
            models.Index(fields=["tenant", "state", "id"]),
            models.Index(fields=["tenant", "ends_on", "id"]),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def type_name(self) -> str:
        """The company's own name of the type, where it has one."""
        return self.own_type.name if self.own_type else str(self.get_plan_type_display())

    def whole(self) -> Self:
        return self

    @property
    def is_shared_with_sales(self) -> bool:
        return self.plan_type == PlanType.ACCOUNT

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def activate(self) -> None:
        """From approved by a manager to what both sides work on."""
        self.move(PlanState.ACTIVE, PlanState.APPROVED)

    def complete(self) -> None:
        self.move(PlanState.COMPLETED, PlanState.ACTIVE)

    def reopen(self, state: str) -> None:
        """Back to writing, or to a later state in which it has stood: nothing is approved by going back."""
        goal = PlanState(state)
        if goal not in WRITING and not self.has_stood_as(goal):
            raise ValidationError(
                _("このプランは「%(state)s」だったことがありません") % {"state": goal.label}
            )
        self.move(goal, *set(PlanState) - {goal, PlanState.SUBMITTED})

    def has_stood_as(self, state: str) -> bool:
        return self.events.filter(state=state).exists()  # type: ignore[attr-defined,no-any-return]

    @property
    def stood_as(self) -> PlanState:
        """The state it was in before it was closed; one that waited for its review goes back to writing."""
        before = self.events.filter(state__in=OPEN).order_by("-pgh_id")  # type: ignore[attr-defined]
        found = before.values_list("state", flat=True).first() or PlanState.DRAFT
        return PlanState.DRAFT if found == PlanState.SUBMITTED else PlanState(found)

    def move(self, state: PlanState, *allowed: PlanState) -> bool:
        """The row is held, so that of two people at the same moment one is told what the other did. Already there is
        fine: a repeated click or a lost answer does no harm, and gives False. A recovery plan that no manager stands
        behind any more is shared no longer."""
        rows = SuccessPlan.everything.select_for_update(no_key=True)
        self.state, self.shared_on = rows.values_list("state", "shared_on").get(pk=self.pk)
        if self.state == state:
            return False
        if self.state not in allowed:
            raise ValidationError(
                _("「%(state)s」のプランには、この操作はできません") % {"state": self.get_state_display()}
            )
        self.state = state
        if self.plan_type == PlanType.RECOVERY and state in NOT_AGREED:
            self.shared_on = None
        self.save(update_fields=["state", "shared_on"])
        return True
