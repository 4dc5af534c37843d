from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account, Tier
from tenants.fields import TenantForeignKey
from tenants.history import recorded
from tenants.owned import TenantOwned


class Mode(models.TextChoices):
    ON = "on", _("動かす")
    DRY_RUN = "dry_run", _("試す")
    OFF = "off", _("止める")


class Level(models.TextChoices):
    """Where a value is set; the nearest one wins."""

    TENANT = "tenant", _("全社")
    TIER = "tier", _("層")
    ACCOUNT = "account", _("アカウント")


@recorded
class RuleSetting(TenantOwned):
    """One value of one rule that differs from the code's default, for everybody, a tier or an account.

    ``key`` names an option of the rule, or is ``mode``.
    """

    rule = models.CharField(max_length=40)
    key = models.CharField(max_length=30)
    value = models.CharField(max_length=40)
    tier = models.CharField(max_length=10, choices=Tier.choices, default="")
    account = TenantForeignKey(Account, models.CASCADE, null=True, related_name="rule_settings")
    author = TenantForeignKey("tenants.Membership", models.PROTECT, null=True, related_name="+")
    set_on = models.DateField()

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "rule", "key", "tier", "account"],
                name="one_value_per_rule_and_level",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(tier="") | Q(account__isnull=True), name="a_value_has_one_level"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule}.{self.key} = {self.value}"

    @property
    def level(self) -> Level:
        return Level.ACCOUNT if self.account_id else Level.TIER if self.tier else Level.TENANT
