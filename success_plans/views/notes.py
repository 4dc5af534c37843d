"""From the timeline into a plan: the next step of a record becomes an action."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Activity
from success_plans.models import Objective
from success_plans.timeline import action_from
from tenants.permissions import action, require, visible_or_404
from tenants.requests import TenantRequest
from ui.pages import go, toast_next


@action("plan.edit", Activity)
@require_POST
def action_from_note(request: TenantRequest, activity: Activity) -> HttpResponse:
    """``where`` names the objective, which is one of the same account."""
    objective = visible_or_404(Objective, request.POST.get("where", ""))
    if objective.account_id != activity.account_id:
        raise Http404
    require("plan.edit", objective)
    if not activity.next_step:
        return HttpResponse(_("次にすることを書いてから、アクションにしてください"), status=422)
    made = action_from(activity, objective, request.member, timezone.localdate())
    text = _("「%(objective)s」のアクションにしました") % {"objective": objective.statement[:40]}
    toast_next(request, text, undo=reverse("delete_action", args=[made.pk]))
    return go(request, reverse("accounts:activity_index", args=[activity.account_id]) + f"#ev-{activity.pk}")
