"""Addresses from which calendar programs read: one's own work, or one account. Secret, shown once, taken back at any time."""

from hashlib import sha256
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.models import Account
from tenants import settings_tabs
from tenants.api.door import member_of
from tenants.middleware import answer_inside, needs_second_factor
from tenants.models import ApiToken
from tenants.models.api_token import Opens
from tenants.permissions import ALL, action, reach, visible_or_404
from tenants.requests import TenantRequest
from tenants.scope import current_tenant
from ui.pages import go, page, toast_next
from workspace.calendar.entries import Asked, entries_of
from workspace.calendar.file import CONTENT_TYPE, calendar_of


class AddressForm(forms.Form):
    all_required = True
    name = forms.CharField(
        label=gettext_lazy("どこで読むか"), max_length=80, help_text=gettext_lazy("例:会社のOutlook")
    )


@action("self.use")
@require_GET
def index(request: TenantRequest) -> HttpResponse:
    return addresses_page(request, AddressForm())


@action("account.read", Account)
@require_GET
def of_account(request: TenantRequest, account: Account) -> HttpResponse:
    return addresses_page(request, AddressForm(), account)


@action("self.use")
@require_POST
def create(request: TenantRequest) -> HttpResponse:
    """One's own calendar."""
    return made(request, None)


@action("account.read", Account)
@require_POST
def create_for_account(request: TenantRequest, account: Account) -> HttpResponse:
    return made(request, account)


@action("token.revoke", ApiToken)
@require_POST
def revoke(request: TenantRequest, token: ApiToken) -> HttpResponse:
    token.revoke()
    toast_next(request, _("「%(name)s」では、もう読めません") % {"name": token})
    return go(request, reverse("workspace:calendar_index"))


def made(request: TenantRequest, account: Account | None) -> HttpResponse:
    """The address is shown by this answer and never again. It carries no idempotency key: that would keep it."""
    form = AddressForm(request.POST)
    if not form.is_valid():
        return addresses_page(request, form, account, status=422)
    token, text = ApiToken.issue(
        request.member, form.cleaned_data["name"], opens=Opens.CALENDAR, about=account.pk if account else None
    )
    address = f"{settings.PUBLIC_URL.rstrip('/')}/calendar/{text}.ics"
    context = {"token": token, "address": address, "account": account}
    return page(request, "workspace/calendar/made.html", context)


def addresses_page(
    request: TenantRequest, form: AddressForm, account: Account | None = None, status: int = 200
) -> HttpResponse:
    """Everything that can be taken back; the form makes an address for ``account``, or for one's own work."""
    sees_all = reach(request.member, "token.revoke") is ALL
    tokens: QuerySet[Any] = ApiToken.objects.of(current_tenant()).that_open(Opens.CALENDAR).usable()
    if not sees_all:
        tokens = tokens.filter(member=request.member)
    tokens = tokens.select_related("member__user").order_by("-created_at", "pk")
    names = dict(Account.objects.filter(pk__in={one.about for one in tokens}).values_list("pk", "name"))
    context = {
        "tabs": settings_tabs.tabs(request),
        "addresses": [(one, names.get(one.about)) for one in tokens],
        "sees_all": sees_all,
        "form": form,
        "account": account,
    }
    return page(request, "workspace/calendar/index.html", context, status=status)


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """The file, for whoever has the address: as its owner would see it now. 404 for an address that is no more."""
    found = ApiToken.find(token, Opens.CALENDAR)
    member = member_of(found)
    if found is None or member is None or needs_second_factor(member):
        return render(request, "404.html", status=404)
    found.note_used()
    return answer_inside(
        request, member, lambda _request: file_of(request, found), actor=f"calendar:{member.pk}"
    )


def file_of(request: Any, token: ApiToken) -> HttpResponseBase:
    try:
        account = visible_or_404(Account, token.about) if token.about else None
    except Http404:
        return render(request, "404.html", status=404)
    name = account.name if account else _("Masume %(name)s") % {"name": request.tenant.name}
    body = calendar_of(
        name, entries_of(Asked(request.member, timezone.localdate(), account)), request.tenant.zone
    )
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    fresh = HttpResponse(body, content_type=CONTENT_TYPE, headers={"ETag": etag, "Cache-Control": "private"})
    return get_conditional_response(request, etag=etag, response=fresh) or fresh
