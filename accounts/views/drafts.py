"""A note while it is being written: stored as it is typed, thrown away only by hand, and back again."""

from uuid import UUID, uuid4

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import drafts
from accounts.models import Account, NoteDraft
from tenants.ids import id_in
from tenants.permissions import action
from tenants.requests import TenantRequest
from tenants.views.editing import counted
from ui.pages import go, toast_next


def draft_id(request: TenantRequest) -> UUID:
    return id_in(request.POST.get("draft", "")) or uuid4()


@action("activity.write", Account)
@require_POST
def keep(request: TenantRequest, account: Account) -> HttpResponse:
    """409: another page has gone on under this id; the form takes a new one."""
    page = request.POST.get("page", "").replace("\x00", "")[:64]
    pk, seq, version = draft_id(request), counted(request, "seq"), counted(request, "version")
    kept = drafts.keep(account, request.member, request.POST, pk, page, seq, version)
    if not kept.taken:
        return JsonResponse({}, status=409)
    return JsonResponse(
        {"draft": str(pk), "version": kept.version, "saved_at": f"{timezone.localtime():%H:%M}"}
    )


@action("draft.write", NoteDraft)
@require_POST
def discard(request: TenantRequest, draft: NoteDraft) -> HttpResponse:
    NoteDraft.objects.filter(pk=draft.pk, settled_at=None).update(settled_at=timezone.now())
    toast_next(request, _("下書きを捨てました"), undo=reverse("accounts:draft_restore", args=[draft.pk]))
    return go(request, reverse("accounts:activity_index", args=[draft.account_id]))


@action("draft.write", NoteDraft)
@require_POST
def restore(request: TenantRequest, draft: NoteDraft) -> HttpResponse:
    """What was thrown away; a draft that became a note stays settled."""
    NoteDraft.objects.filter(pk=draft.pk, was_noted=False).update(settled_at=None)
    return go(request, reverse("accounts:activity_index", args=[draft.account_id]) + f"?draft={draft.pk}")
