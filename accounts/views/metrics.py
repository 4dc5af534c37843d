"""設定 › 指標: what is counted, the same way for every customer; retired ones keep their values."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.metrics.editing import DEFINITION_FIELDS
from accounts.models import MetricDefinition
from tenants import settings_tabs
from tenants.editing import editable
from tenants.editing.cells import cells_of
from tenants.editing.drafting import Draft
from tenants.once import once
from tenants.permissions import action, may
from tenants.requests import TenantRequest
from ui.pages import go, page, toast_next


@action("metric.read")
@require_GET
def index(request: TenantRequest) -> HttpResponse:
    return shown(request)


def shown(request: TenantRequest, draft: Draft | None = None, status: int = 200) -> HttpResponse:
    context = {
        "tabs": settings_tabs.tabs(request),
        "metrics": [(one, cells_of(one)) for one in metrics()],
        "draft": draft or Draft(editable("metric"), DEFINITION_FIELDS),
        "may_edit": may(request.member, "metric.edit"),
    }
    return page(request, "accounts/metrics/index.html", context, status=status)


def metrics() -> Any:
    """Those in use first, each with the number of customers that have a value of it."""
    counted = Count("samples__account", filter=Q(samples__deleted_at=None), distinct=True)
    return (
        MetricDefinition.objects.annotate(customers=counted)
        .select_related("feature__product")
        .order_by("is_retired", "name", "pk")
    )


@action("metric.edit")
@require_POST
@once
def create(request: TenantRequest) -> HttpResponse:
    draft = Draft(editable("metric"), DEFINITION_FIELDS, request.POST)
    metric = draft.create()
    if metric is None:
        return shown(request, draft, status=422)
    undo = reverse("delete_metric", args=[metric.pk])
    toast_next(request, _("指標「%(name)s」を加えました") % {"name": metric}, undo=undo)
    return go(request, f"{reverse('accounts:metric_index')}#metric-{metric.pk}")


def urls() -> list[URLPattern]:
    return [
        path("settings/metrics/", index, name="metric_index"),
        path("settings/metrics/new/", create, name="metric_add"),
    ]
