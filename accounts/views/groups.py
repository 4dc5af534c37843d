"""The group a customer belongs to: the tree of its companies, and which of them is the parent."""

from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.frame import frame
from accounts.groups import candidates, group_of, names_of
from accounts.models import Account
from tenants.editing import editable, save_field
from tenants.permissions import action
from tenants.requests import TenantRequest
from tenants.scope import current_member
from ui.pages import go, page, toast_next
from ui.searching import searched

FOUND = 20


@action("account.read", Account)
@require_GET
def show(request: TenantRequest, account: Account) -> HttpResponse:
    return shown(request, account)


@action("account.edit", Account)
@require_POST
def choose(request: TenantRequest, account: Account) -> HttpResponse:
    """Another parent, or none; the same again changes nothing."""
    before = account.parent_id
    typed = request.POST.get("parent", request.GET.get("parent", ""))
    try:
        save_field(editable("account"), account, "parent", typed, base=None, mark=None)
    except ValidationError as error:
        return shown(request, account, error.messages[0], 422)
    url = reverse("accounts:group", args=[account.pk])
    chosen = Account.objects.values_list("parent_id", flat=True).get(pk=account.pk)
    if chosen != before:
        undo = f"{reverse('accounts:parent', args=[account.pk])}?{urlencode({'parent': before or ''})}"
        toast_next(request, said(chosen), undo=undo)
    return go(request, url)


def said(parent: object) -> str:
    if not parent:
        return _("親会社を外しました")
    return _("親会社を「%(name)s」にしました") % {"name": "".join(names_of([parent]).values())}


def shown(request: TenantRequest, account: Account, problem: str = "", status: int = 200) -> HttpResponse:
    member = current_member()
    assert member is not None
    query = searched(request.GET)
    companies = group_of(account, member)
    context = {
        **frame(request, account),
        "companies": companies if len(companies) > 1 else [],
        "arr": sum(company.account.arr or 0 for company in companies),
        "query": query,
        "found": candidates(account, query, member, FOUND) if query else [],
        "problem": problem,
    }
    return page(request, "accounts/groups/show.html", context, status=status)
