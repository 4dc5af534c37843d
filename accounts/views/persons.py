"""The people of one customer: who decides, who pushes, who else matters, and since when."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.frame import frame
from accounts.models import Account, KeyPerson, PersonRole
from accounts.models.key_person import RoleKind
from accounts.people import Card, cards, people_of
from tenants.editing import editable, save_field
from tenants.editing.cells import cells_of
from tenants.editing.drafting import Draft
from tenants.once import once
from tenants.permissions import action, may
from tenants.requests import TenantRequest
from ui.pages import go, page, toast_next

ADD_FIELDS = ("name", "department", "title", "contact", "is_body")
DETAILS = (
    "name", "kana", "is_body", "department", "title", "email", "phone", "contact", "state", "state_since", "note",
)  # fmt: skip


@action("account.read", Account)
@require_GET
def index(request: TenantRequest, account: Account) -> HttpResponse:
    return shown(request, account, Draft(editable("person"), ADD_FIELDS))


def shown(request: TenantRequest, account: Account, draft: Draft, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    people = people_of(account, today)
    context = {
        **frame(request, account),
        "people": people,
        "cards": cards(people),
        "draft": draft,
        "kinds": RoleKind.choices,
        "may_edit": may(request.member, "person.edit", account),
    }
    return page(request, "accounts/persons/index.html", context, status=status)


@action("person.edit", Account)
@require_POST
@once
def create(request: TenantRequest, account: Account) -> HttpResponse:
    """A new person, with a first role if one was chosen."""
    draft = Draft(editable("person"), ADD_FIELDS, request.POST)
    person = draft.create(account=account)
    if person is None:
        return shown(request, account, draft, status=422)
    kind = request.POST.get("kind", "")
    if kind in RoleKind.values:
        PersonRole.objects.create(account=account, person=person, kind=kind, starts_on=timezone.localdate())
    undo = reverse("delete_person", args=[person.pk])
    toast_next(request, _("%(name)sを加えました") % {"name": person.addressed}, undo=undo)
    return go(request, reverse("accounts:person_index", args=[account.pk]))


@action("account.read", KeyPerson)
@require_GET
def show(request: TenantRequest, person: KeyPerson) -> HttpResponse:
    """Everything about one person, to be edited in place; ``?part=line`` gives the row of the list anew."""
    card = next(card for card in people_of(person.account, timezone.localdate(), person) if card.person)
    if request.GET.get("part") == "line":
        return page(request, "accounts/persons/_line.html", {"card": card, "today": timezone.localdate()})
    return page(request, "accounts/persons/_details.html", details(card, request))


def details(card: Card, request: TenantRequest) -> dict[str, Any]:
    roles = list(card.roles)
    for role in roles:
        role.account = card.person.account
    return {
        "card": card,
        "cells": cells_of(card.person, *DETAILS),
        "roles": [{"role": role, "cells": cells_of(role)} for role in roles],
        "kinds": RoleKind.choices,
        "today": timezone.localdate(),
        "may_edit": may(request.member, "person.edit", card.person),
        "may_erase": may(request.member, "person.erase", card.person),
    }


@action("person.edit", Account)
@require_POST
@once
def add_role(request: TenantRequest, account: Account) -> HttpResponse:
    """From today on, a person of this account has one more role."""
    kind = request.POST.get("kind", "")
    person = by_id(account, request.POST.get("person", ""))
    if person is None or kind not in RoleKind.values:
        raise Http404
    role = PersonRole.objects.create(
        account=account, person=person, kind=kind, starts_on=timezone.localdate()
    )
    words = {"name": person.addressed, "role": RoleKind(kind).label}
    undo = reverse("delete_person_role", args=[role.pk])
    toast_next(request, _("%(name)sを%(role)sにしました") % words, undo=undo)
    return go(request, reverse("accounts:person_index", args=[account.pk]))


def by_id(account: Account, typed: str) -> KeyPerson | None:
    return next((person for person in account.key_persons.all() if str(person.pk) == typed), None)


@action("person.edit", PersonRole)
@require_POST
def end_role(request: TenantRequest, role: PersonRole) -> HttpResponse:
    """The role ends today; the record of it stays."""
    today = timezone.localdate().isoformat()
    try:
        save_field(editable("person_role"), role, "ends_on", today, base=None, mark=None)
    except ValidationError as error:  # it begins only later
        toast_next(request, error.messages[0])
    else:
        words = {"name": role.person.addressed, "role": role.get_kind_display()}
        toast_next(request, _("%(name)sの%(role)sを今日で終えました") % words)
    return go(request, reverse("accounts:person_index", args=[role.account_id]))
