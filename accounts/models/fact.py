import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account, OfAccount
from accounts.models.unit import BusinessUnit
from accounts.search import SearchGrams
from tenants.fields import TenantForeignKey
from tenants.history import recorded
from tenants.owned import TenantOwned


class FactState(models.TextChoices):
    KNOWN = "known", _("記入済")
    UNKNOWN = "unknown", _("未確認")
    NOT_APPLICABLE = "none", _("該当なし")
    ASK = "ask", _("顧客に確認")


class SourceKind(models.TextChoices):
    PRIMARY = "primary", _("一次")
    SECONDARY = "secondary", _("二次")


class Origin(models.TextChoices):
    """Who wrote the value last: an import never overwrites a hand without being told to."""

    HAND = "hand", _("手入力")
    IMPORT = "import", _("取り込み")
    API = "api", _("API")


@recorded
class Fact(OfAccount, TenantOwned):
    """Where one field of the sheet stands: state, source and freshness (S1 1.2). Its address is the field's name.

    Fields with a column of their own keep the value there; the others keep it in ``value``.
    """

    # A file of ten thousand companies brings fifty thousand of these; the import keeps what it wrote in its own changes.
    recorded_inserts = pgtrigger.Condition("NEW.origin <> 'import'")

    account = TenantForeignKey(Account, models.CASCADE, related_name="facts")
    unit = TenantForeignKey(BusinessUnit, models.CASCADE, null=True, blank=True, related_name="facts")
    field_key = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=FactState.choices, default=FactState.KNOWN)
    value = models.TextField(_("値"), blank=True, default="")
    source_kind = models.CharField(max_length=10, choices=SourceKind.choices, blank=True, default="")
    source = models.CharField(_("出典"), max_length=200, blank=True, default="")
    url = models.URLField(_("URL"), max_length=500, blank=True, default="")
    as_of = models.DateField(_("時点"), null=True, blank=True)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.HAND)
    author = TenantForeignKey("tenants.Membership", models.PROTECT, null=True, blank=True, related_name="+")
    noted_at = models.DateTimeField()
    grams = models.GeneratedField(
        expression=SearchGrams("value"),
        output_field=ArrayField(models.TextField()),
        db_persist=True,
        editable=False,
    )

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "account", "unit", "field_key"],
                name="one_fact_per_field",
                nulls_distinct=False,
                violation_error_message=_("この項目の記録がもうあります"),
            )
        ]
        indexes = [
            # An import asks of every account which fields a person wrote; that is a small part of all facts.
            models.Index(
                fields=["tenant", "account"], condition=models.Q(origin="hand"), name="facts_by_hand"
            ),
            GinIndex(fields=["grams"], name="fact_grams"),
        ]

    def __str__(self) -> str:
        return self.field_key
