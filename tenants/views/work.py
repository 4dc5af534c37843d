"""処理の記録: what the company's background work could not do, and what it is at."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from tenants import settings_tabs
from tenants.jobs import operating
from tenants.jobs.registry import label_of
from tenants.models.job_slot import SlotState
from tenants.permissions import action
from tenants.requests import TenantRequest
from ui.pages import page
from ui.paging import keyset_page


@action("work.read")
@require_GET
def index(request: TenantRequest) -> HttpResponse:
    found = operating.of_note(request.tenant)
    shown = keyset_page(
        found, order=("-slot_start", "id"), after=request.GET.get("after"), before=request.GET.get("before")
    )
    rows = [(slot, label_of(slot.job)) for slot in shown.rows]
    failed = found.filter(state=SlotState.DEAD).count()
    context = {"page": shown, "rows": rows, "failed": failed, "tabs": settings_tabs.tabs(request)}
    return page(request, "tenants/work.html", context)
