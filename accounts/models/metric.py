"""What is counted about customers, and the values: facts over time that plans bind to and health reads (S1 1.28, S3 3.16)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account, OfAccount
from accounts.models.fact import Origin
from accounts.models.product import ProductFeature
from accounts.models.unit import BusinessUnit
from tenants.fields import TenantForeignKey
from tenants.history import recorded
from tenants.owned import Binned

MOST_DECIMALS = 4


class Better(models.TextChoices):
    """The values are those of a criterion's direction."""

    HIGHER = "up", _("大きいほどよい")
    LOWER = "down", _("小さいほどよい")


@recorded
class MetricDefinition(Binned):
    """One thing the vendor counts the same way for every customer. Programs and files name it by its ``external_id``."""

    name = models.CharField(_("指標"), max_length=120)
    external_id = models.CharField(_("キー"), max_length=100, null=True, blank=True)  # noqa: DJ001  unique or absent
    unit = models.CharField(_("単位"), max_length=20, blank=True, default="")
    direction = models.CharField(_("向き"), max_length=4, choices=Better.choices, default=Better.HIGHER)
    decimals = models.PositiveSmallIntegerField(_("小数の桁"), default=0)
    meaning = models.CharField(_("数え方"), max_length=500, blank=True, default="")
    feature = TenantForeignKey(
        ProductFeature,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="metrics",
        verbose_name=_("どの機能の"),
    )
    is_retired = models.BooleanField(_("もう使わない"), default=False)

    class Meta(Binned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "name"],
                condition=Q(deleted_at__isnull=True),
                name="one_metric_per_name",
                violation_error_message=_("同じ名前の指標がもうあります"),
            ),
            models.UniqueConstraint(
                fields=["tenant", "external_id"],
                name="one_metric_per_external_id",
                violation_error_message=_("同じキーの指標がもうあります"),
            ),
            models.CheckConstraint(
                condition=Q(decimals__lte=MOST_DECIMALS),
                name="metric_has_few_decimals",
                violation_error_message=_("小数の桁は0から4で入力してください"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@recorded
class MetricSample(OfAccount, Binned):
    """The value of one metric on one day, of the whole account or one unit. What nobody measured has no row: never 0."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="metric_samples")
    metric = TenantForeignKey(
        MetricDefinition, models.PROTECT, related_name="samples", verbose_name=_("指標")
    )
    unit = TenantForeignKey(
        BusinessUnit,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="metric_samples",
        verbose_name=_("部門"),
    )
    on = models.DateField(_("日付"))
    value = models.DecimalField(_("値"), max_digits=18, decimal_places=MOST_DECIMALS)
    source = models.CharField(_("出どころ"), max_length=200, blank=True, default="")
    origin = models.CharField(_("誰が書いたか"), max_length=10, choices=Origin.choices, default=Origin.HAND)
    external_id = models.CharField(_("外部ID"), max_length=100, null=True, blank=True)  # noqa: DJ001  unique or absent

    class Meta(Binned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "account", "metric", "on", "unit"],
                condition=Q(deleted_at__isnull=True),
                nulls_distinct=False,
                name="one_sample_per_day",
                violation_error_message=_("この指標の、この日の値はもうあります。その値を直してください"),
            ),
            models.UniqueConstraint(
                fields=["tenant", "external_id"],
                name="one_sample_per_external_id",
                violation_error_message=_("同じ外部IDの値がもうあります"),
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "account", "-on"], name="samples_of_account"),
            models.Index(fields=["tenant", "metric"], name="samples_of_metric"),
        ]

    def __str__(self) -> str:
        return f"{self.on:%Y/%m/%d}"
