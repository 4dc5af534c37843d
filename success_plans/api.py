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
from success_plans import adoption, asking, candidates, commenting, objectives, reviewing, sharing, templating
from success_plans.beginning import owners
from success_plans.carrying_on import carry_on
from success_plans.completeness import LETTERS, NONE, OK, WARN, letters_of, letters_together
from success_plans.course import explained
from success_plans.models import (
    ActionItem,
    ChangeReason,
    Criterion,
    CriterionFeature,
    Objective,
    OwnPlanType,
    PlanComment,
    PlanQuestion,
    PlanReview,
    PlanTemplate,
    SuccessPlan,
    TemplateLine,
)
from success_plans.models.action import ActionState
from success_plans.models.objective import Kind
from success_plans.models.plan import OPEN, PlanState, PlanType
from success_plans.models.template import LineKind
from success_plans.progress import Status, expected, progress
from success_plans.queries import with_dates
from success_plans.reading import CHECKS, aim_of
from success_plans.result_api import RESULTS
from success_plans.rules import check_period
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
from tenants.permissions import require
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
    """With the owners and the length of its type, for somebody who may write that type; from a ``template`` with all
    that stands in it."""
    template = find(PlanTemplate, "template", new.texts.get("template"))
    own_type = find(OwnPlanType, "own_type", new.texts.get("own_type"))
    of = template or own_type
    plan_type = of.plan_type if of else new.texts.get("plan_type") or PlanType.CUSTOMER_OBJECTIVE
    require("plan.edit", SuccessPlan(account=new.parent, plan_type=plan_type))
    named = [key for key in ("csm_owner", "sales_owner") if new.texts.get(key)]
    held_by = {key: one for key, one in owners(new.parent, plan_type).items() if key[:-3] not in named}
    if new.draft.is_valid():
        try:
            check_period(plan_type, new.draft.values["starts_on"], new.draft.values["ends_on"])
        except ValidationError as error:
            raise Problem.invalid(Fault.at("ends_on", error.messages[0])) from None
    held_by["own_type"] = template.own_type if template else own_type
    plan = new.create(account=new.parent, plan_type=plan_type, **held_by)
    if template:
        try:
            templating.fill(plan, template, timezone.localdate())
        except objectives.Full as full:
            raise Problem.invalid(Fault.at("template", full.messages[0])) from None
    return plan


def find(model: Any, key: str, pk: str | None) -> Any:
    """What was named by its id; None where nothing was."""
    if not pk:
        return None
    if (found := objectives.find(model.objects.all(), pk)) is None:
        raise Problem.invalid(Fault.at(key, _now("見つかりません")))
    return found


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
        **{
            key: column(SuccessPlan, key)
            for key in ("account", "plan_type", "own_type", "state", "shared_on")
        },
        "smart": Shown(SMART, letters_of_plan),
        "next_due": figure("next_due", nullable(date_shape()), _("次のアクションの期日")),
        "next_review": figure("next_review", nullable(date_shape()), _("次の振り返り日")),
        "overdue_actions": figure("overdue_actions", figure_shape(0), _("期日を過ぎたアクションの数")),
        "objective_count": figure("objective_count", figure_shape(0), _("目標の数")),
    },
    filters=("account", "external_id", "plan_type", "state", "unit", "csm_owner", "sales_owner"),
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
        inputs={
            "plan_type": of_column(SuccessPlan._meta.get_field("plan_type")).titled(_("種類")),
            "own_type": nullable(uuid_shape()).titled(_("自社の種類"), _("種類はこの種類の決まりになる")),
            "template": nullable(uuid_shape()).titled(
                _("ひな型"), _("種類はひな型のものになり、目標、基準、アクションが入る")
            ),
        },
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
            "carry-on",
            "plan.edit",
            lambda plan, _given: carry_on(plan),
            _("結果レビューを次のプランへ引き継ぐ"),
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


# Types and templates


def rules_of_body(new: New) -> dict[str, Any]:
    own_type = find(OwnPlanType, "own_type", new.texts.get("own_type"))
    plan_type = own_type.plan_type if own_type else new.texts.get("plan_type") or PlanType.CUSTOMER_OBJECTIVE
    return {"plan_type": plan_type, "own_type": own_type}


