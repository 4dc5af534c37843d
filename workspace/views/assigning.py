"""Giving many accounts to another CSM at once, and taking it back."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.core import signing
from django.db.models import Case, F, Value, When
from django.db.models.fields import UUIDField
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import Account, Fact
from accounts.models.fact import FactState, Origin
from accounts.sheet.counting import count_accounts
from tenants.ids import id_in
from tenants.permissions import action
from tenants.scope import current_member
from ui.pages import go, page, toast, toast_next
from workspace.account_list.query import ListQuery
from workspace.views.accounts import csm_choices, index_context

SALT = "workspace.assign"
MOST = 200


@action("account.assign")
@require_POST
def assign(request: Any) -> HttpResponse:
    """Make the chosen CSM that of the chosen accounts in one statement; the toast takes it back."""
    choices = dict(csm_choices())
    csm, picked = request.POST.get("to", ""), request.POST.getlist("account")[:MOST]
    if csm not in choices:
        return answer(request, _("誰に替えるかを選んでください"))
    chosen = Account.objects.visible_to(request.member).filter(pk__in=filter(id_in, picked)).exclude(csm=csm)
    before = dict(chosen.values_list("pk", "csm_id"))
    changed = Account.objects.filter(pk__in=before).update(csm=csm)
    count_accounts(before)
    note_by_hand(before, request.member)
    undo = f"{reverse('workspace:assign_undo')}?{packed(before, csm)}" if changed else None
    return answer(request, said(changed, len(picked), choices[csm]), undo)


def said(changed: int, picked: int, name: str) -> str:
    if not changed:
        return _("どのアカウントも、もう%(name)sさんの担当です") % {"name": name}
    text = _("%(count)s社の担当を%(name)sさんに替えました") % {"count": changed, "name": name}
    same = picked - changed
    return text + (_("(%(same)s社は前からそうでした)") % {"same": same} if same else "")


def answer(request: Any, text: str, undo: str | None = None) -> HttpResponse:
    """The list as it was filtered (the form carries the filters), and what happened."""
    if not request.htmx:
        toast_next(request, text, undo=undo)
        query = ListQuery.read(request.POST, request.member)
        return go(request, f"{reverse('workspace:account_index')}?{query.address()}")
    context = index_context(request, request.POST)
    return toast(page(request, "workspace/account_index.html", context, fragment="accounts"), text, undo=undo)


@action("account.assign")
@require_POST
def assign_undo(request: Any) -> HttpResponse:
    """Give each account back to whom it had, unless somebody has changed it again since."""
    try:
        new, before = unpacked(request.GET.get("was", ""), str(request.member.pk))
    except signing.BadSignature:
        return toast(HttpResponse(status=204), _("元に戻せる時間を過ぎました"))
    back = Case(
        *(When(pk__in=keys, then=Value(old, UUIDField())) for old, keys in before.items()),
        default=F("csm_id"),
        output_field=UUIDField(),
    )
    keys = [pk for found in before.values() for pk in found]
    changed = Account.objects.visible_to(request.member).filter(pk__in=keys, csm=new).update(csm=back)
    count_accounts(keys)
    toast_next(request, _("%(count)s社の担当を元に戻しました") % {"count": changed})
    return HttpResponse(status=204, headers={"HX-Refresh": "true"})


def packed(before: dict[UUID, UUID | None], new: str) -> str:
    """Who had which accounts, signed into an address, so that undoing needs no storage of its own."""
    by_csm: dict[str, list[str]] = defaultdict(list)
    for pk, old in before.items():
        by_csm[old.hex if old else ""].append(pk.hex)
    member = current_member()
    return "was=" + signing.dumps([str(member and member.pk), new, by_csm], salt=SALT, compress=True)


def unpacked(token: str, member: str) -> tuple[str, dict[UUID | None, list[UUID]]]:
    whose, new, by_csm = signing.loads(token, salt=SALT, max_age=3600)
    if whose != member:
        raise signing.BadSignature
    return new, {UUID(old) if old else None: [UUID(pk) for pk in keys] for old, keys in by_csm.items()}


def note_by_hand(accounts: Any, member: Any) -> None:
    """A person chose these, so the next import leaves them alone."""
    now, today = timezone.now(), timezone.localdate()
    Fact.objects.bulk_create(
        [
            Fact(
                account_id=pk, field_key="csm", state=FactState.KNOWN, origin=Origin.HAND,
                author=member, noted_at=now, as_of=today,
            )
            for pk in accounts
        ],
        update_conflicts=True,
        unique_fields=["tenant", "account", "unit", "field_key"],
        update_fields=["state", "origin", "author", "noted_at", "as_of"],
    )  # fmt: skip
