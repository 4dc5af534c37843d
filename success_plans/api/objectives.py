"""Objectives and their criteria."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.api import of_csm
from success_plans import adoption, objectives
from success_plans.api.common import (
    SMART,
    below_live_objectives,
    figure,
    letters,
    live_objectives,
    with_criteria,
)
from success_plans.course import explained
from success_plans.models import (
    Criterion,
    Objective,
    SuccessPlan,
)
from success_plans.models.objective import Kind
from success_plans.progress import Status, expected, progress
from success_plans.standing import standing_on
from success_plans.views.adding import next_position
from tenants.api import (
    Adding,
    Fault,
    New,
    Part,
    Problem,
    Resource,
    Shown,
    between,
    column,
)
from tenants.api.shapes import (
    date_shape,
    enum_shape,
    figure_shape,
    list_shape,
    nullable,
    text_shape,
    uuid_shape,
    whole_shape,
)
from tenants.editing import editable


def make_objective(new: New) -> Any:
    """The fifth of a recovery plan names the one that it ``replaces``."""
    plan = new.parent

    def put_in() -> Any:
        position = next_position(Objective.objects.filter(plan=plan))
        return new.create(account_id=plan.account_id, plan=plan, position=position)

    if not new.texts.get("replaces"):
        return put_in()
    try:
        return objectives.swap(plan, new.texts["replaces"], put_in)[0]
    except objectives.Full as full:
        raise Problem.invalid(Fault.at("replaces", full.messages[0])) from None


PLACE = Part(
    whole_shape(1, 32_767).titled(_("並び順"), _("プランの中で何番目か。最後より先は最後")),
    lambda objective: objective.position,
    lambda objective, place: objective.move_to(int(place)),
)

OBJECTIVES = Resource(
    name="objectives",
    model=Objective,
    label=_("目標"),
    reads="plan.read",
    lists="plan.read",
    found=editable("objective"),
    shows={
        **{key: column(Objective, key) for key in ("account", "plan", "arises_from")},
        "smart": Shown(SMART, letters),
    },
    parts={"position": PLACE},
    filters=("account", "external_id", "plan", "section", "customer_owner", "driver", "issue", "promise"),
    queries=(of_csm(Objective),),
    visible=live_objectives,
    rows=with_criteria,
    adds=Adding(
        "plan.edit",
        "plan",
        SuccessPlan,
        inputs={"replaces": nullable(uuid_shape()).titled(_("入れ替える目標"), _("回復計画の目標は4つまで"))},
        make=make_objective,
    ),
)


# Criteria


def way_done(criterion: Any) -> Any:
    return progress(criterion.direction, criterion.baseline, criterion.standing, criterion.target)


def way_expected(criterion: Criterion) -> Any:
    return expected(criterion.objective.plan.starts_on, criterion.due_on, timezone.localdate())


def make_criterion(new: New) -> Any:
    """As the page does it: due with the plan unless a day is named, and on a scale where levels are."""
    objective = new.parent
    due = {} if "due_on" in new.texts else {"due_on": objective.plan.ends_on}
    if new.texts.get("levels"):
        due |= {"kind": Kind.SCALE, **({} if new.texts.get("unit") else {"unit": _now("段階")})}
    position = next_position(Criterion.objects.filter(objective=objective))
    return new.create(account_id=objective.account_id, objective=objective, position=position, **due)


def write_features(criterion: Any, keys: list[str]) -> None:
    try:
        adoption.recount(criterion, keys, timezone.localdate())
    except ValidationError as error:
        raise Problem.invalid(Fault.at("features", error.messages[0])) from None


FEATURES = Part(
    list_shape(uuid_shape()).titled(_("使う機能"), _("数える機能のID。目標の値は、その数になる")),
    lambda criterion: sorted(one.feature_id for one in criterion.features.all()),
    write_features,
)

CRITERIA = Resource(
    name="criteria",
    model=Criterion,
    label=_("成功の基準"),
    reads="plan.read",
    lists="plan.read",
    found=editable("criterion"),
    shows={
        **{key: column(Criterion, key) for key in ("account", "objective", "kind")},
        "position": column(Criterion, "position", _("並び順")),
        "progress": Shown(
            figure_shape(whole=False).titled(_("進みぐあい"), _("はじめの値で0、目標の値で1")), way_done
        ),
        "expected": Shown(
            figure_shape(0, 1, whole=False).titled(_("今日の予定"), _("期日までの時間がどれだけ過ぎたか")),
            way_expected,
        ),
        "status": Shown(
            enum_shape([one.value for one in Status]).titled(_("いまの読み方")),
            lambda criterion: explained(criterion, timezone.localdate())[0].value,
        ),
        "status_said": Shown(
            text_shape(200).titled(_("いまの読み方の理由")),
            lambda criterion: explained(criterion, timezone.localdate())[1],
        ),
        "standing": figure(
            "standing",
            nullable(figure_shape(whole=False)),
            _("いまの値。計測値を読む基準ではいちばん新しい値、ほかは actual"),
        ),
        "measured_on": figure("measured_on", nullable(date_shape()), _("その計測値の日付")),
    },
    parts={"features": FEATURES},
    filters=("account", "external_id", "objective", "measured_by"),
    queries=(of_csm(Criterion), *between(Criterion, "due_on"), *between(Criterion, "review_on")),
    visible=below_live_objectives,
    rows=lambda rows: standing_on(
        rows.select_related("objective__plan").prefetch_related("features"), timezone.localdate()
    ),
    adds=Adding("plan.edit", "objective", Objective, make=make_criterion),
)
