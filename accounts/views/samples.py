"""The metrics of one customer: their course, the day's values typed as a table, and every value to correct."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.choices import metric_of, unit_tree
from accounts.frame import frame
from accounts.metrics.chart import line_of
from accounts.metrics.entry import Entry
from accounts.metrics.series import samples_of, series_of
from accounts.models import Account, MetricSample
from tenants.editing.cells import cells_of
from tenants.once import once
from tenants.permissions import action, may
from tenants.requests import TenantRequest
from ui.pages import go, page, toast_next
from ui.paging import keyset_page

PAGE = 24


@action("account.read", Account)
@require_GET
def index(request: TenantRequest, account: Account) -> HttpResponse:
    return shown(request, account, unit_of(account, request.GET.get("unit", "")))


def shown(
    request: TenantRequest,
    account: Account,
    unit: UUID | None,
    entry: Entry | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of the whole account or of one unit; ``entry`` is what the form left behind."""
    today = timezone.localdate()
    series = series_of(account, unit, today)
    found = keyset_page(
        samples_of(account, unit),
        order=("-on", "-pk"),
        after=request.GET.get("after"),
        before=request.GET.get("before"),
        size=PAGE,
    )
    context = {
        **frame(request, account),
        "lines": [line_of(one) for one in series],
        "entry": entry or Entry(account, unit, series, {"on": today.isoformat()}),
        "units": [(each.pk, each.name, depth) for each, depth in unit_tree(account.pk)],
        "unit": unit,
        "page": found,
        "rows": [row_of(sample, account) for sample in found.rows],
        "may_edit": may(request.member, "account.edit", account),
        "may_define": may(request.member, "metric.read"),
        "may_import": may(request.member, "account.import"),
    }
    return page(request, "accounts/metrics/of_account.html", context, status=status)


def row_of(sample: MetricSample, account: Account) -> dict[str, Any]:
    sample.account = account
    return {
        "sample": sample,
        "metric": metric_of(sample.metric_id),
        "cells": cells_of(sample, "on", "value", "source"),
    }


def unit_of(account: Account, asked: str) -> UUID | None:
    """The unit that was asked for, if it is one of the account's; else the whole account."""
    return next((unit.pk for unit, _depth in unit_tree(account.pk) if str(unit.pk) == asked), None)


@action("account.edit", Account)
@require_POST
@once
def create(request: TenantRequest, account: Account) -> HttpResponse:
    unit = unit_of(account, request.POST.get("unit", ""))
    entry = Entry(account, unit, series_of(account, unit, timezone.localdate()), request.POST)
    made = entry.write()
    if not made:
        return shown(request, account, unit, entry, status=422)
    undo = reverse("delete_metric_sample", args=[made[0].pk]) if len(made) == 1 else None
    toast_next(request, _("計測値を%(n)s件書きました") % {"n": len(made)}, undo=undo)
    return go(
        request, reverse("accounts:sample_index", args=[account.pk]) + (f"?unit={unit}" if unit else "")
    )


def urls() -> list[URLPattern]:
    return [
        path("accounts/<uuid:pk>/metrics/", index, name="sample_index"),
        path("accounts/<uuid:pk>/metrics/new/", create, name="samples_add"),
    ]
