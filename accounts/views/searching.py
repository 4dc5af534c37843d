"""検索: one page across all accounts, and the same within one."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.frame import frame
from accounts.models import Account
from accounts.searching import search
from tenants.permissions import action
from tenants.requests import TenantRequest
from ui.pages import page
from ui.searching import searched


@action("account.list")
@require_GET
def index(request: TenantRequest) -> HttpResponse:
    return page(request, "accounts/searching/index.html", found(request), fragment="results")


@action("account.read", Account)
@require_GET
def of_account(request: TenantRequest, account: Account) -> HttpResponse:
    context = {**found(request, account), **frame(request, account)}
    return page(request, "accounts/searching/of_account.html", context, fragment="results")


def found(request: TenantRequest, account: Account | None = None) -> dict[str, Any]:
    query = searched(request.GET)
    after = request.GET.get("after", "")
    return {
        "query": query,
        "account": account,
        "here": request.path,
        "after": after,
        "found": search(query, request.member, account, after) if query else None,
        "label": _("このお客様の記録から探す") if account else _("すべての記録から探す"),
    }
