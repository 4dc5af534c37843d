"""設定 › プランのひな型: the company's own types of plans, templates and their lines; and templates from and into plans."""

from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.choices import features
from success_plans import objectives, templating
from success_plans.models import OwnPlanType, PlanTemplate, SuccessPlan, TemplateLine
from success_plans.models.template import LineKind
from success_plans.pieces import answer
from success_plans.reading import read_plan
from success_plans.template_editing import CELLS, chosen, type_choices
from success_plans.views.adding import typed
from tenants import settings_tabs
from tenants.editing import Cell, Choice, editable
from tenants.editing.cells import cells_of
from tenants.editing.drafting import Draft
from tenants.editing.fields import for_column
from tenants.once import once
from tenants.permissions import action, may
from tenants.requests import TenantRequest
from ui.pages import go, page, toast, toast_next

BASE = for_column(OwnPlanType, "plan_type")


# Types and templates


@action("plan_template.read")
@require_GET
def index(request: TenantRequest) -> HttpResponse:
    return shown(request, type_draft(request), {})


def shown(request: TenantRequest, draft: Draft, template: dict[str, Any], status: int = 200) -> HttpResponse:
    """The page; ``draft`` and ``template`` are what a form left behind."""
    context = {
        "tabs": settings_tabs.tabs(request),
        "own": [(one, cells_of(one)) for one in OwnPlanType.objects.order_by("is_retired", "name", "pk")],
        "found": PlanTemplate.objects.select_related("own_type").order_by("plan_type", "name", "pk"),
        "types": type_choices(),
        "draft": draft,
        "template": template,
        "may_edit": may(request.member, "plan_template.edit"),
    }
    return page(request, "success_plans/templates/index.html", context, status=status)


def type_draft(request: TenantRequest) -> Draft:
    """The form for a new type; whose rules it keeps is said once, because plans are made by them."""
    found = editable("own_plan_type")
    whole = replace(found, fields={**found.fields, "plan_type": BASE})
    return Draft(whole, ("name", "plan_type", "note"), request.POST if request.method == "POST" else None)


@action("plan_template.edit")
@require_POST
@once
def add_type(request: TenantRequest) -> HttpResponse:
    draft = type_draft(request)
    made = draft.create()
    if made is None:
        return shown(request, draft, {}, status=422)
    undo = reverse("delete_own_plan_type", args=[made.pk])
    toast_next(request, _("種類「%(name)s」を加えました") % {"name": made}, undo=undo)
    return go(request, reverse("success_plans:template_index"))


@action("plan_template.edit")
@require_POST
@once
def add(request: TenantRequest) -> HttpResponse:
    """A template of the chosen type, still without lines."""
    draft = Draft(editable("plan_template"), ("name", "note"), request.POST)
    of = chosen(request.POST.get("type", ""))
    made = draft.create(**of.columns) if of else None
    if made is None:
        problem = draft.problems if of else _("種類を選んでください")
        return shown(request, Draft(editable("own_plan_type"), ("name", "note")), {**request.POST.dict(), "problem": problem}, status=422)  # fmt: skip
    return go(request, reverse("success_plans:template", args=[made.pk]))


@action("plan_template.read", PlanTemplate)
@require_GET
def show(request: TenantRequest, template: PlanTemplate) -> HttpResponse:
    context = {
        "tabs": settings_tabs.tabs(request),
        "template": template,
        "cells": cells_of(template),
        "lines": drawn(template),
        "feature_choices": feature_choices(),
        "may_edit": may(request.member, "plan_template.edit"),
    }
    return page(request, "success_plans/templates/show.html", context)


def drawn(template: PlanTemplate) -> list[dict[str, Any]]:
    """The objectives of a template with the cells of what stands below them; one statement."""
    below = templating.lines_of(template)
    return [
        {
            **line_cells(line),
            "criteria": [line_cells(one) for one in below[line.pk] if one.kind == LineKind.CRITERION],
            "actions": [line_cells(one) for one in below[line.pk] if one.kind == LineKind.ACTION],
        }
        for line in below[None]
    ]


