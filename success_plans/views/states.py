"""What can happen to a plan as a whole. Each is undone by going back to where it stood."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from success_plans import reviewing
from success_plans.models import SuccessPlan
from success_plans.models.plan import OPEN, PlanState
from success_plans.pieces import answer
from success_plans.sharing import share, stop_sharing
from tenants.permissions import action
from tenants.requests import TenantRequest


@action("plan.edit", SuccessPlan)
@require_POST
def submission(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    undo = reverse("success_plans:withdrawal", args=[plan.pk])
    return changed(
        request, plan, lambda: reviewing.submit(plan, request.member), _("レビューを依頼しました"), undo
    )


@action("plan.edit", SuccessPlan)
@require_POST
def withdrawal(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    undo = reverse("success_plans:submission", args=[plan.pk])
    return changed(
        request, plan, lambda: reviewing.withdraw(plan, request.member), _("依頼を取り下げました"), undo
    )


@action("plan.review", SuccessPlan)
@require_POST
def approval(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    """``seen`` is the mark of the plan as the manager saw it; ``reason`` a word along with it, or nothing."""
    given = request.POST
    return changed(
        request,
        plan,
        lambda: reviewing.approve(plan, request.member, given.get("reason", ""), seen=given.get("seen", "")),
        _("「%(plan)s」を承認しました") % {"plan": plan.title},
        taking_back(plan),
    )


@action("plan.review", SuccessPlan)
@require_POST
def sending_back(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    return changed(
        request,
        plan,
        lambda: reviewing.send_back(plan, request.member, request.POST.get("reason", "")),
        _("「%(plan)s」を差し戻しました") % {"plan": plan.title},
        taking_back(plan),
    )


@action("plan.review", SuccessPlan)
@require_POST
def decision_undo(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    """The plan waits again; an open queue shows it."""
    response = changed(
        request, plan, lambda: reviewing.take_back(plan, request.member), _("承認待ちに戻しました"), None
    )
    trigger_client_event(response, "plan-waits-again")
    return response


@action("plan.edit", SuccessPlan)
@require_POST
def activation(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    return changed(request, plan, plan.activate, _("プランを始めました"), back_to(plan, plan.state))


@action("plan.edit", SuccessPlan)
@require_POST
def completion(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    return changed(request, plan, plan.complete, _("プランを完了にしました"), back_to(plan, plan.state))


@action("plan.edit", SuccessPlan)
@require_POST
def cancellation(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    return changed(
        request,
        plan,
        lambda: reviewing.cancel(plan, request.member),
        _("プランを取りやめました"),
        back_to(plan, plan.state),
    )


@action("plan.edit", SuccessPlan)
@require_POST
def reopening(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    """``?to=`` an open state in which the plan has stood; without it, the last one."""
    state = request.GET.get("to") or plan.stood_as
    if state not in OPEN or state == PlanState.SUBMITTED:
        return HttpResponse(_("プランが戻れるのは、開いていたときの状態です"), status=422)
    label = {"state": PlanState(state).label}
    return changed(request, plan, lambda: plan.reopen(state), _("「%(state)s」に戻しました") % label, None)


@action("plan.edit", SuccessPlan)
@require_POST
def sharing(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    """From today on the customer has it before them."""
    undo = reverse("success_plans:sharing_end", args=[plan.pk])
    today = timezone.localdate()
    return changed(request, plan, lambda: share(plan, today), _("お客様と共有しました"), undo)


@action("plan.edit", SuccessPlan)
@require_POST
def sharing_end(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    return changed(request, plan, lambda: stop_sharing(plan), _("共有をやめました"), None)


def changed(
    request: TenantRequest, plan: SuccessPlan, change: Callable[[], Any], text: str, undo: str | None
) -> HttpResponse:
    """The head after it; where it could not be done, the head as it stands now, and why."""
    try:
        change()
    except ValidationError as error:
        response = answer(request, plan, "_head", oob=True, text=error.messages[0])
        response.status_code = 409 if isinstance(error, reviewing.Moved) else 422
        return response
    return answer(request, plan, "_head", oob=True, text=text, undo=undo)


def back_to(plan: SuccessPlan, state: str) -> str | None:
    """The URL that undoes a step from ``state``; what waited for its review goes back to writing."""
    if state not in OPEN:
        return None
    to = PlanState.DRAFT if state == PlanState.SUBMITTED else state
    return reverse("success_plans:reopening", args=[plan.pk]) + "?" + urlencode({"to": to})


def taking_back(plan: SuccessPlan) -> str:
    return reverse("success_plans:decision_undo", args=[plan.pk])
