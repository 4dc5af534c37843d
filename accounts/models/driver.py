"""The business driver tree: which of the customer's figures an objective moves, down to our own features (S1 1.12–1.18)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.financials.lines import LINES
from accounts.models.account import Account
from accounts.models.context import Sourced
from accounts.models.product import ProductFeature
from accounts.models.unit import BusinessUnit
from tenants.fields import TenantForeignKey
from tenants.history import recorded
from tenants.owned import Binned
from tenants.trees import no_circles, not_itself


class NodeKind(models.TextChoices):
    GOAL = "goal", _("経営の目標")
    DRIVER = "driver", _("ドライバー")
    OPERATION = "operation", _("お客様の業務")
    FEATURE = "feature", _("当社の機能")


@recorded
class DriverNode(Sourced, Binned):
    """One figure of the tree. ``line`` takes its value from the customer's newest statement while ``value`` is blank."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="drivers")
    parent = TenantForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="children", verbose_name=_("上の段")
    )
    position = models.PositiveSmallIntegerField(_("並び順"), default=0)
    kind = models.CharField(_("種類"), max_length=10, choices=NodeKind.choices, default=NodeKind.DRIVER)
    name = models.CharField(_("名前"), max_length=120)
    value = models.CharField(_("いまの値"), max_length=80, blank=True, default="")
    target = models.CharField(_("先方の目標"), max_length=80, blank=True, default="")
    line = models.CharField(
        _("決算の科目"),
        max_length=20,
        choices=[(line.key, line.label) for line in LINES],
        blank=True,
        default="",
    )
    unit = TenantForeignKey(
        BusinessUnit, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("持つ部門")
    )
    feature = TenantForeignKey(
        ProductFeature, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("当社の機能")
    )
    is_agreed = models.BooleanField(_("先方と合意"), default=False)
    is_out_of_scope = models.BooleanField(_("対象外"), default=False)

    class Meta(Binned.Meta):
        constraints = [
            not_itself("driver_is_not_below_itself", _("自分や、自分の下にあるものは、上の段にできません"))
        ]
        indexes = [models.Index(fields=["tenant", "account"], name="drivers_of_account")]
        triggers = [no_circles("accounts_drivernode", "driver_is_not_below_itself")]

    def __str__(self) -> str:
        return self.name
