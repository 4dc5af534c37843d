"""The people of one customer: who decides, who pushes, who else matters, and since when."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.frame import frame
from accounts.models import Account, BodyMember, KeyPerson, Opinion, PersonMove, PersonRole
from accounts.models.key_person import RoleKind
from accounts.models.person_move import MoveKind
from accounts.people import Card, blanks, cards, people_of
from accounts.reporting import person_choices
from tenants.editing import editable
from tenants.editing.cells import cells_of
from tenants.editing.drafting import Draft
from tenants.once import once
from tenants.permissions import action, may
from tenants.requests import TenantRequest
from ui.pages import go, page, toast_next, wants_fragment

ADD_FIELDS = ("name", "department", "title", "contact", "is_body")
DETAILS = (
    "name", "kana", "is_body", "department", "unit", "title", "email", "phone", "reports_to", "contact", "state", "state_since",
    "successor", "note",
)  # fmt: skip
STANCE = (
    "attitude", "desired_attitude", "coverage", "orientation", "influence", "interest", "motive", "decides_how",
)  # fmt: skip
SITTING = ("meets", "meets_on")
OPINION = ("on", "text", "heard_by", "source")
SEAT = ("person", "seat")


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
        "blanks": blanks(people),
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


def details(
    card: Card, request: TenantRequest, drafts: dict[str, Draft] | None = None, problem: str = ""
) -> dict[str, Any]:
    """``drafts`` are forms that were not in order, as they were typed; ``problem`` is what is wrong with a move."""
    person, today = card.person, timezone.localdate()
    drafts = drafts or {}
    return {
        "card": card,
        "cells": cells_of(person, *DETAILS),
        "stance": cells_of(person, *STANCE),
        "sitting": cells_of(person, *SITTING) if person.is_body else {},
        "roles": rows_of(card, card.roles),
        "members": rows_of(card, BodyMember.objects.filter(body=person).order_by("pk"))
        if person.is_body
        else [],
        "seats": BodyMember.objects.filter(person=person, body__deleted_at=None).select_related("body"),
        "opinions": rows_of(card, Opinion.objects.filter(person=person).order_by("-on", "-pk")),
        "moves": PersonMove.objects.filter(person=person).order_by("-created_at"),
        "move_kinds": MoveKind.choices,
        "move": request.POST if problem else {"on": today.isoformat()},
        "problem": problem,
        "others": [choice for choice in person_choices(person) if choice[0] != str(person.pk)],
        "opinion": drafts.get("opinion") or opinion_draft(person, request),
        "seat": drafts.get("seat") or seat_draft(person),
        "kinds": RoleKind.choices,
        "today": today,
        "may_edit": may(request.member, "person.edit", person),
        "may_erase": may(request.member, "person.erase", person),
    }


def rows_of(card: Card, records: Any) -> list[dict[str, Any]]:
    """Records that hang on the person, with their fields."""
    rows = []
    for record in records:
        record.account = card.person.account
        rows.append({"record": record, "cells": cells_of(record)})
    return rows


def opinion_draft(person: KeyPerson, request: TenantRequest, typed: Any = None) -> Draft:
    first = {"on": timezone.localdate().isoformat(), "heard_by": str(request.member.pk)}
    return Draft(editable("opinion"), OPINION, typed or first)


def seat_draft(body: KeyPerson, typed: Any = None) -> Draft:
    return Draft(editable("body_member"), SEAT, typed, like=BodyMember(account_id=body.account_id))


@action("person.edit", KeyPerson)
@require_POST
@once
def add_opinion(request: TenantRequest, person: KeyPerson) -> HttpResponse:
    """Something the person said, on its day."""
    draft = opinion_draft(person, request, request.POST)
    opinion = draft.create(account=person.account, person=person)
    if opinion is None:
        return refused(request, person, {"opinion": draft})
    toast_next(request, _("発言を残しました"), undo=reverse("delete_opinion", args=[opinion.pk]))
    return go(request, url_of(person))


@action("person.edit", KeyPerson)
@require_POST
@once
def add_seat(request: TenantRequest, person: KeyPerson) -> HttpResponse:
    """Somebody sits in this body."""
    if not person.is_body:
        raise Http404
    draft = seat_draft(person, request.POST)
    seat = draft.create(account=person.account, body=person)
    if seat is None:
        return refused(request, person, {"seat": draft})
    toast_next(request, _("出席者を加えました"), undo=reverse("delete_body_member", args=[seat.pk]))
    return go(request, url_of(person))


def refused(
    request: TenantRequest, person: KeyPerson, drafts: dict[str, Draft] | None = None, problem: str = ""
) -> HttpResponse:
    """The person with the form that was not in order, for htmx in its place, else as a page of its own."""
    card = next(iter(people_of(person.account, timezone.localdate(), person)))
    context = details(card, request, drafts, problem)
    if wants_fragment(request):
        return page(request, "accounts/persons/_details.html", context, status=422)
    return page(
        request, "accounts/persons/one.html", {**frame(request, person.account), **context}, status=422
    )


def url_of(person: KeyPerson) -> str:
    """The person's place in the list, unfolded."""
    return f"{reverse('accounts:person_index', args=[person.account_id])}#person-{person.pk}"
