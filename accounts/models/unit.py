from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account, OfAccount
from tenants.fields import TenantForeignKey
from tenants.history import recorded
from tenants.owned import Binned
from tenants.trees import no_circles, not_itself


@recorded
class BusinessUnit(OfAccount, Binned):
    """A department of the customer that plans, contracts, thresholds and scores may hang on (S1 1.15)."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="units")
    parent = TenantForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="children", verbose_name=_("上の部門")
    )
    name = models.CharField(_("部門"), max_length=120)
    headcount = models.PositiveIntegerField(_("人数"), null=True, blank=True)
    note = models.CharField(_("役割"), max_length=300, blank=True, default="")

    class Meta(Binned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "account", "name"],
                condition=Q(deleted_at__isnull=True),
                name="one_unit_per_name",
                violation_error_message=_("同じ名前の部門がもうあります"),
            ),
            not_itself("unit_is_not_below_itself", _("自分や、自分の下にある部門は、上の部門にできません")),
        ]
        indexes = [models.Index(fields=["tenant", "account"], name="units_of_account")]
        triggers = [no_circles("accounts_businessunit", "unit_is_not_below_itself")]

    def __str__(self) -> str:
        return self.name