def line_cells(line: TemplateLine) -> dict[str, Any]:
    keys = [key for key in CELLS[LineKind(line.kind)] if key != "section" or line.template.is_account_plan]
    cells: dict[str, Cell] = cells_of(line, *keys)
    counted = templating.counted_by(line) if line.kind == LineKind.CRITERION else []
    return {
        "line": line,
        "cells": cells,
        "counted": counted,
        "counted_keys": {str(one.pk) for one in counted},
    }


def feature_choices() -> list[Choice]:
    return [choice for choice in features(None) if choice[0]]


# Lines


@action("plan_template.edit", PlanTemplate)
@require_POST
@once
def add_objective(request: TenantRequest, template: PlanTemplate) -> HttpResponse:
    text = typed(request, TemplateLine, "text")
    if isinstance(text, HttpResponse):
        return text
    try:
        line = templating.add_objective(template, text)
    except ValidationError as error:
        return HttpResponse(error.messages[0], status=422, content_type="text/plain; charset=utf-8")
    return piece(request, "_objective", {**line_cells(line), "criteria": [], "actions": []})


@action("plan_template.edit", TemplateLine)
@require_POST
@once
def add_below(request: TenantRequest, line: TemplateLine) -> HttpResponse:
    """``?kind=criterion`` or ``action``, below an objective."""
    kind = request.GET.get("kind", "")
    if line.kind != LineKind.OBJECTIVE or kind not in (LineKind.CRITERION, LineKind.ACTION):
        raise Http404
    text = typed(request, TemplateLine, "text")
    if isinstance(text, HttpResponse):
        return text
    return piece(request, "_line", line_cells(templating.add_below(line, kind, text)))


@action("plan_template.edit", TemplateLine)
@require_POST
def count(request: TenantRequest, line: TemplateLine) -> HttpResponse:
    """Which features (``feature``) a criterion of a template counts; none is a criterion of figures."""
    try:
        templating.count_features(line, request.POST.getlist("feature"))
    except ValidationError as error:
        return toast(HttpResponse(error.messages[0], status=422), error.messages[0])
    fresh = TemplateLine.objects.select_related("template").get(pk=line.pk)
    return toast(piece(request, "_line", line_cells(fresh)), _("数える機能を変えました"))


def piece(request: TenantRequest, name: str, row: dict[str, Any]) -> HttpResponse:
    context = {"row": row, "may_edit": True, "feature_choices": feature_choices()}
    return HttpResponse(render_to_string(f"success_plans/templates/{name}.html", context, request))


# Between templates and plans


@action("plan_template.edit", SuccessPlan)
@require_POST
@once
def save_as(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    """A plan as a template called ``name``."""
    try:
        made = templating.save_as(plan, request.POST.get("name", ""))
    except ValidationError as error:
        return toast(HttpResponse(error.messages[0], status=422), error.messages[0])
    undo = reverse("delete_plan_template", args=[made.pk])
    toast_next(request, _("ひな型「%(name)s」にしました") % {"name": made.name}, undo=undo)
    return go(request, reverse("success_plans:template", args=[made.pk]))


@action("plan.edit", SuccessPlan)
@require_GET
def offered(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    """The objectives of all templates by whose type the plan goes, to be added one by one."""
    context = {"plan": plan, "lines": templating.offered_to(plan)}
    return page(request, "success_plans/plans/_offered.html", context)


@action("plan.edit", SuccessPlan)
@require_POST
@once
def add_from(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    """One objective of a template (``line``), with its criteria and actions; a full plan asks which one makes room."""
    line = templating.line_for(plan, request.POST.get("line", ""))
    if line is None:
        return toast(answer(request, plan, "_objectives", oob=True), _("この目標は、もうひな型にありません"))
    try:
        made = objectives.add(templating.from_line(line, plan, timezone.localdate()))
    except objectives.Full:
        return which(request, plan, line)
    undo = reverse("delete_objective", args=[made.pk])
    text = _("ひな型「%(name)s」から目標を足しました") % {"name": line.template.name}
    return answer(request, plan, "_objectives", oob=True, text=text, undo=undo)


def which(request: TenantRequest, plan: SuccessPlan, line: TemplateLine) -> HttpResponse:
    view = read_plan(plan, request.member, timezone.localdate())
    context = {"view": view, "plan": plan, "oob": True, "line": line}
    return HttpResponse(render_to_string("success_plans/plans/_swap.html", context, request), status=409)
