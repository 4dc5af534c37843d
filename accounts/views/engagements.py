"""The engagement matrix: where people stand, where we want them, and the meeting that closes the gap."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import engagement
from accounts.frame import frame
from accounts.models import Account, Activity, ActivityMember, ActivityPerson, KeyPerson
from accounts.models.activity import ActivityKind, ActivityState
from accounts.people import people_of
from accounts.stakeholder_map import ties_of
from accounts.workdays import add_workdays
from tenants.editing import editable
from tenants.editing.cells import cells_of
from tenants.editing.fields import parse_date
from tenants.once import once
from tenants.permissions import action, may
from tenants.requests import TenantRequest
from ui.pages import go, page, toast_next

COLUMNS = ("approach_order", "attitude", "desired_attitude", "contact")
SOON = 5  # workdays


@action("account.read", Account)
@require_GET
def index(request: TenantRequest, account: Account) -> HttpResponse:
    """The page; ``?part=table`` the matrix alone, after something in it was changed."""
    return shown(request, account)


def shown(
    request: TenantRequest, account: Account, typed: Any = None, problem: str = "", status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    people = people_of(account, today)
    rows = engagement.rows_of(people, ties_of(account), engagement.planned_for(account, today))
    context = {
        "account": account,
        "today": today,
        "levels": engagement.LEVELS,
        "rows": [{"row": row, "cells": cells_of(row.person, *COLUMNS)} for row in rows],
        "soon": add_workdays(today, SOON),
        "typed": typed or {},
        "problem": problem,
        "may_edit": may(request.member, "person.edit", account),
        "may_write": may(request.member, "activity.write", account),
    }
    if request.GET.get("part") == "table":
        return page(request, "accounts/engagements/_table.html", context)
    context |= {**frame(request, account), "steps": engagement.history_of(account)}
    return page(request, "accounts/engagements/index.html", context, status=status)


@action("activity.write", KeyPerson)
@require_POST
@once
def plan(request: TenantRequest, person: KeyPerson) -> HttpResponse:
    """A meeting that closes the gap becomes part of what is planned, with the person and whoever of ours speaks with them."""
    account, fields = person.account, editable("activity").fields
    try:
        title = fields["title"].parse(request.POST.get("title", ""), None)
        on = parse_date(request.POST.get("on", ""))
        if on is None or on < timezone.localdate():
            raise ValidationError(_("今日からあとの日付を入れてください"))
    except ValidationError as error:
        typed = {**request.POST.dict(), "person": person.pk}
        return shown(request, account, typed, error.messages[0], status=422)
    activity = Activity.objects.create(
        account=account,
        kind=ActivityKind.MEETING,
        state=ActivityState.PLANNED,
        on=on,
        title=title,
        written_by=request.member,
    )
    ActivityPerson.objects.create(activity=activity, person=person)
    ActivityMember.objects.create(activity=activity, member_id=person.contact_id or request.member.pk)
    toast_next(request, _("予定に入れました"), undo=reverse("delete_activity", args=[activity.pk]))
    return go(request, f"{reverse('accounts:engagement', args=[account.pk])}#eng-{person.pk}")
