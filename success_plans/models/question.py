from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account
from success_plans.models.of_plan import OfPlan
from success_plans.models.plan import SuccessPlan
from tenants.fields import TenantForeignKey
from tenants.history import recorded
from tenants.owned import TenantOwned
from tenants.scope import TenantManager, TenantQuerySet


class QuestionQuerySet(TenantQuerySet):
    def open(self) -> Self:
        return self.filter(answered_at__isnull=True)


@recorded
class PlanQuestion(OfPlan, TenantOwned):
    """A gap of a plan that only the customer can fill: it stands in the ledger of blanks until it was asked (S1 1.34).
    ``anchor`` is the place of the plan's page where the answer goes."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="+")
    plan = TenantForeignKey(SuccessPlan, models.CASCADE, related_name="questions")
    anchor = models.CharField(max_length=90)
    about = models.CharField(_("何について"), max_length=200)
    text = models.CharField(_("聞くこと"), max_length=300)
    asked_by = TenantForeignKey(
        "tenants.Membership", models.PROTECT, related_name="+", verbose_name=_("聞くことにした人")
    )
    answered_at = models.DateTimeField(_("聞いた時刻"), null=True, blank=True)
    answered_by = TenantForeignKey(
        "tenants.Membership",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("聞いた人"),
    )

    objects = TenantManager.from_queryset(QuestionQuerySet)()  # type: ignore[misc]

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "plan", "anchor", "text"],
                condition=Q(answered_at__isnull=True),
                name="a_plan_question_is_asked_once",
                violation_error_message=_("この質問は、もう空欄台帳にあります"),
            )
        ]

    def __str__(self) -> str:
        return self.text
