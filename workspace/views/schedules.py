"""The year of one account on one page."""

from datetime import date

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts.budgets import budgets_of
from accounts.fiscal import FiscalClosing
from accounts.frame import frame
from accounts.models import Account
from tenants.permissions import action, may
from tenants.requests import TenantRequest
from tenants.scope import current_tenant
from ui.pages import page
from workspace.schedule.axis import HALF, QUARTER, SPANS, YEAR, Axis
from workspace.schedule.drawing import draw
from workspace.schedule.reading import read

LABELS = {QUARTER: _("四半期"), HALF: _("半期"), YEAR: _("1年")}
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)


@action("account.read", Account)
@require_GET
def show(request: TenantRequest, account: Account) -> HttpResponse:
    """``?span`` is year, half or quarter, ``?at`` a day in it (today); htmx gets the chart alone."""
    today = timezone.localdate()
    asked = request.GET.get("span", YEAR)
    closing = account.closing or own_closing()
    axis = Axis.around(closing, asked if asked in SPANS else YEAR, day_of(request.GET.get("at", ""), today))
    found = read(account, axis, today, request.member)
    context = {
        "account": account,
        "drawing": draw(found, axis, today),
        "today": today,
        "spans": [(span, LABELS[span]) for span in SPANS],
        "may_edit": may(request.member, "account.edit", account),
        "doubtful": len(found.calendar.doubtful),
    }
    if not request.htmx:  # type: ignore[attr-defined]
        context |= {
            **frame(request, account),
            "budgets": budgets_of(account, today),
            "may_plan": may(request.member, "plan.edit", account),
            "here": reverse("workspace:schedule", args=[account.pk]),
        }
    return page(request, "workspace/schedule/show.html", context, fragment="chart")


def day_of(text: str, today: date) -> date:
    """The day that an address names; today for what is no day."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return today
    return found if EARLIEST <= found <= LATEST else today


def own_closing() -> FiscalClosing:
    """Our own year, as long as nobody knows the customer's."""
    return FiscalClosing.of((current_tenant().fiscal_start_month - 2) % 12 + 1)
