"""What each type of plan asks beyond what all ask (S3 3.6–3.9)."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from success_plans.models import Criterion, Objective, SuccessPlan
from success_plans.models.objective import Kind
from success_plans.models.plan import PlanType

LONGEST_QUARTER = timedelta(days=93)
"""A quarter that closes in the middle of a month has a day or two more than 91."""


def check_complete(plan: SuccessPlan) -> None:
    """ValidationError says what is missing before a manager can look at it."""
    written = Objective.objects.filter(plan=plan).exclude(statement="")
    if not written.exists():
        raise ValidationError(_("目標がまだありません。目標を1つ書いてから、レビューを依頼してください"))
    if plan.plan_type == PlanType.ACCOUNT and not (plan.csm_owner_id and plan.sales_owner_id):
        raise ValidationError(
            _(
                "アカウント計画は、CSMと営業の2人で持ちます。両方の責任者を選んでから、レビューを依頼してください"
            )
        )
    if plan.plan_type == PlanType.ADOPTION and (loose := unbound(plan)):
        raise ValidationError(
            _(
                "「%(objective)s」は、まだ計測値から読めません。指標か機能を選んでから、レビューを依頼してください"
            )
            % {"objective": loose.statement[:40]}
        )


def unbound(plan: SuccessPlan) -> Objective | None:
    """The first objective without a criterion that is read from what was measured."""
    rows = Criterion.objects.filter(objective__plan=plan)
    read = rows.exclude(measured_by=None, kind__in=(Kind.FIGURE, Kind.SCALE)).values("objective")
    left = Objective.objects.filter(plan=plan).exclude(pk__in=read)
    return left.order_by("position", "pk").first()  # type: ignore[no-any-return]


def check_period(plan_type: str, starts_on: date, ends_on: date) -> None:
    if plan_type == PlanType.ADOPTION and ends_on - starts_on > LONGEST_QUARTER:
        raise ValidationError(
            _("アダプション計画は四半期ごとに作ります。はじめからおわりまでを3か月以内にしてください")
        )
