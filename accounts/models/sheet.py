"""What the basic information sheet asks, in editions: whoever changes the questions leaves the old answers readable."""

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account, OfAccount, Tier
from tenants.fields import TenantForeignKey
from tenants.history import recorded
from tenants.owned import TenantOwned
from tenants.scope import TenantManager, TenantQuerySet


class Meter(models.TextChoices):
    OPERATION = "operation", _("オペレーション解像度")
    ORGANISATION = "organisation", _("組織解像度")


class StandardSection(models.TextChoices):
    """The sections that every tenant begins with; an admin adds others."""

    COMPANY = "company", _("会社")
    BUSINESS = "business", _("経営と事業")
    FISCAL = "fiscal", _("決算と予算")
    SETUP = "setup", _("CS体制")
    ORGANISATION = "organisation", _("組織の動き")
    POLICY = "policy", _("方針")
    CONTRACT = "contract", _("契約")
    TEAM = "team", _("体制")


METER_OF = {
    StandardSection.COMPANY: Meter.OPERATION,
    StandardSection.BUSINESS: Meter.OPERATION,
    StandardSection.FISCAL: Meter.OPERATION,
    StandardSection.SETUP: Meter.OPERATION,
    StandardSection.CONTRACT: Meter.OPERATION,
    StandardSection.ORGANISATION: Meter.ORGANISATION,
    StandardSection.POLICY: Meter.ORGANISATION,
    StandardSection.TEAM: Meter.ORGANISATION,
}
"""Which of the two figures of 解像度 a standard section counts for (S2 2.9): the customer's business, or who moves it."""


class FieldKind(models.TextChoices):
    COLUMN = "column", _("お客様の項目")
    TEXT = "text", _("1行の文")
    AREA = "textarea", _("長い文")
    NUMBER = "number", _("数字")
    DATE = "date", _("日付")
    CHOICE = "choice", _("選択肢")


class Owes(models.TextChoices):
    CSM = "csm", _("CSM(導入後に)")
    SALES = "sales", _("営業(引き継ぎで)")


class NeededBy(models.TextChoices):
    """Depth by importance (S1 1.39): a blank counts where the customer's tier asks for it."""

    ALL = "all", _("すべての顧客層")
    MID = "mid", _("ハイタッチとミドルタッチ")
    HIGH = "high", _("ハイタッチだけ")
    NOBODY = "none", _("任意")


TIERS_ASKED: dict[str, tuple[str, ...]] = {
    NeededBy.ALL: ("", Tier.LOW, Tier.MID, Tier.HIGH),
    NeededBy.MID: (Tier.MID, Tier.HIGH),
    NeededBy.HIGH: (Tier.HIGH,),
    NeededBy.NOBODY: (),
}


class EditionQuerySet(TenantQuerySet):
    def published(self) -> Self:
        return self.filter(published_at__isnull=False)

    def newest(self) -> Self:
        return self.published().order_by("-number")[:1]


@recorded
class SheetEdition(TenantOwned):
    """One edition of the sheet (S1 1.42). The one that is not published yet is the draft, and there is one at most."""

    number = models.PositiveIntegerField(_("版"))
    published_at = models.DateTimeField(_("公開した時刻"), null=True, blank=True)
    published_by = TenantForeignKey(
        "tenants.Membership", models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = TenantManager.from_queryset(EditionQuerySet)()  # type: ignore[misc]

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="one_sheet_edition_per_number"),
            models.UniqueConstraint(
                fields=["tenant"],
                condition=Q(published_at__isnull=True),
                name="one_draft_of_the_sheet",
                violation_error_message=_("編集中の版がもうあります"),
            ),
        ]

    def __str__(self) -> str:
        return str(_("第%(number)s版") % {"number": self.number})


