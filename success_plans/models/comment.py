from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account, OfAccount
from success_plans.models.plan import SuccessPlan
from tenants.fields import TenantForeignKey
from tenants.history import recorded
from tenants.owned import Binned, BinnedManager
from tenants.permissions import Reach
from tenants.scope import TenantQuerySet

if TYPE_CHECKING:
    from tenants.models import Membership


class CommentQuerySet(TenantQuerySet):
    def threads(self) -> Self:
        return self.filter(answers__isnull=True)

    def open(self) -> Self:
        return self.threads().filter(resolved_at__isnull=True)

    def of_thread(self, first: UUID) -> Self:
        return self.filter(Q(pk=first) | Q(answers=first))


@recorded
class PlanComment(OfAccount, Binned):
    """What colleagues say to each other about one field of a plan (S1 1.34). The first one of a thread is resolved or
    not; the others answer it, also when it lies in the bin. Once that is emptied, each of them stands by itself."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="+")
    plan = TenantForeignKey(SuccessPlan, models.CASCADE, related_name="comments")
    kind = models.CharField(max_length=10)
    record = models.UUIDField()
    field = models.CharField(max_length=30)
    answers = TenantForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="replies")
    text = models.TextField(_("コメント"), max_length=1000)
    written_by = TenantForeignKey(
        "tenants.Membership", models.PROTECT, related_name="+", verbose_name=_("書いた人")
    )
    edited_at = models.DateTimeField(_("書き直した時刻"), null=True, blank=True, editable=False)
    resolved_at = models.DateTimeField(_("解決した時刻"), null=True, blank=True)
    resolved_by = TenantForeignKey(
        "tenants.Membership",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("解決した人"),
    )

    objects = BinnedManager.from_queryset(CommentQuerySet)()  # type: ignore[misc]

    class Meta(Binned.Meta):
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

    def reaches(self, member: "Membership") -> set[Reach]:
        """Words are nobody's but their writer's, whoever holds the account."""
        ties = super().reaches(member) - {Reach.OWN}
        return ties | {Reach.OWN} if member.pk == self.written_by_id else ties
