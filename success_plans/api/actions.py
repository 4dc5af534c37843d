"""Actions."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.api import of_csm
from success_plans.api.common import below_live_objectives
from success_plans.models import (
    ActionItem,
    Objective,
)
from success_plans.models.action import ActionState
from success_plans.views.adding import next_position
from tenants.api import (
    Adding,
    New,
    Query,
    Resource,
    Shape,
    between,
    column,
)
from tenants.api.shapes import (
    nullable,
    uuid_shape,
)
from tenants.editing import editable

HEX = "[0-9a-fA-F]"
DOER_PATTERN = f"^(member|person):{HEX}{{8}}-{HEX}{{4}}-{HEX}{{4}}-{HEX}{{4}}-{HEX}{{12}}$"


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
