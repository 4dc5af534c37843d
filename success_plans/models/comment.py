from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account, OfAccount
from success_plans.models.plan import SuccessPlan
from tenants.fields import TenantForeignKey
from tenants.history import recorded
from tenants.owned import TenantOwned
from tenants.scope import TenantManager, TenantQuerySet


class CommentQuerySet(TenantQuerySet):
    def threads(self) -> Self:
        return self.filter(answers__isnull=True)

    def open(self) -> Self:
        return self.threads().filter(resolved_at__isnull=True)


@recorded
class PlanComment(OfAccount, TenantOwned):
    """What colleagues say to each other about one field of a plan (S1 1.34). The first one of a thread is resolved or
    not; the others answer it."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="+")
    plan = TenantForeignKey(SuccessPlan, models.CASCADE, related_name="comments")
    kind = models.CharField(max_length=10)
    record = models.UUIDField()
    field = models.CharField(max_length=30)
    answers = TenantForeignKey("self", models.CASCADE, null=True, blank=True, related_name="replies")
    text = models.TextField(_("コメント"), max_length=1000)
    written_by = TenantForeignKey(
        "tenants.Membership", models.PROTECT, related_name="+", verbose_name=_("書いた人")
    )
    resolved_at = models.DateTimeField(_("解決した時刻"), null=True, blank=True)
    resolved_by = TenantForeignKey(
        "tenants.Membership",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("解決した人"),
    )

    objects = TenantManager.from_queryset(CommentQuerySet)()  # type: ignore[misc]

    class Meta(TenantOwned.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="a_plan_comment_says_something",
                violation_error_message=_("コメントを書いてください"),
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True) | Q(answers__isnull=True),
                name="only_a_thread_is_resolved",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "plan", "created_at"], name="comments_of_plan")]

    def __str__(self) -> str:
        return self.text
