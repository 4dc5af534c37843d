from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from success_plans.models.limits import FewInRecovery
from success_plans.models.of_plan import OfPlan
from success_plans.models.plan import SuccessPlan
from tenants.fields import TenantForeignKey
from tenants.history import recorded
from tenants.owned import Binned, TenantOwned

MOST_IN_RECOVERY = 4


class Section(models.TextChoices):
    """What an objective of an account plan is for (S3 3.9)."""

    NONE = "", _("そのほか")
    EXPANSION = "expansion", _("拡張")
    ADVOCACY = "advocacy", _("推奨・事例化")


@recorded
class Objective(OfPlan, Binned):
    """One thing that will be different for the customer, and why (S1 1.30). One that was proposed says where it
    ``arises_from``, and keeps the key of its ``candidate``."""

    personal_fields = ()

    account = TenantForeignKey("accounts.Account", models.CASCADE, related_name="+")
    plan = TenantForeignKey(SuccessPlan, models.CASCADE, related_name="objectives")
    position = models.PositiveSmallIntegerField(default=1)
    statement = models.TextField(_("目標"), max_length=500)
    why = models.TextField(_("なぜ"), max_length=500, blank=True, default="")
    evidence = models.TextField(_("達成できる根拠"), max_length=500, blank=True, default="")
    external_id = models.CharField(_("外部ID"), max_length=100, null=True, blank=True)  # noqa: DJ001  unique or absent
    customer_owner = TenantForeignKey(
        "accounts.KeyPerson",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("先方の責任者"),
    )
    driver = TenantForeignKey(
        "accounts.DriverNode",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("効くドライバー"),
    )
    issue = TenantForeignKey(
        "accounts.ManagementIssue",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("経営課題"),
    )
    promise = TenantForeignKey(
        "accounts.RingiPromise",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("稟議の約束"),
    )
    section = models.CharField(
        _("区分"), max_length=10, choices=Section.choices, blank=True, default=Section.NONE
    )
    our_owner = TenantForeignKey(
        "tenants.Membership",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("こちらの責任者"),
    )
    agreed_with = TenantForeignKey(
        "accounts.KeyPerson",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("合意した相手"),
    )
    agreed_on = models.DateField(_("合意した日"), null=True, blank=True)
    arises_from = models.CharField(_("出どころ"), max_length=200, blank=True, default="")
    candidate = models.CharField(max_length=80, blank=True, default="", editable=False)

    class Meta(Binned.Meta):
        constraints = [
            FewInRecovery(
                limit=MOST_IN_RECOVERY,
                name="few_objectives_in_recovery",
                violation_error_message=_(
                    "回復計画の目標は4つまでです。どの目標と入れ替えるかを選んでください"
                ),
            ),
            models.UniqueConstraint(
                fields=["tenant", "external_id"],
                name="one_objective_per_external_id",
                violation_error_message=_("同じ外部IDの目標がもうあります"),
            ),
        ]
        indexes = [models.Index(fields=["tenant", "plan", "position"])]

    def __str__(self) -> str:
        return self.statement

    def move(self, steps: int) -> None:
        """Change places within the plan; at either end nothing happens."""
        order = self._siblings()
        self._stand(order, order.index(self) + steps)

    def move_to(self, place: int) -> None:
        """Stand at that place of the plan, counted from 1; beyond the last one is the last one."""
        self._stand(self._siblings(), place - 1)

    def _siblings(self) -> "list[Objective]":
        return list(Objective.objects.filter(plan=self.plan_id).order_by("position", "id"))

    def _stand(self, order: "list[Objective]", there: int) -> None:
        """Positions are counted anew from 1."""
        order.remove(self)
        order.insert(min(max(there, 0), len(order)), self)
        for position, objective in enumerate(order, start=1):
            if objective.position != position:
                Objective.objects.filter(pk=objective.pk).update(position=position)


class Direction(models.TextChoices):
    UP = "up", _("上げる")
    DOWN = "down", _("下げる")


class Kind(models.TextChoices):
    FIGURE = "figure", _("数字")
    SCALE = "scale", _("段階")
    BREADTH = "breadth", _("使う機能")


@recorded
class Criterion(OfPlan, Binned):
    """How anyone can tell that the objective is reached: figures, unit, due date, method and review date.

    On a scale the figures count its ``levels``, from 1; of breadth they count the features in use, among its own.
    """

    account = TenantForeignKey("accounts.Account", models.CASCADE, related_name="+")
    objective = TenantForeignKey(Objective, models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField(default=1)
    metric = models.CharField(_("指標"), max_length=120)
    kind = models.CharField(
        _("数え方"), max_length=10, choices=Kind.choices, default=Kind.FIGURE, editable=False
    )
    levels = models.TextField(_("段階の名前"), max_length=500, blank=True, default="")
    direction = models.CharField(_("向き"), max_length=4, choices=Direction.choices, default=Direction.UP)
    unit = models.CharField(_("単位"), max_length=20, blank=True, default="")
    baseline = models.DecimalField(_("はじめ"), max_digits=18, decimal_places=4, null=True, blank=True)
    actual = models.DecimalField(_("いま"), max_digits=18, decimal_places=4, null=True, blank=True)
    target = models.DecimalField(_("目標"), max_digits=18, decimal_places=4, null=True, blank=True)
    due_on = models.DateField(_("期日"), null=True, blank=True)
    method = models.CharField(_("測り方・出どころ"), max_length=200, blank=True, default="")
    measured_by = TenantForeignKey(
        "accounts.MetricDefinition",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("計測値"),
    )
    review_on = models.DateField(_("振り返り日"), null=True, blank=True)
    external_id = models.CharField(_("外部ID"), max_length=100, null=True, blank=True)  # noqa: DJ001  unique or absent

    class Meta(Binned.Meta):
        verbose_name = _("成功の基準")
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=Kind.SCALE) | ~Q(levels=""),
                name="a_scale_names_its_levels",
                violation_error_message=_("段階の名前を2つ以上書いてください"),
            ),
            models.UniqueConstraint(
                fields=["tenant", "external_id"],
                name="one_criterion_per_external_id",
                violation_error_message=_("同じ外部IDの成功の基準がもうあります"),
            ),
        ]
        indexes = [models.Index(fields=["tenant", "objective", "position"])]

    def __str__(self) -> str:
        return self.metric

    def whole(self) -> SuccessPlan:
        return self.objective.plan  # type: ignore[no-any-return]

    @property
    def is_read(self) -> bool:
        """Its actual comes from what was measured, and nobody types it."""
        return self.measured_by_id is not None or self.kind == Kind.BREADTH

    @property
    def level_names(self) -> list[str]:
        return self.levels.split("\n") if self.kind == Kind.SCALE else []


@recorded
class CriterionFeature(OfPlan, TenantOwned):
    """A feature of ours that the customer is to use (S3 3.8): one of those that a criterion of breadth counts."""

    account = TenantForeignKey("accounts.Account", models.CASCADE, related_name="+")
    criterion = TenantForeignKey(Criterion, models.CASCADE, related_name="features")
    feature = TenantForeignKey(
        "accounts.ProductFeature", models.CASCADE, related_name="+", verbose_name=_("機能")
    )

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "criterion", "feature"],
                name="a_criterion_counts_a_feature_once",
                violation_error_message=_("この機能は、もう数えています"),
            )
        ]

    def __str__(self) -> str:
        return str(self.feature)

    def whole(self) -> SuccessPlan:
        return self.criterion.whole()  # type: ignore[no-any-return]
