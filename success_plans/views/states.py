"""What can happen to a plan as a whole. Each is undone by reopening it where it stood."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from success_plans.models import SuccessPlan
from success_plans.models.plan import OPEN
from success_plans.pieces import answer
from tenants.permissions import action
from tenants.requests import TenantRequest


@action("plan.edit", SuccessPlan)
@require_POST
def activation(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    return _changed(request, plan, plan.activate, _("プランを始めました"))


@action("plan.edit", SuccessPlan)
@require_POST
def completion(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    return _changed(request, plan, plan.complete, _("プランを完了にしました"))


@action("plan.edit", SuccessPlan)
@require_POST
def cancellation(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    return _changed(request, plan, plan.cancel, _("プランを取りやめました"))


@action("plan.edit", SuccessPlan)
@require_POST
def reopening(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    """``?to=draft`` or ``active``: where the plan goes back to."""
    state = request.GET.get("to", "active")
    if state not in OPEN:
        return HttpResponse(_("戻せるのは、下書きか実行中です"), status=422)
    plan.reopen(state)
    return answer(
        request,
        plan,
        "_head",
        oob=True,
        text=_("「%(state)s」に戻しました") % {"state": plan.get_state_display()},
    )


def _changed(
    request: TenantRequest, plan: SuccessPlan, change: Callable[[], None], text: str
) -> HttpResponse:
    before = plan.state
    try:
        change()
    except ValidationError as error:
        return HttpResponse(error.messages[0], status=422)
    back = reverse("success_plans:reopening", args=[plan.pk]) + "?" + urlencode({"to": before})
    return answer(request, plan, "_head", oob=True, text=text, undo=back if before in OPEN else None)