def make_line(new: New) -> Any:
    """An objective, or what stands ``below`` one of the same template."""
    template, kind = new.parent, new.texts.get("kind") or LineKind.OBJECTIVE
    below = find(TemplateLine, "below", new.texts.get("below"))
    if (kind == LineKind.OBJECTIVE) != (below is None):
        raise Problem.invalid(Fault.at("below", _now("基準とアクションは、どの目標の下かを送ってください")))
    if below and (below.template_id != template.pk or below.kind != LineKind.OBJECTIVE):
        raise Problem.invalid(Fault.at("below", _now("同じひな型の目標を送ってください")))
    try:
        templating.check_room(template, kind)
    except ValidationError as error:
        raise Problem.invalid(Fault.at("template", error.messages[0])) from None
    rows = TemplateLine.objects.filter(template=template, below=below, kind=kind)
    return new.create(template=template, below=below, kind=kind, position=next_position(rows))


OWN_TYPES = Resource(
    name="plan-types",
    model=OwnPlanType,
    label=_("自社の種類"),
    reads="plan_template.read",
    lists="plan_template.read",
    found=editable("own_plan_type"),
    shows={"plan_type": column(OwnPlanType, "plan_type")},
    filters=("plan_type", "is_retired"),
    adds=Adding(
        "plan_template.edit",
        inputs={
            "plan_type": of_column(OwnPlanType._meta.get_field("plan_type")).titled(_("どの種類の決まりで"))
        },
        make=lambda new: new.create(plan_type=new.texts.get("plan_type") or PlanType.CUSTOMER_OBJECTIVE),
    ),
)

TEMPLATES = Resource(
    name="plan-templates",
    model=PlanTemplate,
    label=_("ひな型"),
    reads="plan_template.read",
    lists="plan_template.read",
    found=editable("plan_template"),
    shows={key: column(PlanTemplate, key) for key in ("plan_type", "own_type")},
    filters=("plan_type", "own_type", "external_id"),
    adds=Adding(
        "plan_template.edit",
        inputs={
            "plan_type": of_column(PlanTemplate._meta.get_field("plan_type")).titled(_("種類")),
            "own_type": nullable(uuid_shape()).titled(_("自社の種類")),
        },
        make=lambda new: new.create(**rules_of_body(new)),
    ),
)

TEMPLATE_LINES = Resource(
    name="template-lines",
    model=TemplateLine,
    label=_("ひな型の行"),
    reads="plan_template.read",
    lists="plan_template.read",
    found=editable("template_line"),
    shows={
        "template": column(TemplateLine, "template"),
        "below": column(TemplateLine, "below", _("どの目標の下か")),
        "kind": column(TemplateLine, "kind", _("行の種類")),
        "position": column(TemplateLine, "position", _("並び順")),
    },
    filters=("template", "kind"),
    adds=Adding(
        "plan_template.edit",
        "template",
        PlanTemplate,
        inputs={
            "kind": of_column(TemplateLine._meta.get_field("kind")).titled(_("行の種類")),
            "below": nullable(uuid_shape()).titled(_("どの目標の下か")),
        },
        make=make_line,
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
    """The features that it counts from now on; none makes it a criterion of figures again."""
    if not keys:
        criterion.features.all().delete()
        Criterion.objects.filter(pk=criterion.pk, kind=Kind.BREADTH).update(kind=Kind.FIGURE)
        return
    try:
        found = adoption.the_features(keys)
    except ValidationError as error:
        raise Problem.invalid(Fault.at("features", error.messages[0])) from None
    adoption.count_features(criterion, found, timezone.localdate())


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

WITHOUT = {
    CriterionFeature: "read and written as the list of features of a criterion",
}
RESOURCES = (
    *RESULTS,
    PLANS,
    REVIEWS,
    COMMENTS,
    QUESTIONS,
    CHANGE_REASONS,
    OBJECTIVES,
    CRITERIA,
    ACTIONS,
    OWN_TYPES,
    TEMPLATES,
    TEMPLATE_LINES,
)
