from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account, OfAccount
from tenants.fields import TenantForeignKey
from tenants.history import recorded
from tenants.owned import TenantOwned


@recorded
class BusinessUnit(OfAccount, TenantOwned):
    """A department of the customer that plans, thresholds and scores may hang on."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="units")
    parent = TenantForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="children")
    name = models.CharField(_("部門"), max_length=120)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "account", "name"], name="one_unit_per_name")
        ]

    def __str__(self) -> str:
        return self.name
