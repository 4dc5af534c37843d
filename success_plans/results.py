"""Steps of a result review: facts, then execution, then what we think of it, then a verdict (S4 4.21).

Every step holds the review's row. What comes too early is refused here with a sentence, and by the database without one.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from success_plans.models import Criterion, Objective, PlanVersion, ResultFigure, ResultReview
from success_plans.models.result import Verdict
from success_plans.standing import standing_on
from success_plans.verdict import Facts, Line, verdict_of
from success_plans.versions import content_of
from tenants.models import Membership


def begin(objective: Objective) -> ResultReview:
    """The review of an objective, with a line for each of its criteria; asked again, what is missing is added.

    Previous is where the criterion began, planned what the first approval says, actual where it stands today.
    """
    review, _new = ResultReview.objects.get_or_create(
        objective=objective, defaults={"account_id": objective.account_id}
    )
    take_figures(review)
    return review  # type: ignore[no-any-return]


def take_figures(review: ResultReview) -> None:
    """Lines for criteria that have none yet. Decided reviews stay as they are."""
    if review.is_decided:
        return
    known = set(totals(review).values_list("criterion", flat=True))
    rows = Criterion.objects.filter(objective=review.objective_id).order_by("position", "pk")
    promised = first_targets(review.objective)
    for one in standing_on(rows, timezone.localdate()):
        if one.pk not in known:
            ResultFigure.objects.create(
                account_id=review.account_id, review=review, criterion=one, metric=one.metric, direction=one.direction,
                unit=one.unit, previous=one.baseline, planned=promised.get(str(one.pk), one.target), actual=one.standing,
                source=one.method,
            )  # fmt: skip


def first_targets(objective: Objective) -> dict[str, Any]:
    """What was agreed on before anything was done: the targets of the plan's first version (S4 4.18)."""
    version = PlanVersion.objects.filter(plan=objective.plan_id).order_by("number").first()
    kept = content_of(version).values() if version else []
    return {one.id: one.fields["target"] for one in kept if one.fields.get("target")}


def totals(review: ResultReview) -> Any:
    return ResultFigure.objects.filter(review=review, part="")


def facts_of(review: ResultReview, figures: Iterable[ResultFigure]) -> Facts:
    """``figures`` are those of the review; what is only a part of one does not decide."""
    lines = [Line(one.direction, one.previous, one.planned, one.actual) for one in figures if one.is_total]
    return Facts(lines, review.quantity, review.quality)


def confirm_figures(review: ResultReview, member: Membership) -> None:
    """The figures are what we go on from; every metric has its plan and its actual."""
    _hold(review)
    if review.figures_at:
        return
    _all_known(review)
    review.figures_at, review.figures_by = timezone.now(), member
    review.save(update_fields=["figures_at", "figures_by"])


def decide(review: ResultReview, verdict: str, reason: str, member: Membership) -> None:
    """What follows from it. Another verdict than the facts propose needs a reason."""
    _hold(review)
    if review.is_decided and review.verdict == verdict:
        return
    if review.is_decided:
        raise ValidationError(_("結論はもう出ています。直すには、結論を取り消してください"))
    _ready(review)
    proposed = verdict_of(facts_of(review, _all_known(review)))
    if verdict not in Verdict.values or proposed is None:
        raise ValidationError(_("結論を1つ選んでください"))
    if verdict != proposed and not reason.strip():
        said = {"proposed": proposed.label}
        raise ValidationError(
            _("事実からの結論は「%(proposed)s」です。別の結論にした理由を書いてください") % said
        )
    review.proposed, review.verdict = proposed, verdict
    review.verdict_reason = reason.strip()[:500] if verdict != proposed else ""
    review.decided_at, review.decided_by = timezone.now(), member
    review.save(update_fields=["proposed", "verdict", "verdict_reason", "decided_at", "decided_by"])


def reopen(review: ResultReview) -> None:
    """Take the verdict back: facts and words may be written again."""
    _hold(review)
    review.proposed = review.verdict = review.verdict_reason = ""
    review.decided_at = review.decided_by = None
    review.save(update_fields=["proposed", "verdict", "verdict_reason", "decided_at", "decided_by"])


def _hold(review: ResultReview) -> None:
    review.refresh_from_db(from_queryset=ResultReview.objects.select_for_update(no_key=True))


def _all_known(review: ResultReview) -> Sequence[ResultFigure]:
    """The line of every criterion, with plan and actual; else what is missing."""
    found = list(totals(review))
    known = {one.criterion_id for one in found}
    for one in Criterion.objects.filter(objective=review.objective_id).exclude(pk__in=known):
        raise ValidationError(_("「%(metric)s」の数値がまだありません") % {"metric": one.metric})
    if not found:
        raise ValidationError(_("成功の基準がまだありません。プランに指標を足してください"))
    for one in found:
        if one.planned is None or one.actual is None:
            raise ValidationError(_("「%(metric)s」の計画と実績を入れてください") % {"metric": one.metric})
    return found


def _ready(review: ResultReview) -> None:
    if not review.figures_at:
        raise ValidationError(_("先に、結果数値を確かめてください"))
    if not review.has_execution:
        raise ValidationError(_("先に、施策の実行度(量と質)を入れてください"))
    if not review.analysis:
        raise ValidationError(_("分析・考察を書いてから、結論を出してください"))
