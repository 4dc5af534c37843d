"""Contracts of one customer: until when, for how much, and what was decided about renewing."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.frame import frame
from accounts.models import Account
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
    return shown(request, account, Draft(editable("contract"), ADD_FIELDS))


def shown(request: TenantRequest, account: Account, draft: Draft, status: int = 200) -> HttpResponse:
    context = {
        **frame(request, account),
        "contracts": contracts_of(account),
        "draft": draft,
        "today": timezone.localdate(),
        "may_edit": may(request.member, "contract.edit", account),
    }
    return page(request, "accounts/contracts/index.html", context, status=status)


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
