"""Two records of one customer: which other one, the look at both before they become one, and the way back."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import merging_accounts as merging
from accounts.frame import frame
from accounts.models import Account, AccountMerge
from tenants.ids import id_in
from tenants.permissions import action, sees, visible_or_404
from tenants.requests import TenantRequest
from tenants.scope import current_member
from ui.pages import go, page, toast_next
from ui.searching import searched

FOUND = 20


@action("account.merge", Account)
@require_http_methods(["GET", "POST"])
def show(request: TenantRequest, account: Account) -> HttpResponse:
    """``account`` stays, ``other`` goes into it: first which one, then the look at both, then it is done."""
    if request.method == "GET" and not request.GET.get("other"):
        return choose(request, account)
    given = request.POST if request.method == "POST" else request.GET
    if request.method == "POST" and (made := merged_already(account, given.get("other", ""))):
        return done(request, made)
    other = visible_or_404(Account, given.get("other", ""))
    try:
        merging.check(account, other)
        if request.method == "POST":
            return done(request, merging.merge(account, other, chosen(given), given.get("seen", "")))
    except merging.ChangedMeanwhileError as error:
        return shown(request, account, other, error.messages[0], 409)
    except ValidationError as error:
        return shown(request, account, other, error.messages[0], 422)
    return shown(request, account, other)


def choose(request: TenantRequest, account: Account) -> HttpResponse:
    query = searched(request.GET)
    others = Account.objects.matching(query).exclude(pk=account.pk).order_by("kana", "name", "pk")
    context = {
        **frame(request, account),
        "query": query,
        "found": others[:FOUND] if query else merging.alike(account),
    }
    return page(request, "accounts/account_merges/choose.html", context)


def merged_already(account: Account, other: str) -> AccountMerge | None:
    """What a second press of the same button finds."""
    made: AccountMerge | None = (
        AccountMerge.objects.filter(account=account, merged_id=other, undone_at=None).first()
        if id_in(other)
        else None
    )
    return made


def chosen(given: Any) -> dict[str, str]:
    sides = (merging.KEPT, merging.MERGED)
    return {name: side for name, side in given.items() if name not in ("other", "seen") and side in sides}


def shown(
    request: TenantRequest, kept: Account, merged: Account, problem: str = "", status: int = 200
) -> HttpResponse:
    look = merging.look(kept, merged) if kept.pk != merged.pk else None
    context = {
        **frame(request, kept),
        "kept": kept,
        "merged": merged,
        "look": look,
        "problem": problem,
        "may_go_on": look is not None and status != 422,
    }
    return page(request, "accounts/account_merges/show.html", context, status=status)


def done(request: TenantRequest, made: AccountMerge) -> HttpResponse:
    words = {"merged": made.merged_name, "kept": made.account.name}
    toast_next(
        request,
        _("「%(merged)s」を「%(kept)s」にまとめました") % words,
        undo=reverse("accounts:account_merge_undo", args=[made.pk]),
    )
    return go(request, reverse("accounts:account", args=[made.account_id]))


@action("account.merge", AccountMerge)
@require_POST
def take_back(request: TenantRequest, made: AccountMerge) -> HttpResponse:
    """Two again."""
    url = reverse("accounts:account", args=[made.kept_id])
    try:
        merging.take_back(made)
    except ValidationError as error:
        return refused(request, made, error.messages[0])
    words = {"merged": made.merged_name, "kept": made.account.name}
    toast_next(request, _("「%(merged)s」と「%(kept)s」を元の2件に戻しました") % words)
    return (
        HttpResponse(headers={"HX-Refresh": "true"}) if getattr(request, "htmx", None) else go(request, url)
    )


def refused(request: TenantRequest, made: AccountMerge, problem: str) -> HttpResponse:
    context = {**frame(request, made.account), "problem": problem}
    return page(request, "accounts/account_merges/refused.html", context, status=422)


def or_where_it_went(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For the page of an account: old links to one that was merged lead to where it went."""

    @wraps(view)
    def looking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        pk = kwargs["pk"]
        try:
            return view(request, *args, **kwargs)
        except Http404:
            made = AccountMerge.objects.filter(merged_id=pk, undone_at=None).select_related("account").first()
            if made is None or not sees(current_member(), made):
                raise
            return go(request, reverse("accounts:account", args=[made.account_id]))

    return looking
