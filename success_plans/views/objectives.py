"""Objectives of a plan: added, moved, and swapped where a plan has room for no more."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from success_plans import candidates, templating
from success_plans import objectives as coming
from success_plans.models import Objective, SuccessPlan
from success_plans.models.objective import Section
from success_plans.objectives import Full, PutIn
from success_plans.pieces import answer
from success_plans.reading import read_plan
from success_plans.views.actions import shortened
from success_plans.views.adding import typed
from tenants.once import once
from tenants.permissions import action
from tenants.requests import TenantRequest
from ui.pages import toast

GONE = 409


@action("plan.edit", SuccessPlan)
@require_POST
@once
def add(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    """One more, from its statement; where the plan is full, the question which one it replaces."""
    text = typed(request, Objective, "statement")
    if isinstance(text, HttpResponse):
        return text
    try:
        made = coming.add(coming.write(plan, text, **section_of(request, plan)))
    except Full:
        return which(request, plan, text=text)
    return answer(request, plan, "_objective", objective=made.pk)


@action("plan.edit", SuccessPlan)
@require_POST
@once
def take_up(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    """``key`` names one of the proposed candidates."""
    candidate = candidates.find(plan, request.POST.get("key", ""))
    if candidate is None:
        return toast(answer(request, plan, "_objectives", oob=True), _("この候補は、もうありません"))
    try:
        made = coming.add(candidates.take_up(plan, candidate))
    except Full:
        return which(request, plan, candidate=candidate)
    undo = reverse("delete_objective", args=[made.pk])
    text = _("「%(source)s」から目標を足しました") % {"source": candidate.source}
    return answer(request, plan, "_objectives", oob=True, text=text, undo=undo)


@action("plan.edit", SuccessPlan)
@require_POST
@once
def swap(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    """``out`` makes room for what was typed (``text``), lies in the bin (``back``), is proposed (``key``)
    or stands in a template (``line``)."""
    put_in = what_comes(request, plan)
    if isinstance(put_in, HttpResponse):
        return put_in
    try:
        came, left = coming.swap(plan, request.POST.get("out", ""), put_in)
    except Full as full:
        return toast(which(request, plan, text=request.POST.get("text", "")), full.messages[0])
    undo = f"{reverse('success_plans:objective_swap_undo', args=[plan.pk])}?" + urlencode(
        {"came": came.pk, "left": left.pk}
    )
    words = {"came": shortened(came.statement), "left": shortened(left.statement)}
    text = _("「%(left)s」を「%(came)s」と入れ替えました") % words
    return answer(request, plan, "_swapped", oob=True, text=text, undo=undo)


@action("plan.edit", SuccessPlan)
@require_POST
def swap_undo(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    """``?came=…&left=…``: both go where they were before; what had come is kept in the bin."""
    if coming.swap_back(plan, request.GET.get("came", ""), request.GET.get("left", "")):
        text = _("入れ替えを元に戻しました")
    else:
        text = _("入れ替えたあとに、どちらかの目標が動いています。いまのプランを見てください")
    return answer(request, plan, "_swapped", oob=True, text=text)


@action("plan.edit", Objective)
@require_POST
def position(request: TenantRequest, objective: Objective) -> HttpResponse:
    """``to=up`` or ``down``: change places with the neighbour."""
    objective.move(-1 if request.POST.get("to") == "up" else 1)
    return answer(request, objective.plan, "_objectives", oob=True)


def section_of(request: TenantRequest, plan: SuccessPlan) -> dict[str, str]:
    """``?section=`` of an account plan."""
    section = request.GET.get("section", "")
    return {"section": section} if plan.is_shared_with_sales and section in Section.values else {}


def what_comes(request: TenantRequest, plan: SuccessPlan) -> PutIn | HttpResponse:
    given = request.POST
    if key := given.get("key"):
        candidate = candidates.find(plan, key)
        return candidates.take_up(plan, candidate) if candidate else gone(request, plan)
    if back := given.get("back"):
        lying = in_bin(plan, back)
        return coming.bring_back(lying) if lying else gone(request, plan)
    if line := given.get("line"):
        offered = templating.line_for(plan, line)
        return templating.from_line(offered, plan, timezone.localdate()) if offered else gone(request, plan)
    text = typed(request, Objective, "statement")
    return text if isinstance(text, HttpResponse) else coming.write(plan, text)


def in_bin(plan: SuccessPlan, pk: str) -> Any:
    """An objective of this plan that was deleted."""
    return coming.find(Objective.everything.filter(plan=plan, deleted_at__isnull=False), pk)


def gone(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    return toast(answer(request, plan, "_swapped", oob=True), _("足そうとした目標は、もうありません"))


def which(request: TenantRequest, plan: SuccessPlan, **comes: Any) -> HttpResponse:
    """The question, as a dialog that opens itself; what was typed stands in it."""
    view = read_plan(plan, request.member, timezone.localdate())
    context = {"view": view, "plan": plan, "oob": True, **comes}
    return HttpResponse(render_to_string("success_plans/plans/_swap.html", context, request), status=GONE)
