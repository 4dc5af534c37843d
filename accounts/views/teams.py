"""Who else of ours works on the account, and may change it like its CSM."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Account, AccountMember
from tenants.editing.fields import member_choices
from tenants.permissions import action
from ui.pages import go, toast_next


@action("account.edit", Account)
@require_POST
def add(request: HttpRequest, account: Account) -> HttpResponse:
    chosen = request.POST.get("member", "")
    names = dict(member_choices())
    if not chosen or chosen not in names:
        raise Http404
    row, _made = AccountMember.objects.get_or_create(account=account, member_id=chosen)
    undo = reverse("accounts:team_remove", args=[row.pk])
    toast_next(request, _("%(name)sをチームに加えました") % {"name": names[chosen]}, undo=undo)
    return back(request, account.pk)


@action("account.edit", AccountMember)
@require_POST
def remove(request: HttpRequest, row: AccountMember) -> HttpResponse:
    name, account = row.member.name, row.account_id
    row.delete()
    toast_next(request, _("%(name)sをチームから外しました") % {"name": name})
    return back(request, account)


def back(request: HttpRequest, account: object) -> HttpResponse:
    return go(request, reverse("accounts:account", args=[account]) + "#team")
