"""Where the value of a field comes from, and what is to be asked."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.lists import PROVENANCE
from accounts.models import Account, Fact, Resolution
from accounts.models.fact import FactState
from accounts.sheet.counting import count_accounts
from accounts.sheet.editions import template_of
from accounts.sheet.reading import Row, row_of, sheet_of
from tenants.editing.cells import cells_of
from tenants.permissions import action
from tenants.scope import current_member
from ui.pages import go, page, wants_fragment

ABOUT = ("state", *PROVENANCE)


@action("account.read", Account)
@require_GET
def source(request: HttpRequest, account: Account, key: str) -> HttpResponse:
    """The line below a value, anew after it was saved."""
    return page(request, "accounts/_source.html", {"row": row_or_404(account, key), "account": account})


@action("account.edit", Account)
@require_POST
def provenance(request: HttpRequest, account: Account, key: str) -> HttpResponse:
    """Source, kind, URL and date of a field, to be edited in place; the fact is made when somebody looks for it."""
    fact = fact_for(account, key)
    return page(request, "accounts/_provenance.html", {"fact": fact, "cells": cells_of(fact, *ABOUT)})


@action("account.edit", Account)
@require_POST
def ask(request: HttpRequest, account: Account, key: str) -> HttpResponse:
    """Put the blank on the list of what to ask next, or take it off."""
    settled = FactState.KNOWN if row_or_404(account, key).cell.value else FactState.UNKNOWN
    fact = fact_for(account, key)
    fact.state = settled if fact.state == FactState.ASK else FactState.ASK
    fact.author, fact.noted_at = current_member(), timezone.now()
    fact.save(update_fields=["state", "author", "noted_at"])
    count_accounts([account.pk])
    if not wants_fragment(request):
        return go(request, reverse("accounts:account", args=[account.pk]))
    context = {"account": account, "row": row_of(account, key), "sheet": sheet_of(account), "may_edit": True}
    context["resolution"] = Resolution.objects.get(account=account)
    return page(request, "accounts/_asked.html", context)


def row_or_404(account: Account, key: str) -> Row:
    if key not in template_of(account).by_key:
        raise Http404
    return row_of(account, key)


def fact_for(account: Account, key: str) -> Fact:
    row = row_or_404(account, key)
    defaults = {
        "state": FactState.KNOWN if row.cell.value else FactState.UNKNOWN,
        "author": current_member(),
        "noted_at": timezone.now(),
    }
    fact = (
        row.fact
        or Fact.objects.get_or_create(account=account, unit=None, field_key=key, defaults=defaults)[0]
    )
    fact.account = account
    return fact
