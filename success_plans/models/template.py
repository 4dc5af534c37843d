from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from success_plans.models.objective import Direction, Section
from success_plans.models.plan import OwnPlanType, PlanType
from tenants.fields import TenantForeignKey
from tenants.history import recorded
from tenants.owned import Binned, TenantOwned

LONGEST = 12
"""Months of the longest period that a template can date."""


class Doer(models.TextChoices):
    """Who does an action of a template, as a place at the account; a person when a plan is made."""

    NOBODY = "", _("決めない")
    CSM = "csm", _("担当CSM")
    DEPUTY = "deputy", _("代理")
    SALES = "sales", _("営業担当")
    CHAMPION = "champion", _("先方の推進者")


class LineKind(models.TextChoices):
    OBJECTIVE = "objective", _("目標")
    CRITERION = "criterion", _("成功の基準")
    ACTION = "action", _("アクション")


@recorded
class PlanTemplate(Binned):
    """A plan without customer and dates, from which plans are made: of one of the four types, or of an own one."""

    name = models.CharField(_("ひな型"), max_length=120)
    plan_type = models.CharField(
        _("種類"), max_length=20, choices=PlanType.choices, default=PlanType.CUSTOMER_OBJECTIVE
    )
    own_type = TenantForeignKey(
        OwnPlanType, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("自社の種類")
    )
    note = models.CharField(_("説明"), max_length=300, blank=True, default="")
    external_id = models.CharField(_("外部ID"), max_length=100, null=True, blank=True)  # noqa: DJ001  unique or absent

    class Meta(Binned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "name"],
                condition=Q(deleted_at__isnull=True),
                name="one_template_per_name",
                violation_error_message=_("同じ名前のひな型がもうあります"),
            ),
            models.UniqueConstraint(
                fields=["tenant", "external_id"],
                name="one_template_per_external_id",
                violation_error_message=_("同じ外部IDのひな型がもうあります"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def type_name(self) -> str:
        """The company's own name of the type, where it has one."""
        return self.own_type.name if self.own_type else str(self.get_plan_type_display())

    @property
    def is_account_plan(self) -> bool:
        return self.plan_type == PlanType.ACCOUNT


@recorded
class TemplateLine(Binned):
    """An objective of a template, or a criterion or action ``below`` one. Days are months of the period, counted from
    1: a plan puts them into the customer's fiscal calendar. ``detail`` is why, how it is measured, or how much."""

    template = TenantForeignKey(PlanTemplate, models.CASCADE, related_name="lines")
    below = TenantForeignKey("self", models.CASCADE, null=True, blank=True, related_name="lines")
    kind = models.CharField(max_length=10, choices=LineKind.choices, default=LineKind.OBJECTIVE)
    position = models.PositiveSmallIntegerField(default=1)
    text = models.CharField(_("内容"), max_length=300)
    detail = models.CharField(_("なぜ・測り方・どれだけ"), max_length=200, blank=True, default="")
    section = models.CharField(
        _("区分"), max_length=10, choices=Section.choices, blank=True, default=Section.NONE
    )
    direction = models.CharField(_("向き"), max_length=4, choices=Direction.choices, default=Direction.UP)
    unit = models.CharField(_("単位"), max_length=20, blank=True, default="")
    target = models.DecimalField(_("目標"), max_digits=18, decimal_places=4, null=True, blank=True)
    measured_by = TenantForeignKey(
        "accounts.MetricDefinition",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("計測値"),
    )
    due_month = models.PositiveSmallIntegerField(_("何か月目の末まで"), null=True, blank=True)
    review_month = models.PositiveSmallIntegerField(_("何か月目の末に振り返る"), null=True, blank=True)
    doer = models.CharField(_("誰が"), max_length=10, choices=Doer.choices, blank=True, default=Doer.NOBODY)

    class Meta(Binned.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=LineKind.OBJECTIVE, below__isnull=True)
                | (~Q(kind=LineKind.OBJECTIVE) & Q(below__isnull=False)),
                name="what_is_no_objective_is_below_one",
            ),
            models.CheckConstraint(
                condition=(Q(due_month__isnull=True) | Q(due_month__gte=1, due_month__lte=LONGEST))
                & (Q(review_month__isnull=True) | Q(review_month__gte=1, review_month__lte=LONGEST)),
                name="a_template_dates_within_a_year",
                violation_error_message=_("月は1から12で入力してください"),
            ),
        ]
        indexes = [models.Index(fields=["tenant", "template", "position"], name="lines_of_template")]

    def __str__(self) -> str:
        return self.text


@recorded
class TemplateFeature(TenantOwned):
    """A feature of ours that a criterion of a template counts; plans made from it count the same."""

    line = TenantForeignKey(TemplateLine, models.CASCADE, related_name="features")
    feature = TenantForeignKey(
        "accounts.ProductFeature", models.CASCADE, related_name="+", verbose_name=_("機能")
    )

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "line", "feature"],
                name="a_template_counts_a_feature_once",
                violation_error_message=_("この機能は、もう数えています"),
            )
        ]

    def __str__(self) -> str:
        return str(self.feature)
