"""What we sell, and what of it each customer has bought and put to use (S1 1.12, S2 2.1)."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account, OfAccount
from accounts.models.contract import Contract, Decision
from accounts.models.unit import BusinessUnit
from tenants.fields import TenantForeignKey
from tenants.history import recorded
from tenants.owned import Binned, BinnedManager
from tenants.scope import TenantQuerySet


@recorded
class Product(Binned):
    """One line of our own catalogue. A retired product stays in old contracts and is not offered any more."""

    name = models.CharField(_("製品"), max_length=120)
    quantity_unit = models.CharField(_("数え方"), max_length=20, blank=True, default="")
    note = models.CharField(_("説明"), max_length=300, blank=True, default="")
    retired_on = models.DateField(_("販売終了日"), null=True, blank=True)
    external_id = models.CharField(_("外部ID"), max_length=100, null=True, blank=True)  # noqa: DJ001  unique or absent

    class Meta(Binned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "name"],
                condition=Q(deleted_at__isnull=True),
                name="one_product_per_name",
                violation_error_message=_("同じ名前の製品がもうあります"),
            ),
            models.UniqueConstraint(
                fields=["tenant", "external_id"],
                name="one_product_per_external_id",
                violation_error_message=_("同じ外部IDの製品がもうあります"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@recorded
class ProductFeature(Binned):
    """A module or feature of a product. Sticky ones are those that customers do not give up again (S3 3.17)."""

    product = TenantForeignKey(Product, models.CASCADE, related_name="features", verbose_name=_("製品"))
    name = models.CharField(_("機能"), max_length=120)
    is_sticky = models.BooleanField(_("定着機能"), default=False)
    note = models.CharField(_("説明"), max_length=300, blank=True, default="")

    class Meta(Binned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "product", "name"],
                condition=Q(deleted_at__isnull=True),
                name="one_feature_per_name",
                violation_error_message=_("この製品に、同じ名前の機能がもうあります"),
            )
        ]
        indexes = [models.Index(fields=["tenant", "product"], name="features_of_product")]

    def __str__(self) -> str:
        return self.name


class SubscriptionQuerySet(TenantQuerySet):
    def not_over(self, today: date) -> Self:
        """Lines of contracts that run on, until somebody says that they do not."""
        lost = Q(contract__decision=Decision.LOST, contract__renews_on__lt=today)
        return (
            self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today), contract__deleted_at__isnull=True)
            .exclude(contract__decision=Decision.CANCELLED)
            .exclude(lost)
        )

    def in_force(self, today: date) -> Self:
        return self.not_over(today).filter(Q(starts_on__isnull=True) | Q(starts_on__lte=today))


@recorded
class Subscription(OfAccount, Binned):
    """How much of one product a contract buys, for one unit or the whole company, and how much of it is deployed."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="subscriptions")
    contract = TenantForeignKey(
        Contract, models.CASCADE, related_name="subscriptions", verbose_name=_("契約")
    )
    product = TenantForeignKey(Product, models.PROTECT, related_name="subscriptions", verbose_name=_("製品"))
    unit = TenantForeignKey(
        BusinessUnit,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="subscriptions",
        verbose_name=_("部門"),
    )
    quantity = models.PositiveIntegerField(_("契約数"), null=True, blank=True)
    deployed = models.PositiveIntegerField(_("展開数"), null=True, blank=True)
    deployed_on = models.DateField(_("展開数の時点"), null=True, blank=True)
    amount = models.BigIntegerField(_("年額"), null=True, blank=True, help_text=_("円"))
    starts_on = models.DateField(_("開始日"), null=True, blank=True)
    ends_on = models.DateField(_("終了日"), null=True, blank=True)
    external_id = models.CharField(_("外部ID"), max_length=100, null=True, blank=True)  # noqa: DJ001  unique or absent

    objects = BinnedManager.from_queryset(SubscriptionQuerySet)()  # type: ignore[misc]

    class Meta(Binned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "external_id"],
                name="one_subscription_per_external_id",
                violation_error_message=_("同じ外部IDの契約明細がもうあります"),
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="subscription_ends_after_it_starts",
                violation_error_message=_("終了日は、開始日より後にしてください"),
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "account"], name="subscriptions_of_account"),
            models.Index(fields=["tenant", "contract"], name="subscriptions_of_contract"),
            models.Index(fields=["tenant", "product"], name="subscriptions_of_product"),
        ]

    def __str__(self) -> str:
        return self.product.name
