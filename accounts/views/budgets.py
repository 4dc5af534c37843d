from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import budgets
from accounts.models import Account
from tenants.once import once
from tenants.permissions import action
from ui.pages import go, page, wants_fragment


@action("account.edit", Account)
@require_POST
@once
def create(request: HttpRequest, account: Account) -> HttpResponse:
    """The first word on one year's budget; from then on it is edited in place."""
    year, status = request.POST.get("fiscal_year", ""), request.POST.get("status", "")
    if not (
        len(year) == 4 and year.isascii() and year.isdigit() and 1990 <= int(year) <= 2100
    ) or status not in dict(budgets.choices()):
        raise Http404
    budgets.record(account, int(year), status)
    if not wants_fragment(request):
        return go(request, reverse("accounts:account", args=[account.pk]) + "#fiscal")
    context = {
        "account": account,
        "budgets": budgets.budgets_of(account, timezone.localdate()),
        "may_edit": True,
    }
    return page(request, "accounts/_budgets.html", context)
