"""What the coach says of words that are still being typed (S1 1.30). Nothing is stored."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from success_plans.models import ActionItem, Objective
from success_plans.objectives import find
from success_plans.reading import read_words
from tenants.permissions import action
from tenants.requests import TenantRequest

LONGEST = 500
"""No field that the coach reads takes more."""


@action("plan.edit", Objective)
@require_POST
def words(request: TenantRequest, objective: Objective) -> HttpResponse:
    """``text`` is what stands in the objective's field now, or in that of its action ``action``."""
    text, of = request.POST.get("text", "")[:LONGEST], request.POST.get("action", "")
    if of and find(ActionItem.objects.filter(objective=objective), of) is None:
        raise Http404
    view = read_words(objective, text, of, timezone.localdate())
    about = {"objective": view, "view": {"may_edit": True, "plan": objective.plan}, "oob": False}
    return render(request, "success_plans/plans/_gaps.html", about)
