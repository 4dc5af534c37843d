"""The data about one person of a customer: given out as a file, or erased for good."""

import json
from collections import Counter
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import mentions, personal_data
from accounts.frame import frame
from accounts.models import KeyPerson
from tenants.permissions import action
from tenants.requests import TenantRequest
from ui.exports import attachment
from ui.pages import go, page, toast_next


@action("person.erase", KeyPerson)
@require_http_methods(["GET", "POST"])
def show(request: TenantRequest, person: KeyPerson) -> HttpResponse:
    """What is known and where the name stands; the name typed once more erases it."""
    if request.method == "POST":
        return erase(request, person)
    return shown(request, person)


def shown(request: TenantRequest, person: KeyPerson, problem: str = "", status: int = 200) -> HttpResponse:
    found = mentions.mentions_of(person)
    context = {
        **frame(request, person.account),
        "person": person,
        "mentions": found,
        "is_cut": max(Counter((mention.model, mention.is_past) for mention in found).values(), default=0)
        >= mentions.SHOWN,
        "shown": mentions.SHOWN,
        "problem": problem,
        "chosen": request.POST.getlist("also"),
    }
    return page(request, "accounts/persons/data.html", context, status=status)


def erase(request: TenantRequest, person: KeyPerson) -> HttpResponse:
    account = person.account_id
    try:
        if request.POST.get("name", "").strip() != person.name:
            raise ValidationError(_("お名前が違います。画面にあるとおりに入れてください"))
        also = {UUID(key) for key in request.POST.getlist("also")}
    except ValidationError as error:
        return shown(request, person, error.messages[0], status=422)
    except ValueError:
        return shown(request, person, _("選んだ記録を確かめてください"), status=422)
    known = {mention.id for mention in mentions.mentions_of(person)}
    personal_data.erase(person, also & known)
    toast_next(request, _("この人のデータを消しました"))
    return go(request, reverse("accounts:person_index", args=[account]))


@action("person.hand_over", KeyPerson)
@require_GET
def file(request: TenantRequest, person: KeyPerson) -> HttpResponse:
    stored: dict[str, Any] = personal_data.stored_about(person)
    text = json.dumps(stored, ensure_ascii=False, indent=1)
    name = attachment(f"{person.name}.json")
    return HttpResponse(
        text, content_type="application/json; charset=utf-8", headers={"Content-Disposition": name}
    )
