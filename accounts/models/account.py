from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts import visibility
from accounts.fiscal import FiscalClosing
from accounts.search import Hits, SearchGrams, search_accounts
from tenants.fields import TenantForeignKey
from tenants.history import recorded
from tenants.owned import TenantOwned
from tenants.permissions import Reach, reach
from tenants.scope import TenantManager, TenantQuerySet, current_scope
from tenants.trees import no_circles, not_itself

if TYPE_CHECKING:
    from tenants.models import Membership


class Stage(models.TextChoices):
    PROSPECT = "prospect", _("見込み")
    ONBOARDING = "onboarding", _("導入中")
    LIVE = "live", _("契約中")
    CHURNED = "churned", _("解約")


class Tier(models.TextChoices):
    HIGH = "high", _("ハイタッチ")
    MID = "mid", _("ミドルタッチ")
    LOW = "low", _("ロータッチ")


SEARCHED = ("name", "kana", "former_names", "industry", "corporate_number", "edinet_code")


class AccountQuerySet(TenantQuerySet):
    def live(self) -> Self:
        """Those the rules and the nightly scoring look at: contracted or being onboarded."""
        return self.filter(stage__in=(Stage.LIVE, Stage.ONBOARDING))

    def not_archived(self) -> Self:
        return self.exclude(stage=Stage.CHURNED)

    def owned_by(self, member: "Membership") -> Self:
        """Accounts a CSM answers for: theirs, as deputy or as a member of the account's team."""
        in_team = Exists(AccountMember.objects.filter(account=OuterRef("pk"), member=member))
        return self.filter(Q(csm=member) | Q(deputy=member) | in_team)

    def commercially_owned_by(self, member: "Membership") -> Self:
        return self.filter(commercial_owner=member)

    def visible_to(self, member: "Membership") -> Self:
        """Everything, but for contributors only accounts where work waits for them (PRODUCT section 1)."""
        return self.filter(visibility.of(member))

    def matching(self, text: str) -> Self:
        """Accounts whose name, kana, industry or people contain ``text``; two Japanese characters are enough."""
        return self.filter(pk__in=search_accounts(text))

    def among(self, hits: Hits) -> Self:
        """The same for a page of accounts in some order: by key, or looked at one after the other."""
        if hits.keys is not None:
            return self.filter(hits.named)
        people = apps.get_model("accounts", "KeyPerson").objects.filter(account=OuterRef("pk"))
        return self.filter(
            hits.holds(*SEARCHED) | Exists(people.filter(hits.holds("name", "kana", "department")))
        )


