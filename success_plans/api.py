"""What of this room programs read and write: plans, their objectives, and what hangs on those."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.api import of_csm
from accounts.models import Account
from accounts.visible import on_visible_accounts
from success_plans import asking, candidates, commenting, objectives, reviewing, sharing
from success_plans.completeness import LETTERS, NONE, OK, WARN, letters_of, letters_together
from success_plans.models import (
    ActionItem,
    ChangeReason,
    Criterion,
    Objective,
    PlanComment,
    PlanQuestion,
    PlanReview,
    SuccessPlan,
)
from success_plans.models.action import ActionState
from success_plans.models.plan import OPEN, PlanState
from success_plans.progress import expected, progress
from success_plans.queries import with_dates
from success_plans.reading import CHECKS, aim_of
from success_plans.standing import standing_on
from success_plans.views.adding import next_position
from tenants.api import (
    Adding,
    Fault,
    New,
    Part,
    Problem,
    Query,
    Resource,
    Shape,
    Shown,
    Verb,
    between,
    column,
)
from tenants.api.shapes import (
    date_shape,
    enum_shape,
    figure_shape,
    list_shape,
    nullable,
    object_shape,
    of_column,
    text_shape,
    uuid_shape,
    whole_shape,
)
from tenants.editing import editable
from tenants.scope import current_member

HEX = "[0-9a-fA-F]"
DOER_PATTERN = f"^(member|person):{HEX}{{8}}-{HEX}{{4}}-{HEX}{{4}}-{HEX}{{4}}-{HEX}{{12}}$"

# Whatever lies below something in the bin is in no list, as it is on no page.


def live_objectives(rows: Any, member: Any) -> Any:
    return on_visible_accounts(rows.filter(plan__deleted_at=None), member)


def below_live_objectives(rows: Any, member: Any) -> Any:
    live = rows.filter(objective__deleted_at=None, objective__plan__deleted_at=None)
    return on_visible_accounts(live, member)


# SMART: what is filled, read along with the rows


SMART = object_shape(
    {letter: enum_shape([OK, WARN, NONE]).titled(CHECKS[letter]) for letter in LETTERS},
    lambda letters, letter: letters[letter],
).titled("SMART", _("okは埋まっている、warnは途中か未確認、noneはまだない"))


def with_criteria(objectives: Any) -> Any:
    return objectives.prefetch_related(Prefetch("criteria", Criterion.objects.order_by("position", "pk")))


def letters(objective: Objective) -> dict[str, str]:
    return letters_of(aim_of(objective, objective.criteria.all()))  # type: ignore[attr-defined]


def letters_of_plan(plan: Any) -> dict[str, str]:
    return letters_together(letters(objective) for objective in plan.objectives.all())


def with_objectives(plans: Any) -> Any:
    dated = with_dates(plans, timezone.localdate())
    return dated.prefetch_related(Prefetch("objectives", with_criteria(Objective.objects.all())))


def figure(key: str, shape: Shape, title: Any) -> Shown:
    """Something that ``rows`` worked out along with the record."""
    return Shown(shape.titled(title), lambda record: getattr(record, key))


# Plans


class ReopeningForm(forms.Form):
    to = forms.ChoiceField(
        label=_("戻す状態"),
        choices=[(state.value, state.label) for state in OPEN if state != PlanState.SUBMITTED],
        required=False,
    )


class ApprovalForm(forms.Form):
    reason = forms.CharField(label=_("ひとこと"), max_length=1000, required=False)


class SendingBackForm(forms.Form):
    reason = forms.CharField(label=_("差し戻す理由"), max_length=1000)


def member() -> Any:
    return current_member()


def make_plan(new: New) -> Any:
    given = {"plan_type": new.texts["plan_type"]} if "plan_type" in new.texts else {}
    return new.create(account=new.parent, **given)


def take_up(plan: SuccessPlan, given: dict[str, Any]) -> None:
    """A candidate of a recovery plan as an objective; ``replaces`` makes room where the plan is full."""
    candidate = candidates.find(plan, given["key"])
    if candidate is None:
        raise ValidationError(_now("この候補は、もうありません"))
    put_in = candidates.take_up(plan, candidate)
    if given["replaces"]:
        objectives.swap(plan, str(given["replaces"]), put_in)
    else:
        objectives.add(put_in)


class CandidateForm(forms.Form):
    key = forms.CharField(label=_("候補のキー"), max_length=80)
    replaces = forms.UUIDField(label=_("入れ替える目標"), required=False)


CANDIDATES = list_shape(
    object_shape(
        {
            "key": text_shape(80).titled(_("キー")),
            "statement": text_shape(500).titled(_("目標")),
            "source": text_shape(200).titled(_("出どころ")),
        }
    )
).titled(_("回復計画の目標の候補"), _("弱いところから、弱い順に"))

PLANS = Resource(
    name="plans",
    model=SuccessPlan,
    label=_("サクセスプラン"),
    reads="plan.read",
    lists="plan.read",
    found=editable("plan"),
    shows={
        **{key: column(SuccessPlan, key) for key in ("account", "plan_type", "state", "shared_on")},
        "smart": Shown(SMART, letters_of_plan),
        "next_due": figure("next_due", nullable(date_shape()), _("次のアクションの期日")),
        "next_review": figure("next_review", nullable(date_shape()), _("次の振り返り日")),
        "overdue_actions": figure("overdue_actions", figure_shape(0), _("期日を過ぎたアクションの数")),
        "objective_count": figure("objective_count", figure_shape(0), _("目標の数")),
    },
    filters=("account", "external_id", "plan_type", "state", "unit"),
    queries=(of_csm(SuccessPlan), *between(SuccessPlan, "starts_on"), *between(SuccessPlan, "ends_on")),
    alone={
        "candidates": Shown(CANDIDATES, lambda plan: candidates.candidates_of(plan, timezone.localdate()))
    },
    visible=on_visible_accounts,
    rows=with_objectives,
    adds=Adding(
        "plan.edit",
        "account",
        Account,
        inputs={"plan_type": of_column(SuccessPlan._meta.get_field("plan_type")).titled(_("種類"))},
        make=make_plan,
    ),
    verbs=(
        Verb(
            "submit",
            "plan.edit",
            lambda plan, _given: reviewing.submit(plan, member()),
            _("レビューを依頼する"),
        ),
        Verb(
            "withdraw",
            "plan.edit",
            lambda plan, _given: reviewing.withdraw(plan, member()),
            _("依頼を取り下げる"),
        ),
        Verb(
            "approve",
            "plan.review",
            lambda plan, given: reviewing.approve(plan, member(), given["reason"]),
            _("プランを承認する"),
            ApprovalForm,
        ),
        Verb(
            "return",
            "plan.review",
            lambda plan, given: reviewing.send_back(plan, member(), given["reason"]),
            _("理由を添えて差し戻す"),
            SendingBackForm,
        ),
        Verb("activate", "plan.edit", lambda plan, _given: plan.activate(), _("プランを始める")),
        Verb("complete", "plan.edit", lambda plan, _given: plan.complete(), _("プランを完了にする")),
        Verb(
            "cancel",
            "plan.edit",
            lambda plan, _given: reviewing.cancel(plan, member()),
            _("プランを取りやめる"),
        ),
        Verb(
            "share",
            "plan.edit",
            lambda plan, _given: sharing.share(plan, timezone.localdate()),
            _("お客様と共有する。回復計画は承認のあと"),
        ),
        Verb("unshare", "plan.edit", lambda plan, _given: sharing.stop_sharing(plan), _("共有をやめる")),
        Verb(
            "take-up",
            "plan.edit",
            take_up,
            _("候補を1つ、目標にする"),
            CandidateForm,
        ),
        Verb(
            "reopen",
            "plan.edit",
            lambda plan, given: plan.reopen(given["to"] or plan.stood_as),
            _("プランを、開いていたときの状態に戻す"),
            ReopeningForm,
        ),
    ),
)


# Reviews


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
        Verb("settle", "plan.edit", lambda one, _given: asking.settle(one, member()), _("聞いたことにする")),
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


# Objectives


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
    filters=("account", "external_id", "plan", "customer_owner", "driver", "issue", "promise"),
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
    """As the page does it: due with the plan unless a day is named."""
    objective = new.parent
    due = {} if "due_on" in new.texts else {"due_on": objective.plan.ends_on}
    position = next_position(Criterion.objects.filter(objective=objective))
    return new.create(account_id=objective.account_id, objective=objective, position=position, **due)


CRITERIA = Resource(
    name="criteria",
    model=Criterion,
    label=_("成功の基準"),
    reads="plan.read",
    lists="plan.read",
    found=editable("criterion"),
    shows={
        **{key: column(Criterion, key) for key in ("account", "objective")},
        "position": column(Criterion, "position", _("並び順")),
        "progress": Shown(
            figure_shape(whole=False).titled(_("進みぐあい"), _("はじめの値で0、目標の値で1")), way_done
        ),
        "expected": Shown(
            figure_shape(0, 1, whole=False).titled(_("今日の予定"), _("期日までの時間がどれだけ過ぎたか")),
            way_expected,
        ),
        "standing": figure(
            "standing",
            nullable(figure_shape(whole=False)),
            _("いまの値。計測値を読む基準ではいちばん新しい値、ほかは actual"),
        ),
        "measured_on": figure("measured_on", nullable(date_shape()), _("その計測値の日付")),
    },
    filters=("account", "external_id", "objective", "measured_by"),
    queries=(of_csm(Criterion), *between(Criterion, "due_on"), *between(Criterion, "review_on")),
    visible=below_live_objectives,
    rows=lambda rows: standing_on(rows.select_related("objective__plan"), timezone.localdate()),
    adds=Adding("plan.edit", "objective", Objective, make=make_criterion),
)


# Actions


def one_doer(value: Any) -> str:
    """``member:<id>`` is one of ours, ``person:<id>`` somebody of the customer."""
    kind, _sep, ident = value.partition(":") if isinstance(value, str) else ("", "", "")
    if kind not in ("member", "person"):
        raise ValidationError(_now("member:ID(こちらの人)か person:ID(先方の人)で送ってください"))
    return f"{kind}:{uuid_shape().text(ident)}"


DOER = Shape({"type": "string", "pattern": DOER_PATTERN}, one_doer, lambda value: value or None)


def done_by(rows: Any, asked: list[str]) -> Any:
    doers = [one_doer(value).split(":") for value in asked]
    ours = [ident for kind, ident in doers if kind == "member"]
    theirs = [ident for kind, ident in doers if kind == "person"]
    return rows.filter(Q(assignee__in=ours) | Q(customer_assignee__in=theirs))


def make_action(new: New) -> Any:
    objective = new.parent
    done = {"done_on": timezone.localdate()} if new.texts.get("state") == ActionState.DONE else {}
    return new.create(
        account_id=objective.account_id,
        plan_id=objective.plan_id,
        objective=objective,
        position=next_position(ActionItem.objects.filter(objective=objective)),
        **done,
    )


ACTIONS = Resource(
    name="actions",
    model=ActionItem,
    label=_("アクション"),
    reads="plan.read",
    lists="plan.read",
    found=editable("action"),
    without=("customer_assignee",),  # a second name for what ``assignee`` says
    shapes={"assignee": nullable(DOER, DOER.dump)},
    shows={
        **{key: column(ActionItem, key) for key in ("account", "plan", "objective", "done_on")},
        "position": column(ActionItem, "position", _("並び順")),
    },
    filters=("account", "external_id", "plan", "objective", "state"),
    queries=(
        Query("assignee", DOER.schema, done_by, _("誰が"), many=True),
        of_csm(ActionItem),
        *between(ActionItem, "due_on"),
    ),
    visible=below_live_objectives,
    adds=Adding("plan.edit", "objective", Objective, make=make_action),
)

RESOURCES = (PLANS, REVIEWS, COMMENTS, QUESTIONS, CHANGE_REASONS, OBJECTIVES, CRITERIA, ACTIONS)
