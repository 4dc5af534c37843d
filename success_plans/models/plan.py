from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account, OfAccount
from accounts.models.unit import BusinessUnit
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
    ACTIVE = "active", _("実行中")
    COMPLETED = "completed", _("完了")
    CANCELLED = "cancelled", _("取りやめ")


OPEN = (PlanState.DRAFT, PlanState.ACTIVE)


class PlanQuerySet(TenantQuerySet):
    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def active(self) -> Self:
        return self.filter(state=PlanState.ACTIVE)


@recorded
class SuccessPlan(OfAccount, Binned):
    """What we and the customer want to reach in one period of the customer's fiscal year."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="plans")
    plan_type = models.CharField(
        _("種類"), max_length=20, choices=PlanType.choices, default=PlanType.CUSTOMER_OBJECTIVE
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

    objects = BinnedManager.from_queryset(PlanQuerySet)()  # type: ignore[misc]

    class Meta(Binned.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="plan_ends_after_it_begins",
                violation_error_message=_("おわりは、はじめより後にしてください"),
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
    def is_open(self) -> bool:
        return self.state in OPEN

    def activate(self) -> None:
        """From a draft to what both sides work on."""
        self._move(PlanState.ACTIVE, PlanState.DRAFT)

    def complete(self) -> None:
        self._move(PlanState.COMPLETED, PlanState.ACTIVE)

    def cancel(self) -> None:
        self._move(PlanState.CANCELLED, *OPEN)

    def reopen(self, state: str) -> None:
        """Back to an open state, where it came from."""
        self._move(PlanState(state), *set(PlanState) - {PlanState(state)})

    def _move(self, state: PlanState, *allowed: PlanState) -> None:
        """Already there is fine: a repeated click or a lost answer does no harm."""
        if self.state == state:
            return
        if self.state not in allowed:
            raise ValidationError(
                _("「%(state)s」のプランには、この操作はできません") % {"state": self.get_state_display()}
            )
        self.state = state
        self.save(update_fields=["state"])
