"""The business context of one customer: lists of rows, each with its source, added and edited where they stand."""

from typing import Any, Protocol

from django.http import HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.context import PAGE, shares
from accounts.frame import frame
from accounts.lists import AccountList, draft_for, drawn, lists_on
from accounts.models import Account
from tenants.editing import editable
from tenants.editing.drafting import Draft
from tenants.once import once
from tenants.permissions import action, may
from tenants.requests import TenantRequest
from ui.pages import go, page, toast_next


@action("account.read", Account)
@require_GET
def index(request: TenantRequest, account: Account) -> HttpResponse:
    return shown(request, account)


def shown(
    request: TenantRequest, account: Account, draft: Draft | None = None, kind: str = "", status: int = 200
) -> HttpResponse:
    """The page; ``draft`` is what a form for a row of ``kind`` left behind."""
    lists = [drawn(about, account, draft if about.kind == kind else None) for about in lists_on(PAGE)]
    segments = next((each.rows for each in lists if each.about.kind == "segment"), [])
    context = {
        **frame(request, account),
        "lists": lists,
        "shares": shares([row.record for row in segments]),
        "may_edit": may(request.member, "account.edit", account),
    }
    return page(request, "accounts/contexts/index.html", context, status=status)


def urls() -> list[URLPattern]:
    """The page, and for each of its lists the address that adds a row."""
    return [path("accounts/<uuid:pk>/context/", index, name="context_index"), *adding("context", PAGE, shown)]


class Showing(Protocol):
    """The page of a list, with what a form for a row of ``kind`` left behind."""

    def __call__(
        self, request: TenantRequest, account: Account, draft: Draft, kind: str, status: int
    ) -> HttpResponse: ...


def adding(folder: str, page: str, showing: Showing) -> list[URLPattern]:
    """For each list of a page the address that adds a row; what is refused is shown by ``showing``."""
    return [
        path(
            f"accounts/<uuid:pk>/{folder}/{about.kind}/",
            create_view(about, showing),
            name=f"{about.kind}_add",
        )
        for about in lists_on(page)
    ]


def create_view(about: AccountList, showing: Showing) -> Any:
    kind = about.kind

    @action(about.action, Account)
    @require_POST
    @once
    def create(request: TenantRequest, account: Account) -> HttpResponse:
        draft = draft_for(about, account, request.POST)
        record = draft.create(account=account)
        if record is None:
            return showing(request, account, draft, kind, 422)
        undo = reverse(f"delete_{kind}", args=[record.pk])
        toast_next(request, _("「%(name)s」を加えました") % {"name": called(kind, record)}, undo=undo)
        return go(request, f"{reverse(f'accounts:{about.page}_index', args=[account.pk])}#list-{kind}")

    return create


def called(kind: str, record: Any) -> str:
    return editable(kind).called(record)
