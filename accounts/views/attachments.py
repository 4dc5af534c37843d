"""Files of one account: the list with its form, and each of them as a download."""

from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import attachments
from accounts.frame import frame
from accounts.models import Account, Activity, Attachment, Ringi
from tenants.editing.cells import cells_of
from tenants.once import once
from tenants.permissions import action, may
from tenants.requests import TenantRequest
from ui.pages import go, page, toast_next
from ui.paging import keyset_page

RECENT = 50


@action("account.read", Account)
@require_GET
def index(request: TenantRequest, account: Account) -> HttpResponse:
    return shown(request, account)


def shown(request: TenantRequest, account: Account, wrong: str = "", status: int = 200) -> HttpResponse:
    rows = Attachment.objects.filter(account=account).select_related("activity", "ringi", "added_by__user")
    found = keyset_page(
        rows, order=("-pk",), after=request.GET.get("after"), before=request.GET.get("before")
    )
    for row in found.rows:
        row.account = account
    may_add = may(request.member, "activity.write", account)
    context = {
        **frame(request, account),
        "files": [(row, cells_of(row)) for row in found.rows],
        "found": found,
        "may_add": may_add,
        "places": places(account) if may_add else [],
        "at": request.POST.get("at", request.GET.get("at", "")),
        "wrong": wrong,
        "accepted": ",".join(attachments.ALLOWED),
        "kinds": attachments.WRITTEN,
        "largest": attachments.LARGEST,
    }
    return page(request, "accounts/attachments/index.html", context, status=status)


def places(account: Account) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a file can hang on besides the account: its approval documents and its latest records."""
    ringis = Ringi.objects.filter(account=account).order_by(F("on").desc(nulls_last=True), "pk")
    records = Activity.objects.filter(account=account).order_by("-on", "-pk")[:RECENT]
    return [
        (_("稟議"), [(f"ringi:{one.pk}", one.title) for one in ringis]),
        (_("記録"), [(f"activity:{one.pk}", f"{one.on:%Y/%m/%d} {one.title}") for one in records]),
    ]


@action("activity.write", Account)
@require_POST
@once
def add(request: TenantRequest, account: Account) -> HttpResponse:
    upload = request.FILES.get("file")
    try:
        if upload is None:
            raise ValidationError(_("ファイルを選んでください"))
        made = attachments.keep(account, upload, **attachments.place(account, request.POST.get("at", "")))
    except ValidationError as error:
        return shown(request, account, error.messages[0], 422)
    toast_next(
        request,
        _("「%(name)s」を置きました") % {"name": made.name},
        undo=reverse("delete_attachment", args=[made.pk]),
    )
    return go(request, reverse("accounts:attachment_index", args=[account.pk]))


@action("account.read", Attachment)
@require_GET
def download(request: TenantRequest, attachment: Attachment) -> HttpResponse:
    return attachments.given_out(attachment)
