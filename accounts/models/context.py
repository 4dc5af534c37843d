"""What surrounds a customer's business, as rows with a source and a date of their own (S1 1.11–1.18, 1.21; S2 2.11)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account, OfAccount
from accounts.models.fact import SourceKind
from tenants.fields import TenantForeignKey
from tenants.history import recorded
from tenants.owned import Binned


class Sourced(OfAccount):
    """Where a row comes from and when that was so."""

    source_kind = models.CharField(
        _("情報の種類"), max_length=10, choices=SourceKind.choices, blank=True, default=""
    )
    source = models.CharField(_("出典"), max_length=200, blank=True, default="")
    url = models.URLField(_("URL"), max_length=500, blank=True, default="")
    as_of = models.DateField(_("時点"), null=True, blank=True)

    class Meta:
        abstract = True


@recorded
class BusinessSegment(Sourced, Binned):
    """A segment the customer reports (S1 1.12). Its share is computed from the revenues of all of them."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="segments")
    name = models.CharField(_("セグメント"), max_length=120)
    revenue = models.BigIntegerField(_("売上高"), null=True, blank=True, help_text=_("円"))
    profit = models.BigIntegerField(_("利益"), null=True, blank=True, help_text=_("円"))
    uses_us = models.BooleanField(_("導入先"), default=False)
    position = models.CharField(_("導入サービスの位置づけ"), max_length=300, blank=True, default="")

    class Meta(Binned.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(revenue__isnull=True) | Q(revenue__gte=0),
                name="segment_revenue_is_not_negative",
                violation_error_message=_("売上高はマイナスになりません。符号を確かめてください"),
            )
        ]
        indexes = [models.Index(fields=["tenant", "account"], name="segments_of_account")]

    def __str__(self) -> str:
        return self.name


class IssueKind(models.TextChoices):
    POLICY = "policy", _("経営方針")
    ISSUE = "issue", _("経営課題")
    CHANGE = "change", _("変革の壁")


@recorded
class ManagementIssue(Sourced, Binned):
    """What the customer's management wants or fears (S1 1.16); objectives say which of them they serve."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="issues")
    kind = models.CharField(_("種類"), max_length=10, choices=IssueKind.choices, default=IssueKind.ISSUE)
    title = models.CharField(_("方針・課題"), max_length=300)
    priority = models.PositiveSmallIntegerField(_("優先順"), null=True, blank=True)

    class Meta(Binned.Meta):
        indexes = [models.Index(fields=["tenant", "account"], name="issues_of_account")]

    def __str__(self) -> str:
        return self.title


@recorded
class Topic(Sourced, Binned):
    """Something that happened to the customer, dated (S1 1.17)."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="topics")
    on = models.DateField(_("日付"))
    title = models.CharField(_("出来事"), max_length=300)

    class Meta(Binned.Meta):
        indexes = [models.Index(fields=["tenant", "account", "-on"], name="topics_of_account")]

    def __str__(self) -> str:
        return self.title


class HypothesisKind(models.TextChoices):
    ISSUE = "issue", _("課題仮説")
    PROPOSAL = "proposal", _("提案仮説")


class HypothesisState(models.TextChoices):
    UNTESTED = "untested", _("未検証")
    TESTING = "testing", _("検証中")
    LIKELY = "likely", _("確からしい")
    REJECTED = "rejected", _("棄却")


@recorded
class Hypothesis(Sourced, Binned):
    """What we suppose of the customer until somebody has asked (S1 1.18)."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="hypotheses")
    kind = models.CharField(
        _("種類"), max_length=10, choices=HypothesisKind.choices, default=HypothesisKind.ISSUE
    )
    title = models.CharField(_("仮説"), max_length=300)
    state = models.CharField(
        _("状態"), max_length=10, choices=HypothesisState.choices, default=HypothesisState.UNTESTED
    )
    grounds = models.TextField(_("根拠・確かめ方"), blank=True, default="")

    class Meta(Binned.Meta):
        indexes = [models.Index(fields=["tenant", "account"], name="hypotheses_of_account")]

    def __str__(self) -> str:
        return self.title


@recorded
class Competitor(Sourced, Binned):
    """Whom the customer competes with in its own market (S1 1.14)."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="competitors")
    name = models.CharField(_("競合"), max_length=120)
    note = models.CharField(_("違い・動き"), max_length=300, blank=True, default="")

    class Meta(Binned.Meta):
        indexes = [models.Index(fields=["tenant", "account"], name="competitors_of_account")]

    def __str__(self) -> str:
        return self.name


@recorded
class BehaviourChange(Sourced, Binned):
    """Whose way of working has to change, from what to what (PRODUCT section 2)."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="behaviours")
    whose = models.CharField(_("誰の"), max_length=120)
    before = models.CharField(_("いまの行動"), max_length=300)
    after = models.CharField(_("変わった後の行動"), max_length=300, blank=True, default="")

    class Meta(Binned.Meta):
        indexes = [models.Index(fields=["tenant", "account"], name="behaviours_of_account")]

    def __str__(self) -> str:
        return self.whose


class Relation(models.TextChoices):
    OVERLAP = "overlap", _("重複")
    INTEGRATED = "integrated", _("連携")
    NONE = "none", _("関係なし")


@recorded
class Tool(Sourced, Binned):
    """Another system in the counterpart's or a neighbouring department (S1 1.21): overlap costs us at the next renewal."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="tools")
    name = models.CharField(_("ツール"), max_length=120)
    vendor = models.CharField(_("提供元"), max_length=120, blank=True, default="")
    department = models.CharField(_("持っている部署"), max_length=120, blank=True, default="")
    purpose = models.CharField(_("目的"), max_length=300, blank=True, default="")
    relation = models.CharField(
        _("当社との関係"), max_length=12, choices=Relation.choices, blank=True, default=""
    )
    contract_ends_on = models.DateField(_("契約の終わり"), null=True, blank=True)

    class Meta(Binned.Meta):
        indexes = [models.Index(fields=["tenant", "account"], name="tools_of_account")]

    def __str__(self) -> str:
        return self.name
