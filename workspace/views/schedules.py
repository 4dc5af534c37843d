"""The year of one account on one page, and the word of somebody who looked it over."""

from datetime import date

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts.budgets import budgets_of
from accounts.fiscal import FiscalClosing
from accounts.frame import frame
from accounts.models import Account
from success_plans import stamping
from success_plans.models import ScheduleStamp
from tenants.permissions import action, may
from tenants.requests import TenantRequest
from tenants.scope import current_tenant
from ui.pages import go, page, toast_next
from workspace.schedule.axis import HALF, QUARTER, SPANS, YEAR, Axis
from workspace.schedule.changes import changes_since
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
        **looked_over(account, today),
    }
    if not request.htmx:  # type: ignore[attr-defined]
        context |= {
            **frame(request, account),
            "budgets": budgets_of(account, today),
            "may_plan": may(request.member, "plan.edit", account),
            "here": reverse("workspace:schedule", args=[account.pk]),
        }
    return page(request, "workspace/schedule/show.html", context, fragment="chart")


def looked_over(account: Account, today: date) -> dict[str, object]:
    """The last stamp, and what moved since."""
    last = stamping.last_stamp(account)
    return {
        "stamp": last,
        "is_stamped": bool(last and last.on == today),
        "moved": changes_since(account, last.created_at) if last else [],
    }


@action("account.edit", Account)
@require_POST
def stamp(request: TenantRequest, account: Account) -> HttpResponse:
    """見直し済, for today; twice is once."""
    made = stamping.stamp(account, request.member, timezone.localdate())
    undo = reverse("workspace:stamp_removal", args=[made.pk])
    toast_next(request, _now("スケジュールを見直し済にしました"), undo=undo)
    return go(request, reverse("workspace:schedule", args=[account.pk]))


@action("account.edit", ScheduleStamp)
@require_POST
def take_back(request: TenantRequest, made: ScheduleStamp) -> HttpResponse:
    made.delete()
    return HttpResponse(headers={"HX-Refresh": "true"})


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
