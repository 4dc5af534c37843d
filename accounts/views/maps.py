"""The stakeholder map: the picture, the form beside it, the same as a list, and the file."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.frame import frame
from accounts.models import Account, PersonTie
from accounts.people import Card, people_of
from accounts.stakeholder_map import COLOURS, Drawing, drawing_of, ties_of
from tenants.editing import editable
from tenants.editing.cells import cells_of
from tenants.editing.drafting import Draft
from tenants.once import once
from tenants.permissions import action, may
from tenants.requests import TenantRequest
from ui.exports import attachment
from ui.pages import go, page, toast_next

SIDE = ("reports_to", "attitude", "influence", "contact", "map_x")
TIE = ("person", "to", "kind", "label")


@action("account.read", Account)
@require_GET
def index(request: TenantRequest, account: Account) -> HttpResponse:
    """The page; ``?part=drawing`` the picture anew, ``?part=side`` what stands beside it."""
    people, ties = people_of(account, timezone.localdate()), ties_of(account)
    drawing = drawing_of(people, ties)
    context = {
        "account": account,
        "drawing": drawing,
        "colours": COLOURS.items(),
        **beside(request, account, people, drawing),
    }
    part = request.GET.get("part")
    if part in ("drawing", "side"):
        return page(request, f"accounts/maps/_{part}.html", context)
    return page(
        request, "accounts/maps/index.html", {**frame(request, account), **context, "listed": listed(drawing)}
    )


def beside(
    request: TenantRequest, account: Account, people: list[Card], drawing: Drawing, draft: Draft | None = None
) -> dict[str, Any]:
    """The person or the tie that the address names, or the form that was not in order, with its fields; none is fine."""
    person = draft.typed.get("person") if draft else request.GET.get("person")
    card = next((c for c in people if str(c.person.pk) == person), None)
    line = next((one for one in drawing.lines if str(one.tie.pk) == request.GET.get("tie")), None)
    found: dict[str, Any] = {"may_edit": may(request.member, "person.edit", account)}
    if card:
        mine = [one for one in drawing.lines if card.person.pk in (one.tie.person_id, one.tie.to_id)]
        typed = {"person": str(card.person.pk)}
        found |= {
            "card": card,
            "chosen": card.person.pk,
            "cells": cells_of(card.person, *SIDE),
            "lines": mine,
            "draft": draft or Draft(editable("tie"), TIE, typed, like=PersonTie(account_id=account.pk)),
        }
    elif line:
        names = {node.person.pk: node.person for node in drawing.nodes}
        line.tie.account = account
        line.tie.person, line.tie.to = names[line.tie.person_id], names[line.tie.to_id]
        found |= {"tie": line.tie, "chosen": line.tie.pk, "tie_cells": cells_of(line.tie)}
    return found


def listed(drawing: Drawing) -> list[dict[str, Any]]:
    """The map in words, a row for each person."""
    names = {node.person.pk: node.person.name for node in drawing.nodes}
    return [
        {
            "node": node,
            "boss": names.get(node.person.reports_to_id, ""),
            "ties": [line.said for line in drawing.lines if line.tie.person_id == node.person.pk],
        }
        for node in drawing.nodes
    ]


@action("person.edit", Account)
@require_POST
@once
def add_tie(request: TenantRequest, account: Account) -> HttpResponse:
    """A line from one person to another."""
    draft = Draft(editable("tie"), TIE, request.POST, like=PersonTie(account_id=account.pk))
    tie = draft.create(account=account)
    url = reverse("accounts:map", args=[account.pk])
    if tie is None:
        return again(request, account, draft)
    toast_next(request, _("線を引きました"), undo=reverse("delete_tie", args=[tie.pk]))
    return go(request, f"{url}?person={tie.person_id}")


def again(request: TenantRequest, account: Account, draft: Draft) -> HttpResponse:
    """The map with the form as it was typed, and what is wrong with it."""
    people, ties = people_of(account, timezone.localdate()), ties_of(account)
    drawing = drawing_of(people, ties)
    if not any(str(card.person.pk) == draft.typed.get("person") for card in people):
        return HttpResponse(draft.problems, status=422)
    context = {
        **frame(request, account),
        "drawing": drawing,
        "colours": COLOURS.items(),
        "listed": listed(drawing),
        **beside(request, account, people, drawing, draft),
    }
    return page(request, "accounts/maps/index.html", context, status=422)


@action("account.read", Account)
@require_GET
def file(request: TenantRequest, account: Account) -> HttpResponse:
    """The picture by itself, as SVG."""
    drawing = drawing_of(people_of(account, timezone.localdate()), ties_of(account))
    context = {"drawing": drawing, "account": account, "colours": COLOURS.items(), "plain": True}
    answer = render(request, "accounts/maps/_drawing.html", context, content_type="image/svg+xml")
    answer["Content-Disposition"] = attachment(f"{account.name} ステークホルダーマップ.svg")
    return answer
