"""What became of an objective, facts first: figures, how far we did what we planned, and only then what we think of it
(S4 4.18–4.23)."""

from datetime import date
from typing import Self

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.account import Account, OfAccount
from success_plans.models.objective import Criterion, Direction, Objective
from tenants.fields import TenantForeignKey
from tenants.history import recorded
from tenants.owned import Binned, BinnedManager
from tenants.scope import TenantQuerySet


class Quality(models.TextChoices):
    """Whether what was done served its purpose, the best first."""

    AIMED = "aimed", _("狙いどおり")
    MOSTLY = "mostly", _("おおむね狙いどおり")
    PARTLY = "partly", _("一部だけ")
    HARDLY = "hardly", _("ほとんどできていない")


class Verdict(models.TextChoices):
    """The four fields of result and execution (S4 4.23)."""

    SPREAD = "spread", _("続けて、広げる")
    EXAMINE = "examine", _("何が効いたかを確かめる")
    REDRAW = "redraw", _("課題と仮説を描きなおす")
    EXECUTE = "execute", _("実行度を高める")


class CheckpointQuerySet(TenantQuerySet):
    def passed(self, today: date) -> Self:
        return self.filter(on__lt=today)


@recorded
class Checkpoint(OfAccount, Binned):
    """A day agreed on with the customer on which a figure is looked at, and how far it is to be by then (S4 4.18)."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="+")
    criterion = TenantForeignKey(Criterion, models.CASCADE, related_name="checkpoints")
    on = models.DateField(_("確かめる日"))
    planned = models.DecimalField(_("計画"), max_digits=18, decimal_places=4, null=True, blank=True)
    actual = models.DecimalField(_("実績"), max_digits=18, decimal_places=4, null=True, blank=True)

    objects = BinnedManager.from_queryset(CheckpointQuerySet)()  # type: ignore[misc]

    class Meta(Binned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "criterion", "on"],
                condition=Q(deleted_at__isnull=True),
                name="one_checkpoint_a_day",
                violation_error_message=_("同じ日のチェックポイントがもうあります"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.on:%Y/%m/%d}"


@recorded
class ResultReview(OfAccount, Binned):
    """The result review of one objective. What comes later in it waits for what comes before, also in the database."""

    account = TenantForeignKey(Account, models.CASCADE, related_name="+")
    objective = TenantForeignKey(Objective, models.CASCADE, related_name="results")
    held_on = models.DateField(_("振り返った日"), null=True, blank=True)
    figures_at = models.DateTimeField(_("数値を確かめた時刻"), null=True, blank=True)
    figures_by = TenantForeignKey(
        "tenants.Membership",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("数値を確かめた人"),
    )
    quantity = models.PositiveSmallIntegerField(_("実行の量(%)"), null=True, blank=True)
    quantity_note = models.CharField(_("何を、どれだけ"), max_length=300, blank=True, default="")
    quality = models.CharField(_("実行の質"), max_length=10, choices=Quality.choices, blank=True, default="")
    quality_note = models.CharField(_("質をそう見る理由"), max_length=300, blank=True, default="")
    analysis = models.TextField(_("分析・考察"), max_length=2000, blank=True, default="")
    proposed = models.CharField(
        _("事実からの結論"), max_length=10, choices=Verdict.choices, blank=True, default=""
    )
    verdict = models.CharField(_("結論"), max_length=10, choices=Verdict.choices, blank=True, default="")
    verdict_reason = models.TextField(_("別の結論にした理由"), max_length=500, blank=True, default="")
    decided_at = models.DateTimeField(_("結論を出した時刻"), null=True, blank=True)
    decided_by = TenantForeignKey(
        "tenants.Membership",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("結論を出した人"),
    )
    carried_to = TenantForeignKey(
        Objective,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("引き継いだ目標"),
    )

    class Meta(Binned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "objective"],
                condition=Q(deleted_at__isnull=True),
                name="an_objective_has_one_result",
                violation_error_message=_("この目標の結果レビューは、もう始まっています"),
            ),
            models.CheckConstraint(
                condition=Q(figures_at__isnull=False)
                | Q(quantity__isnull=True, quantity_note="", quality="", quality_note=""),
                name="execution_after_figures",
                violation_error_message=_("先に、結果数値を確かめてください"),
            ),
            models.CheckConstraint(
                condition=~Q(quality="") & Q(quantity__isnull=False) | Q(analysis="", verdict=""),
                name="analysis_after_execution",
                violation_error_message=_("先に、施策の実行度(量と質)を入れてください"),
            ),
            models.CheckConstraint(
                condition=Q(quantity__isnull=True) | Q(quantity__lte=200),
                name="execution_is_a_percentage",
                violation_error_message=_("実行の量は、0から200までの%で入力してください"),
            ),
            models.CheckConstraint(
                condition=Q(verdict="") | Q(verdict=models.F("proposed")) | ~Q(verdict_reason=""),
                name="another_verdict_says_why",
                violation_error_message=_("別の結論にした理由を書いてください"),
            ),
            models.CheckConstraint(
                condition=Q(verdict="", decided_at__isnull=True)
                | (~Q(verdict="") & ~Q(analysis="") & Q(decided_at__isnull=False)),
                name="a_verdict_follows_the_analysis",
                violation_error_message=_("分析・考察を書いてから、結論を出してください"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.objective)

    @property
    def has_execution(self) -> bool:
        return self.quantity is not None and bool(self.quality)

    @property
    def is_decided(self) -> bool:
        return self.decided_at is not None


@recorded
class ResultFigure(OfAccount, Binned):
    """One line of figures: previous, plan and actual; of the whole, or of one part of it on some axis (S4 4.22, 4.29).

    What the criterion was called and where it pointed stands here too: a review tells what was, whatever becomes of the
    plan.
    """

    account = TenantForeignKey(Account, models.CASCADE, related_name="+")
    review = TenantForeignKey(ResultReview, models.CASCADE, related_name="figures")
    criterion = TenantForeignKey(Criterion, models.SET_NULL, null=True, related_name="+")
    metric = models.CharField(_("指標"), max_length=120)
    direction = models.CharField(_("向き"), max_length=4, choices=Direction.choices, default=Direction.UP)
    unit = models.CharField(_("単位"), max_length=20, blank=True, default="")
    axis = models.CharField(_("内訳の軸"), max_length=40, blank=True, default="")
    part = models.CharField(_("内訳"), max_length=60, blank=True, default="")
    previous = models.DecimalField(_("前回"), max_digits=18, decimal_places=4, null=True, blank=True)
    planned = models.DecimalField(_("計画"), max_digits=18, decimal_places=4, null=True, blank=True)
    actual = models.DecimalField(_("実績"), max_digits=18, decimal_places=4, null=True, blank=True)
    source = models.CharField(_("出どころ"), max_length=200, blank=True, default="")

    class Meta(Binned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "review", "criterion", "axis", "part"],
                condition=Q(deleted_at__isnull=True),
                name="one_figure_per_part",
                violation_error_message=_("同じ内訳の数値がもうあります"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.part}".strip()

    @property
    def is_total(self) -> bool:
        return not self.part

    def put_in_bin(self) -> None:
        """Facts that something was concluded from stay where they are."""
        if self.review.is_decided or (self.is_total and self.review.figures_at):
            raise PermissionDenied("result.figure")
        super().put_in_bin()
