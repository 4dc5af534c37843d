from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from success_plans.models import ActionItem, Objective
from success_plans.models.action import OPEN, ActionState
from success_plans.pieces import answer
from success_plans.views.adding import next_position, typed
from tenants.once import once
from tenants.permissions import action
from tenants.requests import TenantRequest


@action("plan.edit", Objective)
@require_POST
@once
def add(request: TenantRequest, objective: Objective) -> HttpResponse:
    text = typed(request, ActionItem, "text")
    if isinstance(text, HttpResponse):
        return text
    made = ActionItem.objects.create(
        account_id=objective.account_id,
        plan_id=objective.plan_id,
        objective=objective,
        text=text,
        position=next_position(ActionItem.objects.filter(objective=objective)),
    )
    return answer(request, objective.plan, "_action", action=made.pk)


@action("action.progress", ActionItem)
@require_POST
def completion(request: TenantRequest, item: ActionItem) -> HttpResponse:
    """Ticking is done at once; ticking again takes it back."""
    if item.state == ActionState.DONE:
        return _reopened(request, item, ActionState.TODO)
    before = item.state
    item.finish(timezone.localdate())
    undo = reverse("success_plans:action_reopening", args=[item.pk])
    text = _("「%(text)s」を完了にしました") % {"text": shortened(item.text)}
    return answer(
        request,
        item.objective.plan,
        "_action",
        oob=True,
        action=item.pk,
        text=text,
        undo=undo + "?" + urlencode({"to": before if before in OPEN else ActionState.TODO}),
    )


@action("action.progress", ActionItem)
@require_POST
def reopening(request: TenantRequest, item: ActionItem) -> HttpResponse:
    """``?to=todo`` or ``doing``: where the action goes back to."""
    state = request.GET.get("to", ActionState.TODO)
    return _reopened(request, item, ActionState(state) if state in OPEN else ActionState.TODO)


def _reopened(request: TenantRequest, item: ActionItem, state: ActionState) -> HttpResponse:
    item.reopen(state)
    return answer(request, item.objective.plan, "_action", oob=True, action=item.pk)


def shortened(text: str) -> str:
    return text if len(text) <= 24 else f"{text[:23]}…"
