"""Where the value of a field comes from, and what is to be asked."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Account, Fact
from accounts.models.fact import FactState
from accounts.sheet import KEYS, row_of, sheet_of
from tenants.editing.cells import cells_of
from tenants.permissions import action
from tenants.scope import current_member
from ui.pages import go, page, wants_fragment


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
    return page(request, "accounts/_provenance.html", {"fact": fact, "cells": cells_of(fact)})


@action("account.edit", Account)
@require_POST
def ask(request: HttpRequest, account: Account, key: str) -> HttpResponse:
    """Put the blank on the list of what to ask next, or take it off."""
    fact = fact_for(account, key)
    value = getattr(account, key)
    settled = FactState.UNKNOWN if value in (None, "") else FactState.KNOWN
    fact.state = settled if fact.state == FactState.ASK else FactState.ASK
    fact.author, fact.noted_at = current_member(), timezone.now()
    fact.save(update_fields=["state", "author", "noted_at"])
    if not wants_fragment(request):
        return go(request, reverse("accounts:account", args=[account.pk]))
    context = {"account": account, "row": row_of(account, key), "sheet": sheet_of(account), "may_edit": True}
    return page(request, "accounts/_asked.html", context)


def row_or_404(account: Account, key: str) -> object:
    if key not in KEYS:
        raise Http404
    return row_of(account, key)


def fact_for(account: Account, key: str) -> Fact:
    if key not in KEYS:
        raise Http404
    blank = getattr(account, key) in (None, "")
    defaults = {
        "state": FactState.UNKNOWN if blank else FactState.KNOWN,
        "author": current_member(),
        "noted_at": timezone.now(),
    }
    fact = Fact.objects.get_or_create(account=account, unit=None, field_key=key, defaults=defaults)[0]
    fact.account = account
    return fact
