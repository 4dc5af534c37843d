"""Tying a row of one list to a row of another."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Account
from accounts.pairs import Pair, all_pairs, url_of
from tenants.editing import editable
from tenants.editing.drafting import Draft
from tenants.once import once
from tenants.permissions import action
from tenants.requests import TenantRequest
from ui.pages import go, toast_next


def create_view(pair: Pair) -> Any:
    found = editable(pair.kind)

    @action(pair.action, Account)
    @require_POST
    @once
    def create(request: TenantRequest, account: Account) -> HttpResponse:
        """Back to the row that it was picked in."""
        draft = Draft(found, pair.ends, request.POST, like=found.model(account=account))
        made = draft.create(account=account)
        if made is None:
            return HttpResponse(draft.problems, status=422)
        at = request.POST.get("at", "")
        here = at if at in pair.ends else pair.ends[0]
        undo = reverse(pair.unties, args=[made.pk])
        toast_next(request, _("「%(name)s」を結びました") % {"name": found.called(made)}, undo=undo)
        return go(request, url_of(here, account, UUID(str(getattr(made, f"{here}_id")))))

    return create


def urls() -> list[URLPattern]:
    return [
        path(f"accounts/<uuid:pk>/pairs/{pair.kind}/", create_view(pair), name=f"{pair.kind}_add")
        for pair in all_pairs()
    ]
