"""What only the customer knows: a gap goes to the ledger of blanks, and leaves it when somebody asked."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from success_plans import asking
from success_plans.models import PlanQuestion, SuccessPlan
from success_plans.pieces import answer
from tenants.permissions import action
from tenants.requests import TenantRequest
from ui.pages import toast


@action("plan.edit", SuccessPlan)
@require_POST
def ask(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    """``anchor`` and ``text`` name one of the gaps that the page shows."""
    try:
        made = asking.ask(plan, request.POST.get("anchor", ""), request.POST.get("text", ""), request.member)
    except ValidationError as error:
        response = answer(request, plan, text=error.messages[0])
        response.status_code = 422
        return response
    undo = reverse("success_plans:question_settle", args=[made.pk])
    return answer(request, plan, text=_("空欄台帳の「次に聞くこと」に加えました"), undo=undo)


@action("plan.edit", PlanQuestion)
@require_POST
def settle(request: TenantRequest, question: PlanQuestion) -> HttpResponse:
    asking.settle(question, request.member)
    undo = reverse("success_plans:question_reopen", args=[question.pk])
    return toast(HttpResponse(), _("聞いたことにしました"), undo=undo)


@action("plan.edit", PlanQuestion)
@require_POST
def reopen(request: TenantRequest, question: PlanQuestion) -> HttpResponse:
    """Back into the ledger; its page shows it anew."""
    asking.settle(question, None)
    response = HttpResponse()
    response["HX-Refresh"] = "true"
    return response
