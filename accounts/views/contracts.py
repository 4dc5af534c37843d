"""Contracts of one customer: until when, for how much, and what was decided about renewing."""

from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.deployment import rate_of
from accounts.frame import frame
from accounts.lists import drawn, lists_on
from accounts.models import Account
from accounts.products import PAGE
from accounts.views.contexts import adding
from accounts.whitespace import matrix_of
from tenants.editing import editable
from tenants.editing.cells import cells_of
from tenants.editing.drafting import Draft
from tenants.once import once
from tenants.permissions import action, may
from tenants.requests import TenantRequest
from ui.pages import go, page, toast_next

ADD_FIELDS = ("name", "amount", "starts_on", "renews_on", "notice_on")


@action("account.read", Account)
@require_GET
def index(request: TenantRequest, account: Account) -> HttpResponse:
    return shown(request, account)


def shown(
    request: TenantRequest, account: Account, draft: Draft | None = None, kind: str = "", status: int = 200
) -> HttpResponse:
    """The page; ``draft`` is what a form for a contract, or for a row of a list of ``kind``, left behind."""
    today = timezone.localdate()
    context = {
        **frame(request, account),
        "contracts": contracts_of(account),
        "draft": draft if draft and not kind else Draft(editable("contract"), ADD_FIELDS),
        "today": today,
        "may_edit": may(request.member, "contract.edit", account),
    }
    lists = [about for about in lists_on(PAGE) if context["contracts"] or about.kind != "subscription"]
    context["lists"] = [drawn(about, account, draft if about.kind == kind else None) for about in lists]
    if context["contracts"]:
        context |= {"matrix": matrix_of(account, today), "deployment": deployment_of(account)}
    return page(request, "accounts/contracts/index.html", context, status=status)


def deployment_of(account: Account) -> int | None:
    """The account's figure, the same as in lists and files."""
    return rate_of(Account.objects.filter(pk=account.pk), timezone.localdate()).get().deployment  # type: ignore[no-any-return]


def urls() -> list[URLPattern]:
    return [
        path("accounts/<uuid:pk>/contracts/", index, name="contract_index"),
        path("accounts/<uuid:pk>/contracts/new/", create, name="contract_add"),
        *adding("contracts", PAGE, shown),
    ]


def contracts_of(account: Account) -> list[dict[str, Any]]:
    contracts = list(account.contracts.order_by("renews_on", "pk"))
    for contract in contracts:
        contract.account = account
    return [{"contract": contract, "cells": cells_of(contract)} for contract in contracts]


@action("contract.edit", Account)
@require_POST
@once
def create(request: TenantRequest, account: Account) -> HttpResponse:
    draft = Draft(editable("contract"), ADD_FIELDS, request.POST)
    contract = draft.create(account=account)
    if contract is None:
        return shown(request, account, draft, status=422)
    undo = reverse("delete_contract", args=[contract.pk])
    toast_next(request, _("契約「%(name)s」を加えました") % {"name": contract}, undo=undo)
    return go(request, reverse("accounts:contract_index", args=[account.pk]))
