"""Plans."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.api import of_csm
from accounts.models import Account
from accounts.visible import on_visible_accounts
from success_plans import candidates, objectives, reviewing, sharing, templating
from success_plans.api.common import SMART, figure, find, letters_of_plan, member, with_objectives
from success_plans.beginning import owners
from success_plans.carrying_on import carry_on, decided_of, next_of
from success_plans.models import (
    OwnPlanType,
    PlanTemplate,
    SuccessPlan,
)
from success_plans.models.plan import OPEN, PlanState, PlanType
from success_plans.rules import check_period
from tenants.api import (
    Adding,
    Fault,
    New,
    Problem,
    Resource,
    Shown,
    Verb,
    between,
    column,
)
from tenants.api.shapes import (
    date_shape,
    figure_shape,
    list_shape,
    nullable,
    object_shape,
    of_column,
    text_shape,
    uuid_shape,
)
from tenants.editing import editable
from tenants.permissions import require


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


def next_plan(plan: SuccessPlan) -> Any:
    found = next_of(decided_of(plan))
    return found and found.pk


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
        "candidates": Shown(CANDIDATES, lambda plan: candidates.candidates_of(plan, timezone.localdate())),
        "next_plan": Shown(
            nullable(uuid_shape()).titled(_("次のプラン"), _("結果レビューを引き継いだ先")), next_plan
        ),
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
