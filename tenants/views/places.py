"""The history of memberships, below メンバー."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from tenants import place_history, settings_tabs
from tenants.permissions import action
from tenants.requests import TenantRequest
from ui.pages import page


@action("member.history")
@require_GET
def index(request: TenantRequest) -> HttpResponse:
    try:
        cursor = UUID(request.GET["before"]) if request.GET.get("before") else None
    except ValueError:
        raise Http404 from None
    lines, before = place_history.lines(cursor)
    context = {
        "tabs": settings_tabs.tabs(request),
        "lines": lines,
        "before": before,
        "today": timezone.localdate(),
    }
    return page(request, "tenants/members/history.html", context)
