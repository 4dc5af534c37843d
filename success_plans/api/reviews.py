"""What is said about a plan: reviews, questions, comments, reasons of changes."""

from django.utils.translation import gettext_lazy as _

from accounts.api import of_csm
from accounts.visible import on_visible_accounts
from success_plans import asking, commenting
from success_plans.api.common import member
from success_plans.models import (
    ChangeReason,
    PlanComment,
    PlanQuestion,
    PlanReview,
)
from tenants.api import (
    Resource,
    Verb,
    column,
)

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

COMMENTS = Resource(
    name="plan-comments",
    model=PlanComment,
    label=_("コメント"),
    reads="plan.read",
    lists="plan.read",
    shows={
        "account": column(PlanComment, "account"),
        "plan": column(PlanComment, "plan"),
        "kind": column(PlanComment, "kind", _("記録の種類")),
        "record": column(PlanComment, "record", _("どの記録に")),
        "field": column(PlanComment, "field", _("どの項目に")),
        "answers": column(PlanComment, "answers", _("どのコメントへの返事か")),
        **{key: column(PlanComment, key) for key in ("text", "written_by", "resolved_at", "resolved_by")},
    },
    filters=("account", "plan"),
    queries=(of_csm(PlanComment),),
    visible=on_visible_accounts,
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
