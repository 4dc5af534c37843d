"""What an adoption plan is made of (S3 3.8): depth, a usage metric that rises by a percentage, and breadth, features that
are to be in use. Both are read from what is measured; nobody types how far they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.choices import every_metric, features
from accounts.metrics.figures import with_unit
from accounts.models import MetricDefinition, MetricSample, ProductFeature
from success_plans.candidates import until
from success_plans.models import Criterion, CriterionFeature, Objective, SuccessPlan
from success_plans.models.objective import Kind
from success_plans.objectives import PutIn, write
from success_plans.standing import with_use
from tenants.editing import Choice
from tenants.editing.fields import parse_number
from tenants.ids import id_in

NAMED = 3
"""Features that a statement names; the others it counts."""


@dataclass(frozen=True)
class Measured:
    """A metric in use, with its newest value of the account, if there is one."""

    metric: MetricDefinition
    newest: MetricSample | None

    @property
    def now(self) -> str:
        return with_unit(self.newest.value, self.metric) if self.newest else ""


@dataclass(frozen=True)
class Offer:
    """What the forms of an adoption plan choose from."""

    metrics: Sequence[Measured]
    features: Sequence[Choice]


def offer_for(plan: SuccessPlan, today: date) -> Offer:
    """Three statements at most, beside what the request has read already."""
    found = samples_of(plan, today).order_by("metric", "-on").distinct("metric")
    newest = {sample.metric_id: sample for sample in found}
    metrics = [
        Measured(one, newest.get(one.pk)) for one in every_metric() if not (one.is_retired or one.deleted_at)
    ]
    return Offer(metrics, [choice for choice in features(None) if choice[0]])


def samples_of(plan: SuccessPlan, today: date) -> Any:
    return MetricSample.objects.filter(account=plan.account_id, unit=plan.unit_id, on__lte=today)


def deepen(plan: SuccessPlan, metric: str, percent: str, today: date) -> PutIn:
    """``metric`` by so many percent until the plan ends, from its newest value."""
    found = next((one for one in every_metric() if str(one.pk) == metric and not one.deleted_at), None)
    if found is None:
        raise ValidationError(_("どの指標を深めるかを選んでください"))
    by = parse_number(percent.replace("%", "").replace("%", ""))
    if not by:
        raise ValidationError(_("何%変えるかを入力してください。例:+20"))
    if (by > 0) != (found.direction == "up"):
        raise ValidationError(
            _("「%(metric)s」は大きいほどよい指標です。プラスで入力してください") % {"metric": found.name}
            if found.direction == "up"
            else _("「%(metric)s」は小さいほどよい指標です。マイナスで入力してください")
            % {"metric": found.name}
        )
    newest = samples_of(plan, today).filter(metric=found).order_by("-on").first()
    if newest is None:
        raise ValidationError(
            _(
                "「%(metric)s」の計測値がまだありません。お客様の「指標」のページで入れてから、もう一度足してください"
            )
            % {"metric": found.name}
        )
    target = (newest.value * (1 + by / 100)).quantize(Decimal(1).scaleb(-found.decimals), ROUND_HALF_UP)
    if target == newest.value:
        raise ValidationError(_("いまの値から変わりません。もっと大きな変化を入力してください"))
    words = {
        "until": until(plan), "metric": found.name, "now": with_unit(newest.value, found),
        "target": with_unit(target, found), "by": f"{by.normalize():+f}",
    }  # fmt: skip
    goal = (
        _("%(until)sに、%(metric)sを%(now)sから%(target)sへ上げる(%(by)s%%)")
        if by > 0
        else _("%(until)sに、%(metric)sを%(now)sから%(target)sへ下げる(%(by)s%%)")
    )
    columns = {
        "metric": found.name, "measured_by": found, "direction": found.direction, "unit": found.unit,
        "baseline": newest.value, "target": target, "method": found.meaning[:200],
    }  # fmt: skip
    return with_criterion(plan, goal % words, columns)


def widen(plan: SuccessPlan, chosen: Sequence[str], today: date) -> PutIn:
    """All features of ``chosen`` in use until the plan ends."""
    found = the_features(chosen)
    words = {
        "until": until(plan), "names": "・".join(one.name for one in found[:NAMED]), "n": len(found),
    }  # fmt: skip
    goal = (
        _("%(until)sに、%(names)sの%(n)s機能を使い始める")
        if len(found) <= NAMED
        else _("%(until)sに、%(names)sなど%(n)s機能を使い始める")
    )
    put_in = with_criterion(
        plan,
        (goal % words)[:500],
        {"metric": _("使っている機能の数"), "method": _("機能ごとの計測値が0より大きい")},
    )

    def put_in_with_features() -> Objective:
        made = put_in()
        count_features(made.criteria.get(), found, today)  # type: ignore[attr-defined]
        return made

    return put_in_with_features


def the_features(chosen: Sequence[str]) -> list[ProductFeature]:
    """In the order of their names; ValidationError when none is left, or one is not ours."""
    keys = set(map(id_in, chosen))
    found = list(ProductFeature.objects.filter(pk__in=keys, product__deleted_at=None).order_by("name", "pk"))
    if not found or len(found) < len(keys):
        raise ValidationError(_("使ってもらう機能を1つ以上選んでください"))
    return found


def with_criterion(plan: SuccessPlan, statement: str, columns: dict[str, Any]) -> PutIn:
    """An objective with its first criterion, due with the plan and looked at half-way."""

    def put_in() -> Objective:
        made = write(plan, statement)()
        half_way = plan.starts_on + (plan.ends_on - plan.starts_on) / 2
        Criterion.objects.create(
            account_id=plan.account_id, objective=made, due_on=plan.ends_on, review_on=half_way, **columns
        )
        return made

    return put_in


def recount(criterion: Criterion, chosen: Sequence[str], today: date) -> None:
    """From now on the features with these ids; none makes it a criterion of figures again."""
    if chosen:
        count_features(criterion, the_features(chosen), today)
        return
    CriterionFeature.objects.filter(criterion=criterion).delete()
    Criterion.objects.filter(pk=criterion.pk, kind=Kind.BREADTH).update(kind=Kind.FIGURE)


def count_features(criterion: Criterion, chosen: Sequence[ProductFeature], today: date) -> None:
    """From now on ``criterion`` counts these features, and is reached with all of them. Where it began stays."""
    keys = {one.pk for one in chosen}
    standing = CriterionFeature.objects.filter(criterion=criterion)
    standing.exclude(feature__in=keys).delete()
    known = set(standing.values_list("feature", flat=True))
    CriterionFeature.objects.bulk_create(
        CriterionFeature(account_id=criterion.account_id, criterion=criterion, feature_id=key)
        for key in sorted(keys - known)
    )
    if criterion.kind != Kind.BREADTH or criterion.baseline is None:
        criterion.baseline = with_use(standing.all(), today).filter(use__gt=0).count()
    criterion.kind, criterion.levels, criterion.measured_by, criterion.direction = (
        Kind.BREADTH,
        "",
        None,
        "up",
    )
    criterion.unit, criterion.target, criterion.actual = _("機能"), Decimal(len(keys)), None
    criterion.save(
        update_fields=["kind", "levels", "measured_by", "direction", "unit", "baseline", "target", "actual"]
    )
