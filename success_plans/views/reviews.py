"""The manager's queue: one plan after the other, approved or returned in one pane."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from success_plans import reviewing
from success_plans.heat import plan_map
from success_plans.models import SuccessPlan
from success_plans.queue import heat_map, queue
from success_plans.views.states import taking_back
from tenants.permissions import action
from tenants.requests import TenantRequest
from ui.pages import page, toast, wants_fragment


@action("plan.review")
@require_GET
def index(request: TenantRequest) -> HttpResponse:
    """``?plan=`` the one to show in the pane, ``?csm=`` whose plans to show one by one; asked by htmx, only the queue."""
    chosen, whose, today = request.GET.get("plan", ""), request.GET.get("csm", ""), timezone.localdate()
    if wants_fragment(request):
        return shown(request, chosen, 200)
    context = {
        "queue": queue(today, chosen),
        "heat": heat_map(),
        "plan_map": plan_map(today, whose),
        "whose": whose,
    }
    return page(request, "success_plans/reviews/index.html", context)


@action("plan.review", SuccessPlan)
@require_GET
def pane(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    """One plan of the queue; the list beside it stays as it is."""
    context = {"queue": queue(timezone.localdate(), str(plan.pk))}
    return page(request, "success_plans/reviews/_pane.html", context)


@action("plan.review", SuccessPlan)
@require_POST
def approve(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    given = request.POST
    return decided(
        request,
        plan,
        lambda: reviewing.approve(plan, request.member, given.get("reason", ""), seen=given.get("seen", "")),
        _("「%(account)s」のプランを承認しました"),
    )


@action("plan.review", SuccessPlan)
@require_POST
def send_back(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    """``ask`` are the questions that were ticked; with the word along with them they are the reason."""
    asked = [f"・{text.strip()}" for text in request.POST.getlist("ask") if text.strip()]
    reason = "\n".join(part for part in (request.POST.get("reason", "").strip(), *asked) if part)
    return decided(
        request,
        plan,
        lambda: reviewing.send_back(plan, request.member, reason[:1000]),
        _("「%(account)s」のプランを差し戻しました"),
    )


def decided(request: TenantRequest, plan: SuccessPlan, change: Callable[[], Any], text: str) -> HttpResponse:
    """The queue with the next plan in the pane; where it could not be done, with the same one if it still waits."""
    try:
        change()
    except ValidationError as error:
        typed = {
            "problem": error.messages[0],
            "typed": request.POST.get("reason", ""),
            "asked": request.POST.getlist("ask"),
        }
        status = 409 if isinstance(error, reviewing.Moved) else 422
        return shown(request, str(plan.pk), status, **typed)
    response = shown(request, request.POST.get("next", ""), 200)
    return toast(response, text % {"account": plan.account.name}, undo=taking_back(plan))


def shown(request: TenantRequest, chosen: str, status: int, **more: Any) -> HttpResponse:
    """The list, and beside it the pane with the next plan."""
    context = {"queue": queue(timezone.localdate(), chosen), "oob": True, **more}
    return page(request, "success_plans/reviews/index.html#queue", context, status=status)
