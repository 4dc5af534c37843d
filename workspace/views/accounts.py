from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Account
from tenants.editing.fields import member_choices
from tenants.permissions import action, may
from tenants.requests import TenantRequest
from tenants.roles import Role
from ui.exports import CONTENT_TYPES, attachment, table_file
from ui.pages import page
from workspace.account_list import export, listing
from workspace.account_list.drawing import Drawing
from workspace.account_list.orders import ORDERS
from workspace.account_list.query import NOBODY, ListQuery

MAX_CHOICES = 100


@action("account.list")
def account_index(request: HttpRequest) -> HttpResponse:
    return page(
        request, "workspace/account_index.html", index_context(request, request.GET), fragment="accounts"
    )


def index_context(request: Any, params: QueryDict) -> dict[str, Any]:
    """Everything the list page shows for these parameters; also used to redraw it after a bulk change."""
    today = timezone.localdate()
    query = ListQuery.read(params, request.member)
    found = listing.listing(
        query, request.member, today, after=params.get("after", ""), before=params.get("before", "")
    )
    csms = csm_choices() if may(request.member, "account.assign") else []
    drawing = Drawing(reverse("workspace:account_index"), bool(csms), query.tab.whole_team)
    return {
        "list": found,
        "groups": [(group, drawing.rows(group.rows)) for group in found.groups],
        "query": query,
        "tabs": listing.tab_items(query, found.figures, request.member, params.get("saved", "")),
        "filters": listing.filter_groups(query),
        "orders": ORDERS.values(),
        "axis": listing.axis(today),
        "today": today,
        "lookups": [("industry", _("業種"), query.industries), ("csm", _("担当"), query.csms)],
        "may_import": may(request.member, "account.import"),
        "csms": csms,
        "may_export": may(request.member, "account.export"),
        "may_add": may(request.member, "account.add"),
    }


@action("account.list")
def account_choices(request: TenantRequest, field: str) -> HttpResponse:
    """The values of one filter that only the database knows, fetched when its menu opens."""
    query = ListQuery.read(request.GET, request.member)
    if field == "industry":
        picked, options = query.industries, industries(request.member)
    elif field == "csm":
        picked, options = query.csms, [(NOBODY, _("担当なし")), *csm_choices()]
    else:
        raise Http404
    choices = [{"value": value, "label": label, "picked": value in picked} for value, label in options]
    return page(request, "workspace/account_choices.html", {"name": field, "options": choices})


def industries(member: Any) -> list[tuple[str, str]]:
    found = Account.objects.visible_to(member).exclude(industry="").order_by("industry")
    return [(name, name) for name in found.values_list("industry", flat=True).distinct()[:MAX_CHOICES]]


def csm_choices() -> list[tuple[str, str]]:
    return member_choices(Role.CSM, Role.MANAGER, Role.ADMIN)[1:]


@action("account.export")
def account_export(request: TenantRequest, kind: str) -> HttpResponse:
    """The whole view as a file, not only the page that is shown."""
    today = timezone.localdate()
    query = ListQuery.read(request.GET, request.member)
    rows = export.table(query, request.member, today)
    return HttpResponse(
        table_file(kind, export.heads(query), rows),
        content_type=CONTENT_TYPES[kind],
        headers={"Content-Disposition": attachment(f"{_('アカウント')}_{today:%Y%m%d}.{kind}")},
    )
