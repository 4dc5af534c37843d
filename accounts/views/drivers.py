"""The business driver tree of one customer: drawn, and below it the nodes to write in."""

from django.http import HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET

from accounts.drivers import PAGE, tree_of
from accounts.frame import frame
from accounts.lists import drawn, lists_on
from accounts.models import Account
from accounts.views.contexts import adding
from tenants.editing.drafting import Draft
from tenants.permissions import action, may
from tenants.requests import TenantRequest
from ui.pages import page


@action("account.read", Account)
@require_GET
def index(request: TenantRequest, account: Account) -> HttpResponse:
    return shown(request, account)


def shown(
    request: TenantRequest, account: Account, draft: Draft | None = None, kind: str = "", status: int = 200
) -> HttpResponse:
    """The page; ``draft`` is what the form for a node left behind."""
    context = {
        **frame(request, account),
        "tree": tree_of(account),
        "lists": [drawn(about, account, draft) for about in lists_on(PAGE)],
        "may_edit": may(request.member, "account.edit", account),
    }
    return page(request, "accounts/drivers/index.html", context, status=status)


def urls() -> list[URLPattern]:
    return [
        path("accounts/<uuid:pk>/drivers/", index, name="driver_index"),
        *adding("drivers", PAGE, shown),
    ]
