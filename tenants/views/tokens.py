"""Tokens with which programs work as a member: everybody has their own, an admin sees and ends all of them."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from tenants import settings_tabs
from tenants.models import ApiToken
from tenants.models.api_token import Opens
from tenants.permissions import ALL, action, reach
from tenants.requests import TenantRequest
from tenants.scope import current_member, current_tenant
from ui.pages import go, page, toast_next

LASTS = ((90, gettext_lazy("90日")), (365, gettext_lazy("1年")), (0, gettext_lazy("期限なし")))


class TokenForm(forms.Form):
    all_required = True
    name = forms.CharField(
        label=gettext_lazy("名前"), max_length=80, help_text=gettext_lazy("何に使うか。例:CRMとの同期")
    )
    days = forms.TypedChoiceField(label=gettext_lazy("期限"), choices=LASTS, coerce=int, initial=365)


@action("self.use")
@require_GET
def index(request: TenantRequest) -> HttpResponse:
    return tokens_page(request, TokenForm())


@action("self.use")
@require_POST
def create(request: TenantRequest) -> HttpResponse:
    """The new token is shown by this answer and never again. It carries no idempotency key: that would keep it."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return tokens_page(request, form, status=422)
    made, text = ApiToken.issue(request.member, form.cleaned_data["name"], days=form.cleaned_data["days"])
    return page(
        request, "tenants/tokens/made.html", {"token": made, "text": text, "request_url": example(request)}
    )


@action("token.revoke", ApiToken)
@require_POST
def revoke(request: TenantRequest, token: ApiToken) -> HttpResponse:
    token.revoke()
    toast_next(request, _("「%(name)s」を使えなくしました") % {"name": token})
    return go(request, reverse("tenants:token_index"))


def tokens_page(request: TenantRequest, form: TokenForm, status: int = 200) -> HttpResponse:
    member: Any = current_member()
    sees_all = reach(member, "token.revoke") is ALL
    tokens = (
        ApiToken.objects.of(current_tenant()).that_open(Opens.API).usable().select_related("member__user")
    )
    if not sees_all:
        tokens = tokens.filter(member=member)
    context = {
        "tabs": settings_tabs.tabs(request),
        "tokens": list(tokens.order_by("-created_at", "pk")),
        "sees_all": sees_all,
        "form": form,
    }
    return page(request, "tenants/tokens/index.html", context, status=status)


def example(request: TenantRequest) -> str:
    return request.build_absolute_uri("/api/v1/accounts?limit=1")
