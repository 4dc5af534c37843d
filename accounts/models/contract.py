import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account, OfAccount
from tenants.fields import TenantForeignKey
from tenants.history import recorded
from tenants.owned import Binned, TenantOwned


class Decision(models.TextChoices):
    UNDECIDED = "undecided", _("未定")
    RENEWED = "renewed", _("更新する")
    LOST = "lost", _("更新しない")
    CANCELLED = "cancelled", _("中途解約")


KEEP_RENEWAL = """
UPDATE accounts_account AS account SET renews_on = upcoming.renews_on
FROM (
  SELECT owner.id, coalesce(min(c.renews_on) FILTER (WHERE c.decision = 'undecided'), max(c.renews_on)) AS renews_on
  FROM accounts_account AS owner LEFT JOIN accounts_contract AS c
    ON c.tenant_id = owner.tenant_id AND c.account_id = owner.id AND c.deleted_at IS NULL
  WHERE owner.tenant_id = coalesce(NEW.tenant_id, OLD.tenant_id) AND owner.id IN (OLD.account_id, NEW.account_id)
  GROUP BY owner.id
) AS upcoming
WHERE account.tenant_id = coalesce(NEW.tenant_id, OLD.tenant_id) AND account.id = upcoming.id
  AND account.renews_on IS DISTINCT FROM upcoming.renews_on;
RETURN NULL;
"""


@recorded
class Contract(OfAccount, Binned):
    """What the customer pays for and until when (S2 2.1: sales owns its renewal, the CSM its success)."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="contracts")
    name = models.CharField(_("契約・製品"), max_length=120)
    external_id = models.CharField(_("外部ID"), max_length=100, null=True, blank=True)  # noqa: DJ001  unique or absent
    starts_on = models.DateField(_("開始日"), null=True, blank=True)
    renews_on = models.DateField(_("更新日"), null=True, blank=True)
    notice_on = models.DateField(_("通知期限"), null=True, blank=True)
    amount = models.BigIntegerField(_("年額"), null=True, blank=True, help_text=_("円"))
    decision = models.CharField(
        _("更新の判断"), max_length=10, choices=Decision.choices, default=Decision.UNDECIDED
    )
    decided_on = models.DateField(_("判断した日"), null=True, blank=True)
    note = models.TextField(_("メモ"), blank=True, default="")

    class Meta(Binned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "external_id"],
                name="one_contract_per_external_id",
                violation_error_message=_("同じ外部IDの契約がもうあります"),
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(renews_on__isnull=True)
                | Q(renews_on__gt=F("starts_on")),
                name="contract_renews_after_it_starts",
                violation_error_message=_("更新日は、開始日より後にしてください"),
            ),
            models.CheckConstraint(
                condition=Q(notice_on__isnull=True)
                | Q(renews_on__isnull=True)
                | Q(notice_on__lte=F("renews_on")),
                name="notice_comes_before_renewal",
                violation_error_message=_("通知期限は、更新日までの日にしてください"),
            ),
        ]
        indexes = [models.Index(fields=["tenant", "renews_on"]), models.Index(fields=["tenant", "account"])]
        triggers = [
            # The account's renewal date: the first one still undecided, else the last one known.
            pgtrigger.Trigger(
                name="keep_renewal",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=KEEP_RENEWAL,
            )
        ]

    def __str__(self) -> str:
        return self.name


class Budget(models.TextChoices):
    UNDECIDED = "undecided", _("未定")
    CONSIDERING = "considering", _("検討中")
    INCLUDED = "included", _("組込済")
    DROPPED = "dropped", _("見送り")


@recorded
class BudgetStatus(OfAccount, TenantOwned):
    """Whether our product is in the customer's next budget (S1 1.20). ``fiscal_year`` is the year it pays for,
    named by the calendar year in which that fiscal year begins."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="budget_statuses")
    fiscal_year = models.PositiveSmallIntegerField(_("年度"))
    status = models.CharField(_("来期予算"), max_length=12, choices=Budget.choices, default=Budget.UNDECIDED)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "account", "fiscal_year"],
                name="one_budget_status_per_year",
                violation_error_message=_("その年度の予算がもうあります"),
            ),
            models.CheckConstraint(
                condition=Q(fiscal_year__range=(1990, 2100)),
                name="budget_year_is_a_year",
                violation_error_message=_("年度を確かめてください(1990年から2100年まで)"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fiscal_year} {self.get_status_display()}"
