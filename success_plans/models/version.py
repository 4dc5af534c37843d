from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account, OfAccount
from success_plans.models.plan import SuccessPlan
from tenants.fields import TenantForeignKey
from tenants.history import TenantLog, recorded
from tenants.owned import TenantOwned


class PlanVersion(TenantLog):
    """A plan as it was approved, frozen: the app may add versions and read them, nothing else (see ``grants``).

    Like a row of history it points at nothing that could take it along. ``content`` names people of the customer only
    where somebody wrote a name into a text; whoever is erased goes from there too.
    """

    holds_copies = True

    plan = models.UUIDField()
    review = models.UUIDField()
    number = models.PositiveIntegerField(_("版"))
    content = models.JSONField()

    class Meta(TenantLog.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "plan", "number"], name="one_plan_version_per_number")
        ]

    def __str__(self) -> str:
        return f"v{self.number}"


@recorded
class ChangeReason(OfAccount, TenantOwned):
    """Why a due date or a target is another one than was approved (S1 1.31, 4.18): kept with what it changed."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="+")
    plan = TenantForeignKey(SuccessPlan, models.CASCADE, related_name="change_reasons")
    record = models.UUIDField()
    field = models.CharField(max_length=30)
    before = models.CharField(_("承認されたとき"), max_length=40, blank=True, default="")
    after = models.CharField(_("いま"), max_length=40, blank=True, default="")
    reason = models.TextField(_("変えた理由"), max_length=500)
    given_by = TenantForeignKey(
        "tenants.Membership", models.PROTECT, related_name="+", verbose_name=_("理由を書いた人")
    )

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "plan", "record", "field", "before", "after"],
                name="one_reason_per_change",
                violation_error_message=_("この変更の理由は、もう書かれています"),
            ),
            models.CheckConstraint(
                condition=~models.Q(reason=""),
                name="a_change_reason_is_written",
                violation_error_message=_("変えた理由を書いてください"),
            ),
        ]

    def __str__(self) -> str:
        return self.reason
