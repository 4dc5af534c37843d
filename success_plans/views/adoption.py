"""Objectives of an adoption plan: by a metric, or by features."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from success_plans import adoption, objectives
from success_plans.models import Criterion, SuccessPlan
from success_plans.objectives import PutIn
from success_plans.pieces import answer
from tenants.once import once
from tenants.permissions import action
from tenants.requests import TenantRequest


@action("plan.edit", SuccessPlan)
@require_POST
@once
def deepen(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    """``metric`` by ``percent``."""
    given, today = request.POST, timezone.localdate()
    return put(
        request, plan, lambda: adoption.deepen(plan, given.get("metric", ""), given.get("percent", ""), today)
    )


@action("plan.edit", SuccessPlan)
@require_POST
@once
def widen(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    """``feature``, as often as there are features."""
    return put(
        request, plan, lambda: adoption.widen(plan, request.POST.getlist("feature"), timezone.localdate())
    )


@action("plan.edit", Criterion)
@require_POST
def count(request: TenantRequest, criterion: Criterion) -> HttpResponse:
    """Which features (``feature``) a criterion counts."""
    plan = criterion.objective.plan
    try:
        chosen = adoption.the_features(request.POST.getlist("feature"))
    except ValidationError as error:
        return refused(request, plan, error)
    adoption.count_features(criterion, chosen, timezone.localdate())
    return answer(request, plan, "_objectives", oob=True, text=_("数える機能を変えました"))


def put(request: TenantRequest, plan: SuccessPlan, ask: Any) -> HttpResponse:
    try:
        put_in: PutIn = ask()
    except ValidationError as error:
        return refused(request, plan, error)
    made = objectives.add(put_in)
    undo = reverse("delete_objective", args=[made.pk])
    return answer(request, plan, "_objectives", oob=True, text=_("目標を足しました"), undo=undo)


def refused(request: TenantRequest, plan: SuccessPlan, error: ValidationError) -> HttpResponse:
    response = answer(request, plan, text=error.messages[0])
    response.status_code = 422
    return response
