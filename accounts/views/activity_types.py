"""設定: the tenant's own kinds of activities, added, renamed and retired. What was written under one keeps its name."""

from dataclasses import replace

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import ActivityType
from accounts.models.activity import ActivityKind
from tenants import settings_tabs
from tenants.editing import editable
from tenants.editing.cells import cells_of
from tenants.editing.drafting import Draft
from tenants.editing.fields import for_column
from tenants.once import once
from tenants.permissions import action, may
from tenants.requests import TenantRequest
from ui.pages import go, page, toast_next

KIND = for_column(ActivityType, "kind")


def draft_of(request: TenantRequest) -> Draft:
    """The form for a new type; what it counts as is said once, because old records are counted by it."""
    found = editable("activity_type")
    whole = replace(found, fields={**found.fields, "kind": KIND})
    return Draft(whole, ("name", "kind"), request.POST if request.method == "POST" else None)


@action("tenant.read")
@require_GET
def index(request: TenantRequest) -> HttpResponse:
    return shown(request, draft_of(request))


def shown(request: TenantRequest, draft: Draft, status: int = 200) -> HttpResponse:
    context = {
        "tabs": settings_tabs.tabs(request),
        "own": [
            (one, cells_of(one, "name", "is_retired"))
            for one in ActivityType.objects.order_by("is_retired", "created_at", "pk")
        ],
        "ours": ActivityKind.choices,
        "draft": draft,
        "may_edit": may(request.member, "tenant.edit"),
    }
    return page(request, "accounts/activity_types/index.html", context, status=status)


@action("tenant.edit")
@require_POST
@once
def create(request: TenantRequest) -> HttpResponse:
    draft = draft_of(request)
    made = draft.create()
    if made is None:
        return shown(request, draft, status=422)
    toast_next(request, _("「%(name)s」を加えました") % {"name": made})
    return go(request, reverse("accounts:activity_type_index"))
