"""What of this room is edited in place."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.choices import issues, metric_of, metrics, units
from accounts.drivers import node_choices
from accounts.models import KeyPerson
from accounts.ringis import promises
from success_plans.models import ActionItem, Criterion, Objective, PlanQuestion, SuccessPlan
from success_plans.models.action import ActionState
from success_plans.objectives import is_full
from tenants.editing import Edit, EditField, register
from tenants.editing.fields import Choice, clean_text, for_column, member_choices
from tenants.editing.registry import all_editables
from tenants.scope import current_member, current_scope

NUMBER = _("ほかのシステムでの番号は何ですか")


def persons_of(record: Any) -> list[Choice]:
    """The people of the record's own account, with an empty choice first; asked once per request."""
    cache = current_scope().cache.setdefault("persons", {})
    if record.account_id not in cache:
        people = KeyPerson.objects.filter(account=record.account_id, is_body=False).order_by("kana", "name")
        named = [
            (str(pk), _now("%(name)sさん") % {"name": name}) for pk, name in people.values_list("pk", "name")
        ]
        cache[record.account_id] = named
    return [("", ""), *cache[record.account_id]]


# Who does an action: one of ours or a person of the customer. Two columns, one choice.


def doers(record: Any) -> list[Choice]:
    """Our members, then the customer's people; asked once per account and request."""
    cache = current_scope().cache.setdefault("doers", {})
    if record.account_id not in cache:
        ours = [(f"member:{pk}", name) for pk, name in member_choices() if pk]
        theirs = [(f"person:{pk}", name) for pk, name in persons_of(record) if pk]
        cache[record.account_id] = [("", ""), *ours, *theirs]
    return cache[record.account_id]  # type: ignore[no-any-return]


def doer_of(record: Any) -> str:
    if record.customer_assignee_id:
        return f"person:{record.customer_assignee_id}"
    return f"member:{record.assignee_id}" if record.assignee_id else ""


def parse_doer(text: str, record: Any) -> str:
    value = clean_text(text)
    if value not in {key for key, _name in doers(record)}:
        raise ValidationError(_now("選べる値の中から選んでください"))
    return value


def doer_columns(value: str) -> dict[str, str | None]:
    kind, _sep, ident = value.partition(":")
    return {
        "assignee_id": ident if kind == "member" else None,
        "customer_assignee_id": ident if kind == "person" else None,
    }


def doer_name(value: Any, record: Any) -> str:
    known = dict(doers(record))
    return str(known[value]) if value in known else _now("以前のメンバー")


def action_columns(edit: Edit) -> dict[str, object]:
    """A person of the customer takes the action from ours; a finished one gets its day."""
    if edit.field.key == "customer_assignee" and edit.value:
        return {"assignee_id": None}
    if edit.field.key == "state":
        return {"done_on": timezone.localdate() if edit.value == ActionState.DONE else None}
    return {}


ACTUAL = for_column(Criterion, "actual", hint=_("いまは"))


def typed_actual(typed: str, criterion: Criterion) -> Any:
    """A criterion that reads a metric takes its actual from nowhere else."""
    if criterion.measured_by_id:
        raise ValidationError(_now("実績は計測値から読みます。値はお客様の「指標」のページで直します"))
    return ACTUAL.parse(typed, criterion)


def measures(criterion: Any) -> list[Choice]:
    return metrics(criterion, "measured_by_id")


def criterion_columns(edit: Edit) -> dict[str, object]:
    """A criterion that has no unit yet counts as its metric does."""
    if edit.field.key != "measured_by" or not edit.value or edit.record.unit:
        return {}
    metric = metric_of(UUID(str(edit.value)))
    return {"unit": metric.unit} if metric else {}


def answered(edit: Edit) -> None:
    """What was to be asked of the customer is known now."""
    kind = next(found.kind for found in all_editables() if found.model is type(edit.record))
    if edit.value not in (None, ""):
        anchor = f"edit-{kind}-{edit.record.pk}-{edit.field.key}"
        waiting = PlanQuestion.objects.open().filter(account=edit.record.account_id, anchor=anchor)
        waiting.update(answered_at=timezone.now(), answered_by=current_member())


def where_to_swap(objective: Objective) -> str:
    """The plan's page asks which one makes room, where that is why an objective stays in the bin."""
    if not is_full(objective.plan):
        return ""
    return f"{reverse('success_plans:plan', args=[objective.plan_id])}?back={objective.pk}"


register(
    "plan",
    SuccessPlan,
    *(for_column(SuccessPlan, key) for key in ("title", "starts_on", "ends_on")),
    for_column(SuccessPlan, "unit", choices=units, hint=_("全社")),
    for_column(SuccessPlan, "external_id", hint=NUMBER),
    action="plan.edit",
    label=_("サクセスプラン"),
)

register(
    "objective",
    Objective,
    for_column(Objective, "statement"),
    for_column(Objective, "why", hint=_("お客様のどの課題に効きますか")),
    for_column(Objective, "evidence", hint=_("なぜ達成できそうですか")),
    for_column(Objective, "customer_owner", choices=persons_of, hint=_("先方では誰が責任を持ちますか")),
    for_column(Objective, "issue", choices=issues, hint=_("どの経営課題に効きますか")),
    for_column(Objective, "driver", choices=node_choices, hint=_("お客様のどの数字に効きますか")),
    for_column(Objective, "promise", choices=promises, hint=_("稟議のどの約束を果たしますか")),
    for_column(Objective, "external_id", hint=NUMBER),
    action="plan.edit",
    label=_("目標"),
    after=answered,
    way_back=where_to_swap,
)

register(
    "criterion",
    Criterion,
    for_column(Criterion, "metric", widget="textarea"),
    for_column(Criterion, "direction"),
    for_column(Criterion, "unit", hint=_("単位は")),
    for_column(Criterion, "baseline", hint=_("いくつから")),
    replace(ACTUAL, parse=typed_actual),
    for_column(Criterion, "target", hint=_("いくつへ")),
    for_column(Criterion, "due_on", hint=_("いつまで")),
    for_column(Criterion, "method", hint=_("どこの数字で、どう測りますか")),
    for_column(Criterion, "review_on", hint=_("いつ振り返る")),
    for_column(Criterion, "measured_by", choices=measures, hint=_("手で書く")),
    for_column(Criterion, "external_id", hint=NUMBER),
    action="plan.edit",
    label=_("成功の基準"),
    also=criterion_columns,
    after=answered,
)

register(
    "action",
    ActionItem,
    for_column(ActionItem, "text", action="plan.edit", widget="textarea"),
    EditField(
        key="assignee",
        label=_now("誰が"),
        parse=parse_doer,
        raw=str,
        show=doer_name,
        widget="select",
        choices=doers,
        hint=_now("誰がしますか"),
        action="plan.edit",
        read=doer_of,
        write=doer_columns,
    ),
    for_column(ActionItem, "customer_assignee", choices=persons_of, action="plan.edit"),
    for_column(ActionItem, "due_on", action="plan.edit", hint=_("いつまで")),
    for_column(ActionItem, "state"),
    for_column(ActionItem, "quantity", hint=_("どこまで")),
    for_column(ActionItem, "external_id", hint=NUMBER, action="plan.edit"),
    action="action.progress",
    removal="plan.edit",
    label=_("アクション"),
    after=answered,
    also=action_columns,
)
