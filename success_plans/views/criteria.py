from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from success_plans.course import course_of
from success_plans.models import Criterion, Objective
from success_plans.pieces import answer
from success_plans.standing import standing_on
from success_plans.views.adding import next_position, typed
from tenants.once import once
from tenants.permissions import action
from tenants.requests import TenantRequest
from ui.pages import page


@action("plan.edit", Objective)
@require_POST
@once
def add(request: TenantRequest, objective: Objective) -> HttpResponse:
    text = typed(request, Criterion, "metric")
    if isinstance(text, HttpResponse):
        return text
    made = Criterion.objects.create(
        account_id=objective.account_id,
        objective=objective,
        metric=text,
        due_on=objective.plan.ends_on,
        position=next_position(Criterion.objects.filter(objective=objective)),
    )
    return answer(request, objective.plan, "_criterion", criterion=made.pk)


@action("plan.read", Criterion)
@require_GET
def course(request: TenantRequest, criterion: Criterion) -> HttpResponse:
    """How it came to where it stands, as a chart and in words."""
    today = timezone.localdate()
    rows = Criterion.objects.filter(pk=criterion.pk).select_related("objective__plan")
    found = course_of(standing_on(rows, today).get(), today)
    return page(request, "success_plans/plans/_course.html", {"course": found, "criterion": criterion})


@action("plan.read", Criterion)
@require_GET
def actual(request: TenantRequest, criterion: Criterion) -> HttpResponse:
    """Where it stands, after somebody chose the metric that it reads."""
    return answer(request, criterion.objective.plan, "_actual", criterion=criterion.pk)
