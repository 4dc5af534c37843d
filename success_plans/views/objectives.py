from django.http import HttpResponse
from django.views.decorators.http import require_POST

from success_plans.models import Objective, SuccessPlan
from success_plans.pieces import answer
from success_plans.views.adding import next_position, typed
from tenants.once import once
from tenants.permissions import action
from tenants.requests import TenantRequest


@action("plan.edit", SuccessPlan)
@require_POST
@once
def add(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    text = typed(request, Objective, "statement")
    if isinstance(text, HttpResponse):
        return text
    position = next_position(Objective.objects.filter(plan=plan))
    made = Objective.objects.create(account_id=plan.account_id, plan=plan, statement=text, position=position)
    return answer(request, plan, "_objective", objective=made.pk)


@action("plan.edit", Objective)
@require_POST
def position(request: TenantRequest, objective: Objective) -> HttpResponse:
    """``to=up`` or ``down``: change places with the neighbour."""
    objective.move(-1 if request.POST.get("to") == "up" else 1)
    return answer(request, objective.plan, "_objectives", oob=True)
