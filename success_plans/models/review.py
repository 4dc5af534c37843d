from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account, OfAccount
from success_plans.models.plan import SuccessPlan
from tenants.fields import TenantForeignKey
from tenants.history import recorded
from tenants.owned import TenantOwned
from tenants.scope import TenantManager, TenantQuerySet


class Outcome(models.TextChoices):
    WAITING = "", _("承認待ち")
    APPROVED = "approved", _("承認")
    RETURNED = "returned", _("差し戻し")
    WITHDRAWN = "withdrawn", _("取り下げ")


class ReviewQuerySet(TenantQuerySet):
    def waiting(self) -> Self:
        return self.filter(outcome=Outcome.WAITING)


@recorded
class PlanReview(OfAccount, TenantOwned):
    """One time that a plan was handed to a manager, and what came of it (S1 1.34). A plan waits at most once."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="+")
    plan = TenantForeignKey(SuccessPlan, models.CASCADE, related_name="reviews")
    submitted_by = TenantForeignKey(
        "tenants.Membership", models.PROTECT, related_name="+", verbose_name=_("依頼した人")
    )
    submitted_at = models.DateTimeField(_("依頼した時刻"), default=timezone.now)
    outcome = models.CharField(
        _("結果"), max_length=10, choices=Outcome.choices, blank=True, default=Outcome.WAITING
    )
    reason = models.TextField(_("ひとこと・理由"), max_length=1000, blank=True, default="")
    decided_by = TenantForeignKey(
        "tenants.Membership",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("決めた人"),
    )
    decided_at = models.DateTimeField(_("決めた時刻"), null=True, blank=True)

    objects = TenantManager.from_queryset(ReviewQuerySet)()  # type: ignore[misc]

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "plan"],
                condition=Q(outcome=""),
                name="a_plan_waits_for_one_review",
                violation_error_message=_("このプランは、もうレビューを待っています"),
            ),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at__isnull=True)
                | (~Q(outcome="") & Q(decided_at__isnull=False)),
                name="a_decided_review_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="returned") | ~Q(reason=""),
                name="a_returned_plan_says_why",
                violation_error_message=_("差し戻す理由を書いてください"),
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "plan", "-submitted_at"], name="reviews_of_plan"),
            models.Index(
                fields=["tenant", "submitted_at"], condition=Q(outcome=""), name="reviews_that_wait"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_outcome_display())
