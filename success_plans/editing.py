"""What of this room is edited in place."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import KeyPerson
from success_plans.models import ActionItem, Criterion, Objective, SuccessPlan
from success_plans.models.action import ActionState
from tenants.editing import Edit, register
from tenants.editing.fields import Choice, for_column
from tenants.scope import current_scope


def finished(edit: Edit) -> dict[str, object]:
    if edit.field.key != "state":
        return {}
    return {"done_on": timezone.localdate() if edit.value == ActionState.DONE else None}


def only_one_assignee(edit: Edit) -> dict[str, object]:
    """Giving the action to one of ours takes it from the customer's person, and the other way round."""
    other = {"assignee": "customer_assignee_id", "customer_assignee": "assignee_id"}.get(edit.field.key)
    return {other: None} if other and edit.value else finished(edit)


def persons_of(record: Any) -> list[Choice]:
    """The people of the record's own account, with an empty choice first; asked once per request."""
    cache = current_scope().cache.setdefault("persons", {})
    if record.account_id not in cache:
        people = KeyPerson.objects.filter(account=record.account_id, is_body=False).order_by("kana", "name")
        cache[record.account_id] = [(str(pk), name) for pk, name in people.values_list("pk", "name")]
    return [("", ""), *cache[record.account_id]]


register(
    "plan",
    SuccessPlan,
    *(for_column(SuccessPlan, key) for key in ("title", "starts_on", "ends_on")),
    action="plan.edit",
    label=_("サクセスプラン"),
)

register(
    "objective",
    Objective,
    for_column(Objective, "statement"),
    for_column(Objective, "why", hint=_("お客様のどの課題に効きますか")),
    for_column(Objective, "customer_owner", choices=persons_of, hint=_("先方では誰が責任を持ちますか")),
    action="plan.edit",
    label=_("目標"),
)

register(
    "criterion",
    Criterion,
    for_column(Criterion, "metric"),
    for_column(Criterion, "direction"),
    for_column(Criterion, "unit"),
    for_column(Criterion, "baseline", hint=_("はじめの値はいくつですか")),
    for_column(Criterion, "actual"),
    for_column(Criterion, "target", hint=_("どの値になれば達成ですか")),
    for_column(Criterion, "due_on", hint=_("いつまでですか")),
    for_column(Criterion, "method", hint=_("どう測りますか")),
    for_column(Criterion, "review_on", hint=_("いつ振り返りますか")),
    action="plan.edit",
    label=_("成功の基準"),
)

register(
    "action",
    ActionItem,
    for_column(ActionItem, "text", action="plan.edit"),
    for_column(ActionItem, "assignee", action="plan.edit", hint=_("誰がしますか")),
    for_column(ActionItem, "customer_assignee", choices=persons_of, action="plan.edit"),
    for_column(ActionItem, "due_on", action="plan.edit", hint=_("いつまでですか")),
    for_column(ActionItem, "state"),
    for_column(ActionItem, "quantity"),
    action="action.progress",
    removal="plan.edit",
    label=_("アクション"),
    also=only_one_assignee,
)
