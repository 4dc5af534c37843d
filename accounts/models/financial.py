from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.financials.lines import LINES
from accounts.financials.periods import Period
from accounts.models.account import Account, OfAccount
from accounts.models.fact import Origin, SourceKind
from tenants.fields import TenantForeignKey
from tenants.history import recorded
from tenants.owned import Binned, TenantOwned


class Basis(models.TextChoices):
    CONSOLIDATED = "consolidated", _("連結")
    PARENT = "parent", _("単体")


class FigureState(models.TextChoices):
    KNOWN = "known", _("記入済")
    UNKNOWN = "unknown", _("未確認")
    UNDISCLOSED = "undisclosed", _("未開示")


class PeriodOfAccount(OfAccount):
    """The columns that say which fiscal period; see ``accounts.financials.periods.Period``."""

    ends_on = models.DateField(_("期末日"))
    quarter = models.PositiveSmallIntegerField(_("四半期累計"), null=True, blank=True)
    starts_on = models.DateField(_("期首日(変則決算)"), null=True, blank=True)
    basis = models.CharField(
        _("連結・単体"), max_length=12, choices=Basis.choices, default=Basis.CONSOLIDATED
    )

    class Meta:
        abstract = True

    @property
    def period(self) -> Period:
        return Period(self.ends_on, self.quarter, self.starts_on)


@recorded
class FinancialPeriod(PeriodOfAccount, Binned):
    """One fiscal period of the customer, with where its figures come from (S1 1.8)."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="financial_periods")
    source_kind = models.CharField(
        _("情報の種類"), max_length=10, choices=SourceKind.choices, blank=True, default=""
    )
    source = models.CharField(_("出典"), max_length=200, blank=True, default="")
    url = models.URLField(_("URL"), max_length=500, blank=True, default="")
    as_of = models.DateField(_("開示日"), null=True, blank=True)

    class Meta(Binned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "account", "ends_on", "quarter"],
                condition=Q(deleted_at__isnull=True),
                nulls_distinct=False,
                name="one_row_per_financial_period",
                violation_error_message=_("この決算期は、もう表にあります"),
            ),
            models.CheckConstraint(
                condition=Q(quarter__isnull=True) | Q(quarter__range=(1, 3)),
                name="financial_quarter_is_one_to_three",
                violation_error_message=_("四半期は1から3で入力してください。4Qは通期です"),
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(starts_on__lt=F("ends_on")),
                name="financial_period_begins_before_it_ends",
                violation_error_message=_("期首日は、期末日より前にしてください"),
            ),
        ]

    def __str__(self) -> str:
        return self.period.label

    @property
    def link(self) -> str:
        """The address as a browser may follow it; whatever else was brought in is no link."""
        return self.url if self.url.startswith(("https://", "http://")) else ""


@recorded
class FinancialFigure(OfAccount, TenantOwned):
    """One line of one period, in yen. What the company does not disclose is 未開示, which is neither blank nor 0."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="figures")
    financial_period = TenantForeignKey(
        FinancialPeriod, models.CASCADE, related_name="figures", verbose_name=_("決算期")
    )
    line = models.CharField(_("科目"), max_length=20, choices=[(line.key, line.label) for line in LINES])
    amount = models.BigIntegerField(_("金額"), null=True, blank=True, help_text=_("円"))
    state = models.CharField(
        _("状態"), max_length=12, choices=FigureState.choices, default=FigureState.UNKNOWN
    )
    origin = models.CharField(_("誰が書いたか"), max_length=10, choices=Origin.choices, default=Origin.HAND)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "financial_period", "line"], name="one_figure_per_line_and_period"
            ),
            models.CheckConstraint(
                condition=Q(state="known", amount__isnull=False)
                | (~Q(state="known") & Q(amount__isnull=True)),
                name="a_known_figure_has_an_amount",
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True)
                | Q(amount__gte=0)
                | ~Q(line__in=[line.key for line in LINES if not line.may_be_negative]),
                name="figure_is_not_negative",
                violation_error_message=_("この科目はマイナスになりません。符号を確かめてください"),
            ),
        ]
        indexes = [models.Index(fields=["tenant", "account"], name="figures_of_account")]

    def __str__(self) -> str:
        return self.get_line_display()


@recorded
class FinancialReport(PeriodOfAccount, TenantOwned):
    """A report that was taken over, as it stated its figures. A correction wins over what it corrects; both stay here."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="financial_reports")
    edinet_code = models.CharField(_("EDINETコード"), max_length=6)
    filer = models.CharField(_("提出者"), max_length=200)
    standard = models.CharField(_("会計基準"), max_length=40, blank=True, default="")
    is_amendment = models.BooleanField(_("訂正"), default=False)
    submission = models.PositiveSmallIntegerField(_("提出回数"), default=1)
    filed_on = models.DateField(_("提出日"), null=True, blank=True)
    figures = models.JSONField(_("書類の数字(円)"), default=dict)
    digest = models.CharField(max_length=64, editable=False)
    taken_by = TenantForeignKey("tenants.Membership", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "account", "digest"],
                name="a_report_is_taken_once",
                violation_error_message=_("この書類は取り込み済みです"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.filer} {self.period.label}"

    @property
    def rank(self) -> tuple[bool, int, str]:
        """The higher one counts: a correction before what it corrects, the later of two corrections."""
        return self.is_amendment, self.submission, str(self.filed_on or "")
