"""What is said about a plan: reviews, questions, comments, reasons of changes."""

from collections.abc import Callable, Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.api import of_csm
from accounts.visible import on_visible_accounts
from success_plans import asking, commenting
from success_plans.api.common import find, member
from success_plans.models import (
    ChangeReason,
    PlanComment,
    PlanQuestion,
    PlanReview,
    SuccessPlan,
)
from success_plans.versions import KINDS
from tenants.api import Adding, Fault, New, Problem, Resource, Verb, column
from tenants.api.shapes import enum_shape, nullable, text_shape, uuid_shape
from tenants.editing import editable

REVIEWS = Resource(
    name="plan-reviews",
    model=PlanReview,
    label=_("レビュー"),
    reads="plan.read",
    lists="plan.read",
    shows={
        key: column(PlanReview, key)
        for key in (
            "account",
            "plan",
            "submitted_by",
            "submitted_at",
            "outcome",
            "reason",
            "decided_by",
            "decided_at",
        )
    },
    filters=("account", "plan", "outcome"),
    queries=(of_csm(PlanReview),),
    visible=on_visible_accounts,
)


QUESTIONS = Resource(
    name="plan-questions",
    model=PlanQuestion,
    label=_("顧客に確認すること"),
    reads="plan.read",
    lists="plan.read",
    shows={
        key: column(PlanQuestion, key)
        for key in ("account", "plan", "about", "text", "asked_by", "answered_at", "answered_by")
    },
    filters=("account", "plan"),
    queries=(of_csm(PlanQuestion),),
    visible=on_visible_accounts,
    verbs=(
        Verb(
            "settle",
            "plan.edit",
            lambda one, _given: asking.settle(one, member()),
            _("聞いたことにする"),
        ),
        Verb("reopen", "plan.edit", lambda one, _given: asking.settle(one, None), _("台帳に戻す")),
    ),
)

ANCHOR = ("kind", "record", "field")


def make_comment(new: New) -> PlanComment:
    """At the field that ``kind``, ``record`` and ``field`` name, or as an answer in a thread of the same plan."""
    text, to = new.texts["text"], find(PlanComment, "answers", new.texts.get("answers"))
    if to is None:
        where = ":".join(str(new.texts.get(key) or "") for key in ANCHOR)
        return spoken((*ANCHOR, "answers"), lambda: commenting.comment(new.parent, where, text, new.member))
    if to.plan_id != new.parent.pk:
        raise Problem.invalid(Fault.at("answers", _now("このプランのコメントではありません")))
    return spoken(("text",), lambda: commenting.reply(to, text, new.member))


def spoken(keys: Sequence[str], say: Callable[[], PlanComment]) -> PlanComment:
    try:
        return say()
    except ValidationError as error:
        raise Problem.invalid(*(Fault.at(key, error.messages[0]) for key in keys)) from None


COMMENTS = Resource(
    name="plan-comments",
    model=PlanComment,
    label=_("コメント"),
    reads="plan.read",
    lists="plan.read",
    found=editable("plan_comment"),
    shows={
        "account": column(PlanComment, "account"),
        "plan": column(PlanComment, "plan"),
        "kind": column(PlanComment, "kind", _("記録の種類")),
        "record": column(PlanComment, "record", _("どの記録に")),
        "field": column(PlanComment, "field", _("どの項目に")),
        "answers": column(PlanComment, "answers", _("どのコメントへの返事か")),
        **{
            key: column(PlanComment, key) for key in ("written_by", "edited_at", "resolved_at", "resolved_by")
        },
    },
    filters=("account", "plan", "answers"),
    queries=(of_csm(PlanComment),),
    visible=on_visible_accounts,
    adds=Adding(
        "plan.comment",
        "plan",
        SuccessPlan,
        inputs={
            "kind": enum_shape(list(KINDS)).titled(_("記録の種類")),
            "record": uuid_shape().titled(_("どの記録に")),
            "field": text_shape(30).titled(_("どの項目に")),
            "answers": nullable(uuid_shape()).titled(
                _("どのコメントへの返事か"), _("返事は、そのコメントと同じ項目に付く")
            ),
        },
        freely=("text",),
        make=make_comment,
    ),
    verbs=(
        Verb(
            "resolve",
            "plan.comment",
            lambda comment, _given: commenting.resolve(comment, member()),
            _("コメントを解決にする"),
        ),
        Verb(
            "reopen",
            "plan.comment",
            lambda comment, _given: commenting.resolve(comment, None),
            _("コメントを未解決に戻す"),
        ),
    ),
)

CHANGE_REASONS = Resource(
    name="plan-change-reasons",
    model=ChangeReason,
    label=_("変えた理由"),
    reads="plan.read",
    lists="plan.read",
    shows={
        "account": column(ChangeReason, "account"),
        "plan": column(ChangeReason, "plan"),
        "record": column(ChangeReason, "record", _("変えた記録")),
        "field": column(ChangeReason, "field", _("変えた項目")),
        **{key: column(ChangeReason, key) for key in ("before", "after", "reason", "given_by")},
    },
    filters=("account", "plan"),
    queries=(of_csm(ChangeReason),),
    visible=on_visible_accounts,
)