@recorded
class Account(TenantOwned):
    """A customer company. What rules, sorts and joins read are columns; where it came from is in ``Fact``."""

    name = models.CharField(_("社名"), max_length=200)
    kana = models.CharField(_("よみ"), max_length=200, blank=True, default="")
    former_names = models.TextField(_("前の社名"), blank=True, default="")
    external_id = models.CharField(_("外部ID"), max_length=100, null=True, blank=True)  # noqa: DJ001  unique or absent
    corporate_number = models.CharField(_("法人番号"), max_length=13, null=True, blank=True)  # noqa: DJ001
    edinet_code = models.CharField(_("EDINETコード"), max_length=6, null=True, blank=True)  # noqa: DJ001
    securities_code = models.CharField(_("証券コード"), max_length=5, blank=True, default="")
    is_listed = models.BooleanField(_("上場"), null=True, blank=True)
    industry = models.CharField(_("業種"), max_length=80, blank=True, default="")
    address = models.CharField(_("本社所在地"), max_length=255, blank=True, default="")
    employees = models.PositiveIntegerField(_("従業員数"), null=True, blank=True)
    capital = models.BigIntegerField(_("資本金"), null=True, blank=True, help_text=_("円"))
    segment = models.CharField(_("セグメント"), max_length=80, blank=True, default="")
    tier = models.CharField(_("顧客層"), max_length=10, choices=Tier.choices, blank=True, default="")
    stage = models.CharField(_("段階"), max_length=12, choices=Stage.choices, default=Stage.PROSPECT)
    stage_since = models.DateField(_("段階に入った日"), null=True, blank=True)
    parent = TenantForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="children", verbose_name=_("親会社")
    )
    fiscal_month = models.PositiveSmallIntegerField(
        _("決算月"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    fiscal_day = models.PositiveSmallIntegerField(
        _("決算日"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(31)],
        help_text=_("空のときは月末"),
    )
    arr = models.BigIntegerField(_("ARR"), null=True, blank=True, help_text=_("円"))
    currency = models.CharField(max_length=3, default="JPY")
    # Empty for the newest: only accounts that were left with an older edition of the sheet name it.
    sheet_edition = models.PositiveIntegerField(
        _("基本情報シートの版"), null=True, blank=True, editable=False
    )
    # The next renewal of its contracts, kept by a trigger of theirs: lists sort and filter by it.
    renews_on = models.DateField(_("更新日"), null=True, blank=True, editable=False)
    csm = TenantForeignKey(
        "tenants.Membership",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("担当CSM"),
    )
    deputy = TenantForeignKey(
        "tenants.Membership", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("代理")
    )
    commercial_owner = TenantForeignKey(
        "tenants.Membership",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("営業担当"),
    )
    support_manager = TenantForeignKey(
        "tenants.Membership",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("サポート責任者"),
    )
    grams = models.GeneratedField(
        expression=SearchGrams(*SEARCHED),
        output_field=ArrayField(models.TextField()),
        db_persist=True,
        editable=False,
    )

    objects = TenantManager.from_queryset(AccountQuerySet)()  # type: ignore[misc]

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "external_id"],
                name="one_account_per_external_id",
                violation_error_message=_("同じ外部IDのお客様がもうあります"),
            ),
            models.UniqueConstraint(
                fields=["tenant", "corporate_number"],
                name="one_account_per_corporate_number",
                violation_error_message=_("同じ法人番号のお客様がもうあります"),
            ),
            models.UniqueConstraint(
                fields=["tenant", "edinet_code"],
                name="one_account_per_edinet_code",
                violation_error_message=_("同じEDINETコードのお客様がもうあります"),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="account_has_a_name"),
            models.CheckConstraint(
                condition=Q(fiscal_month__isnull=True) | Q(fiscal_month__range=(1, 12)),
                name="fiscal_month_is_a_month",
            ),
            models.CheckConstraint(
                condition=Q(fiscal_day__isnull=True)
                | Q(fiscal_day__range=(1, 31), fiscal_month__isnull=False),
                name="fiscal_day_needs_its_month",
            ),
            not_itself(
                "account_is_not_below_itself",
                _("親会社をたどると、このお客様に戻ります。どこかの親会社を先に変えてください"),
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "kana", "id"]),
            models.Index(fields=["tenant", "name", "id"]),
            models.Index(fields=["tenant", "arr", "id"]),
            models.Index(fields=["tenant", "renews_on", "id"]),
            models.Index(fields=["tenant", "fiscal_month", "renews_on", "id"]),
            models.Index(fields=["tenant", "csm"]),
            models.Index(fields=["tenant", "deputy"]),
            models.Index(fields=["tenant", "commercial_owner"]),
            models.Index(fields=["tenant", "stage"]),
            GinIndex(fields=["grams"], name="account_grams"),
        ]
        triggers = [no_circles("accounts_account", "account_is_not_below_itself")]

    def __str__(self) -> str:
        return self.name

    def reaches(self, member: "Membership") -> set[Reach]:
        """How ``member`` is tied to this account; the permission table says what each tie allows."""
        ties = {Reach.ALL}
        if member.pk in (self.csm_id, self.deputy_id) or self.pk in _teams_of(member):
            ties.add(Reach.OWN)
        if member.pk == self.commercial_owner_id:
            ties.add(Reach.COMMERCIAL)
        if self.seen_by(member):
            ties.add(Reach.ASSIGNED)
        return ties

    def seen_by(self, member: "Membership") -> bool:
        if reach(member, "account.read") is Reach.ALL:
            return True
        return Account.objects.visible_to(member).filter(pk=self.pk).exists()

    @property
    def account(self) -> "Account":
        return self

    @property
    def closing(self) -> FiscalClosing | None:
        """When the customer's fiscal year ends."""
        return FiscalClosing.stored(self.fiscal_month, self.fiscal_day) if self.fiscal_month else None

    @property
    def is_archived(self) -> bool:
        return self.stage == Stage.CHURNED


def _teams_of(member: "Membership") -> set[UUID]:
    """The accounts in whose team ``member`` is; asked once per request."""
    cache = current_scope().cache
    key = f"teams:{member.pk}"
    if key not in cache:
        cache[key] = set(AccountMember.objects.filter(member=member).values_list("account_id", flat=True))
    return cache[key]  # type: ignore[no-any-return]


class OfAccount(models.Model):
    """Rows that hang on an account are seen and changed by whoever may see and change the account."""

    class Meta:
        abstract = True

    account: Any

    def reaches(self, member: "Membership") -> set[Reach]:
        return self.account.reaches(member)  # type: ignore[no-any-return]

    def seen_by(self, member: "Membership") -> bool:
        return self.account.seen_by(member)  # type: ignore[no-any-return]


@recorded
class AccountMember(OfAccount, TenantOwned):
    """Somebody else of ours who works on the account and may change it like its CSM."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="team")
    member = TenantForeignKey("tenants.Membership", models.CASCADE, related_name="+")

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "account", "member"], name="once_in_an_account_team")
        ]
        indexes = [models.Index(fields=["tenant", "member"])]

    def __str__(self) -> str:
        return f"{self.member} / {self.account}"


class Pin(TenantOwned):
    """An account a person keeps in the sidebar."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="pins")
    member = TenantForeignKey("tenants.Membership", models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(TenantOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "member", "account"], name="pinned_once")]

    def __str__(self) -> str:
        return str(self.account)
