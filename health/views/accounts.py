from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.frame import frame
from accounts.models import Account
from health import explaining
from tenants.permissions import action
from ui.pages import page


@action("health.read", Account)
@require_GET
def account_health(request: HttpRequest, account: Account) -> HttpResponse:
    """Why the account stands where it stands."""
    today = timezone.localdate()
    found = explaining.explain(account, today)
    context = {
        **frame(request, account),
        "health": found,
        "chart": explaining.chart(account, today, found.card),
        "today": today,
    }
    return page(request, "health/account.html", context)
