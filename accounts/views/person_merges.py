"""Two records of one person: who might be the same, the look before they become one, and the way back."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import merging_persons as merging
from accounts.frame import frame
from accounts.models import Account, KeyPerson, PersonMerge
from tenants.permissions import action, may
from tenants.requests import TenantRequest
from ui.pages import go, page, toast_next


@action("account.read", Account)
@require_GET
def index(request: TenantRequest, account: Account) -> HttpResponse:
    """Pairs that might be one, any two to be chosen, and what was merged lately."""
    context = {
        **frame(request, account),
        "pairs": merging.pairs_in(account),
        "people": account.key_persons.order_by("kana", "name"),
        "recent": merging.recent(account),
        "may_edit": may(request.member, "person.edit", account),
    }
    return page(request, "accounts/person_merges/index.html", context)


@action("person.edit", KeyPerson)
@require_http_methods(["GET", "POST"])
def show(request: TenantRequest, person: KeyPerson) -> HttpResponse:
    """``person`` stays, ``other`` goes into it: first the look at both, then it is done."""
    given = request.POST if request.method == "POST" else request.GET
    other = next((one for one in person.account.key_persons.all() if str(one.pk) == given.get("other")), None)
    if other is None:
        raise Http404
    try:
        merging.check(person, other)
        if request.method == "POST":
            return done(request, merging.merge(person, other, chosen(given)))
    except ValidationError as error:
        return shown(request, person, other, error.messages[0])
    return shown(request, person, other)


def chosen(given: Any) -> dict[str, str]:
    return {key: given[key] for key in merging.COMPARED if given.get(key) in ("kept", "merged")}


def shown(request: TenantRequest, kept: KeyPerson, merged: KeyPerson, problem: str = "") -> HttpResponse:
    context = {
        **frame(request, kept.account),
        "kept": kept,
        "merged": merged,
        "rows": merging.differences(kept, merged),
        "named": merging.named(merged),
        "problem": problem,
    }
    return page(request, "accounts/person_merges/show.html", context, status=422 if problem else 200)


def done(request: TenantRequest, made: PersonMerge) -> HttpResponse:
    words = _("%(merged)sの記録を%(kept)sにまとめました") % {
        "merged": made.merged.name,
        "kept": made.kept.name,
    }
    toast_next(request, words, undo=reverse("accounts:person_merge_undo", args=[made.pk]))
    return go(request, f"{reverse('accounts:person_index', args=[made.account_id])}#person-{made.kept_id}")


@action("person.edit", PersonMerge)
@require_POST
def take_back(request: TenantRequest, made: PersonMerge) -> HttpResponse:
    """Two again."""
    url = reverse("accounts:person_index", args=[made.account_id])
    words = _("%(merged)sと%(kept)sを元の2件に戻しました") % {
        "merged": made.merged.name,
        "kept": made.kept.name,
    }
    merging.take_back(made)
    toast_next(request, words)
    return (
        HttpResponse(headers={"HX-Refresh": "true"}) if getattr(request, "htmx", None) else go(request, url)
    )