@recorded
class SheetSection(TenantOwned):
    """A section of one edition. Fields, and what is told of a section over the years, name it by ``key``."""

    of = TenantForeignKey(SheetEdition, models.CASCADE, related_name="sections")
    key = models.CharField(max_length=20)
    title = models.CharField(_("区分"), max_length=40)
    meter = models.CharField(_("数える解像度"), max_length=12, choices=Meter.choices, default=Meter.OPERATION)
    position = models.PositiveIntegerField(default=0)
    is_retired = models.BooleanField(_("使わない"), default=False)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "of", "key"], name="one_sheet_section_per_key"),
            models.UniqueConstraint(
                fields=["tenant", "of", "title"],
                name="one_sheet_section_per_title",
                violation_error_message=_("同じ名前の区分がこの版にもうあります"),
            ),
            models.CheckConstraint(
                condition=~Q(title=""),
                name="sheet_section_has_a_title",
                violation_error_message=_("区分の名前を書いてください"),
            ),
        ]

    def __str__(self) -> str:
        return self.title


@recorded
class SheetField(TenantOwned):
    """One field of one edition: a column of the account, or a value of its own that ``Fact`` keeps under ``key``."""

    of = TenantForeignKey(SheetEdition, models.CASCADE, related_name="fields")
    key = models.CharField(max_length=60)
    kind = models.CharField(_("書き方"), max_length=10, choices=FieldKind.choices, default=FieldKind.TEXT)
    section = models.CharField(_("区分"), max_length=20)
    label = models.CharField(_("項目名"), max_length=80)
    question = models.CharField(_("空欄のときに聞くこと"), max_length=200, blank=True, default="")
    owner = models.CharField(_("書く人"), max_length=10, choices=Owes.choices, default=Owes.CSM)
    needed_by = models.CharField(
        _("必要な顧客層"), max_length=10, choices=NeededBy.choices, default=NeededBy.ALL
    )
    months = models.PositiveSmallIntegerField(
        _("古くなるまで(か月)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text=_("空のときは古くなりません"),
    )
    choices = models.TextField(_("選択肢"), blank=True, default="", help_text=_("1行に1つ"))
    position = models.PositiveIntegerField(default=0)
    is_retired = models.BooleanField(_("使わない"), default=False)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "of", "key"],
                name="one_sheet_field_per_key",
                violation_error_message=_("同じ項目がこの版にもうあります"),
            ),
            models.CheckConstraint(
                condition=~Q(label=""),
                name="sheet_field_has_a_label",
                violation_error_message=_("項目名を書いてください"),
            ),
            models.CheckConstraint(
                condition=Q(months__isnull=True) | Q(months__range=(1, 120)),
                name="sheet_field_fades_within_years",
                violation_error_message=_("古くなるまでの月数は1から120で書いてください"),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_column(self) -> bool:
        return self.kind == FieldKind.COLUMN

    @property
    def options(self) -> list[str]:
        return [line.strip() for line in self.choices.splitlines() if line.strip()]

    def is_asked_of(self, tier: str) -> bool:
        return not self.is_retired and tier in TIERS_ASKED[self.needed_by]


class Resolution(OfAccount, TenantOwned):
    """解像度 of an account, as pages, list, API and files tell it: cells known and fresh among those that count (S2 2.9).

    Counted anew with every write to the sheet and every night, when values grow old.
    """

    account = TenantForeignKey(Account, models.CASCADE, related_name="resolutions", db_index=False)
    known = models.PositiveSmallIntegerField(_("分かっているマス"))
    total = models.PositiveSmallIntegerField(_("必要なマス"))
    operation_known = models.PositiveSmallIntegerField()
    operation_total = models.PositiveSmallIntegerField()
    organisation_known = models.PositiveSmallIntegerField()
    organisation_total = models.PositiveSmallIntegerField()
    percent = models.PositiveSmallIntegerField(_("解像度"))
    operation = models.PositiveSmallIntegerField(_("オペレーション解像度"))
    organisation = models.PositiveSmallIntegerField(_("組織解像度"))
    old = models.PositiveSmallIntegerField(_("古い値"))
    # By section the last fresh day of every value in it, in order: what is old on a day is read from it on that day.
    fades = models.JSONField(default=dict, editable=False)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "account"], name="one_resolution_per_account")
        ]
        indexes = [models.Index(fields=["tenant", "percent", "account"], name="accounts_by_resolution")]

    def __str__(self) -> str:
        return f"{self.percent}%"
