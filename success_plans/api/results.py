"""What programs read and write of result reviews; the gates are those of the page."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.api import of_csm
from accounts.visible import on_visible_accounts
from success_plans import results
from success_plans.api.common import member
from success_plans.models import Checkpoint, Criterion, Objective, ResultFigure, ResultReview
from success_plans.models.result import Verdict
from success_plans.verdict import explained, verdict_of
from tenants.api import Adding, New, Resource, Shown, Verb, between, column
from tenants.api.problems import Fault, Problem
from tenants.api.shapes import enum_shape, list_shape, nullable, text_shape, uuid_shape
from tenants.editing import editable


class DecisionForm(forms.Form):
    verdict = forms.ChoiceField(label=_("結論"), choices=Verdict.choices)
    reason = forms.CharField(label=_("別の結論にした理由"), max_length=500, required=False)


def below_live_objectives(rows: Any, member: Any) -> Any:
    live = rows.filter(objective__deleted_at=None, objective__plan__deleted_at=None)
    return on_visible_accounts(live, member)


def of_live_reviews(rows: Any, member: Any) -> Any:
    live = rows.filter(review__deleted_at=None, review__objective__deleted_at=None)
    return on_visible_accounts(live.filter(review__objective__plan__deleted_at=None), member)


def of_live_criteria(rows: Any, member: Any) -> Any:
    live = rows.filter(criterion__deleted_at=None, criterion__objective__deleted_at=None)
    return on_visible_accounts(live.filter(criterion__objective__plan__deleted_at=None), member)


def facts(review: ResultReview) -> Any:
    return results.facts_of(review, review.figures.all())  # type: ignore[attr-defined]


def begin(new: New) -> Any:
    """With the figures of the plan; a field that waits for them is refused."""
    made = new.create(account_id=new.parent.account_id, objective=new.parent)
    results.take_figures(made)
    return made


REVIEWS = Resource(
    name="result-reviews",
    model=ResultReview,
    label=_("結果レビュー"),
    reads="plan.read",
    lists="plan.read",
    found=editable("result"),
    shows={
        **{key: column(ResultReview, key) for key in ("account", "objective", "figures_at", "figures_by")},
        "proposal": Shown(
            nullable(enum_shape(list(Verdict.values))).titled(
                _("事実からの結論"), _("事実がそろうまではnull")
            ),
            lambda review: verdict_of(facts(review)),
        ),
        "because": Shown(
            list_shape(text_shape(300)).titled(_("その理由"), _("結果、実行度、次にすることの順")),
            lambda review: explained(facts(review)),
        ),
        **{
            key: column(ResultReview, key)
            for key in ("verdict", "verdict_reason", "decided_at", "decided_by", "carried_to")
        },
    },
    filters=("account", "objective", "verdict"),
    queries=(of_csm(ResultReview), *between(ResultReview, "held_on")),
    visible=below_live_objectives,
    rows=lambda rows: rows.prefetch_related("figures"),
    adds=Adding("plan.edit", "objective", Objective, make=begin),
    verbs=(
        Verb(
            "confirm",
            "plan.edit",
            lambda review, _given: results.confirm_figures(review, member()),
            _("結果数値を確かめたことにする"),
        ),
        Verb(
            "decide",
            "plan.edit",
            lambda review, given: results.decide(review, given["verdict"], given["reason"], member()),
            _("結論を出す"),
            DecisionForm,
        ),
        Verb("reopen", "plan.edit", lambda review, _given: results.reopen(review), _("結論を取り消す")),
    ),
)


def add_figure(new: New) -> Any:
    """A part of the whole of one metric, which stands in the review already."""
    review = new.parent
    of = results.totals(review).filter(criterion=new.texts["criterion"]).first()
    if of is None:
        raise Problem.invalid(Fault("criterion", _now("この結果レビューにある成功の基準を選んでください")))
    if not (new.texts.get("part") or "").strip():
        raise Problem.invalid(Fault("part", _now("内訳の名前を書いてください")))
    like: Any = new.draft.like
    like.review = review
    try:
        return new.create(
            account_id=review.account_id, review=review, criterion_id=of.criterion_id, metric=of.metric,
            direction=of.direction, unit=of.unit,
        )  # fmt: skip
    except ValidationError as error:
        raise Problem.invalid(Fault("", error.messages[0])) from None


FIGURES = Resource(
    name="result-figures",
    model=ResultFigure,
    label=_("結果数値"),
    reads="plan.read",
    lists="plan.read",
    found=editable("figure"),
    shows={
        "account": column(ResultFigure, "account"),
        "review": column(ResultFigure, "review", _("結果レビュー")),
        "criterion": column(ResultFigure, "criterion", _("成功の基準")),
        **{key: column(ResultFigure, key) for key in ("metric", "direction", "unit")},
    },
    filters=("account", "review", "criterion"),
    queries=(of_csm(ResultFigure),),
    visible=of_live_reviews,
    adds=Adding(
        "plan.edit",
        "review",
        ResultReview,
        inputs={"criterion": uuid_shape().titled(_("成功の基準"), _("どの指標の内訳か"))},
        needs=("criterion", "part"),
        make=add_figure,
    ),
)

CHECKPOINTS = Resource(
    name="checkpoints",
    model=Checkpoint,
    label=_("チェックポイント"),
    reads="plan.read",
    lists="plan.read",
    found=editable("checkpoint"),
    shows={
        "account": column(Checkpoint, "account"),
        "criterion": column(Checkpoint, "criterion", _("成功の基準")),
    },
    filters=("account", "criterion"),
    queries=(of_csm(Checkpoint), *between(Checkpoint, "on")),
    visible=of_live_criteria,
    adds=Adding(
        "plan.edit",
        "criterion",
        Criterion,
        make=lambda new: new.create(account_id=new.parent.account_id, criterion=new.parent),
    ),
)

RESULTS = (REVIEWS, FIGURES, CHECKPOINTS)
