"""The timeline: notes, meetings held and planned, of one account."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.activities import (
    announce,
    feed_of,
    line_of,
    people_to_name,
    read_people,
    set_people,
    split,
)
from accounts.frame import frame
from accounts.models import Account, Activity
from accounts.models.activity import ActivityKind, ActivityState
from accounts.sheet import answers
from tenants.editing import editable, save_field
from tenants.editing.cells import cells_of
from tenants.editing.fields import clean_text, parse_date, parse_time
from tenants.once import once
from tenants.permissions import action, may
from tenants.requests import TenantRequest
from ui.pages import go, page, toast, toast_next, wants_fragment

FIELDS = ("title", "body", "kind", "on", "at", "state", "next_step")


@action("account.read", Account)
@require_GET
def index(request: TenantRequest, account: Account) -> HttpResponse:
    return shown(request, account, {})


def shown(
    request: TenantRequest, account: Account, typed: dict[str, Any], problem: str = "", status: int = 200
) -> HttpResponse:
    context = {
        **frame(request, account),
        **feed(request, account),
        "typed": typed,
        "problem": problem,
        "kinds": ActivityKind.choices,
        "people": people_to_name(account),
        "questions": questions_of(request, account) if problem else [],
    }
    return page(request, "accounts/activities/index.html", context, fragment="feed", status=status)


def feed(request: TenantRequest, account: Account) -> dict[str, Any]:
    today = timezone.localdate()
    may_edit = may(request.member, "activity.write", account)
    kind, after = request.GET.get("kind", ""), request.GET.get("after")
    return {
        "account": account,
        "today": today,
        "feed": feed_of(account, today, kind=kind, after=after, may_edit=may_edit),
        "kinds": ActivityKind.choices,
    }


@action("activity.write", Account)
@require_POST
@once
def create(request: TenantRequest, account: Account) -> HttpResponse:
    """A note in one line, or a whole record. ``text`` is enough: kind, on, at, persons, members, next_step may follow.

    htmx gets a toast and the form anew (``then=timeline`` with the timeline, ``then=quick``, or nothing); a plain form
    goes back to the timeline.
    """
    try:
        values = values_of(request)
        given = answers.read(request.POST, account)
        values["body"] = "\n\n".join(part for part in (values["body"], answers.as_text(given)) if part)
        with transaction.atomic():
            activity = Activity.objects.create(account=account, written_by=request.member, **values)
            lost = answers.write(given, activity)
    except ValidationError as error:
        return refused(request, account, error.messages[0])
    set_people(activity, request.POST.getlist("persons"), request.POST.getlist("members"))
    announce(activity)
    words = _("予定に入れました") if activity.state == ActivityState.PLANNED else _("記録しました")
    if lost:
        words += _("。ほかの人が先に書いたマスはそのままです: %(names)s") % {"names": "、".join(lost)}
    undo = reverse("delete_activity", args=[activity.pk])
    if not getattr(request, "htmx", None):
        toast_next(request, words, undo=undo)
        return go(request, reverse("accounts:activity_index", args=[account.pk]))
    return toast(form(request, account), words, undo=undo)


def form(request: TenantRequest, account: Account, problem: str = "") -> HttpResponse:
    """The form the note came from, empty again; with a ``problem``, as it was typed. ``then`` says which form."""
    then, status = request.POST.get("then", ""), 422 if problem else 200
    typed = request.POST.dict() if problem else {}
    context = {"account": account, "typed": typed, "problem": problem, "today": timezone.localdate()}
    if then == "quick":
        return page(request, "accounts/activities/_quick.html", context, status=status)
    if then != "timeline":
        return HttpResponse(problem, status=422) if problem else HttpResponse(status=204)
    context |= {"people": people_to_name(account), "kinds": ActivityKind.choices}
    if problem:
        context["questions"] = questions_of(request, account)
        return page(request, "accounts/activities/_compose.html", context, status=status)
    return page(request, "accounts/activities/_written.html", {**context, **feed(request, account)})


def questions_of(request: TenantRequest, account: Account) -> list[answers.Question]:
    """Those of a form that comes back with answers in it."""
    has_answers = any(key.startswith(answers.ANSWER) for key in request.POST)
    return answers.questions(account, request.POST.dict()) if has_answers else []


def values_of(request: TenantRequest) -> dict[str, Any]:
    """The columns of a new activity; a day to come makes it a plan."""
    text = clean_text(request.POST.get("text", ""))
    if not text:
        raise ValidationError(_("ひとことでも書いてから残してください"))
    if len(text) > 20_000:
        raise ValidationError(_("20,000文字までです"))
    on = parse_date(request.POST.get("on", "")) or timezone.localdate()
    kind = request.POST.get("kind", "")
    title, body = split(text)
    return {
        "title": title,
        "body": body,
        "on": on,
        "at": parse_time(request.POST.get("at", "")),
        "kind": kind if kind in ActivityKind.values else ActivityKind.UPDATE,
        "state": state_on(on),
        "next_step": clean_text(request.POST.get("next_step", ""))[:200],
    }


def state_on(on: date) -> str:
    return ActivityState.PLANNED if on > timezone.localdate() else ActivityState.HELD


def refused(request: TenantRequest, account: Account, problem: str) -> HttpResponse:
    if wants_fragment(request):
        return toast(form(request, account, problem), problem)
    return shown(request, account, request.POST.dict(), problem, status=422)


@action("account.read", Activity)
@require_GET
def show(request: TenantRequest, activity: Activity) -> HttpResponse:
    """One line of the timeline; with ``?edit`` the same record to be written on."""
    account = activity.account
    editing = "edit" in request.GET and may(request.member, "activity.write", account)
    return one(request, activity, editing=editing)


def one(request: TenantRequest, activity: Activity, *, editing: bool) -> HttpResponse:
    found = Activity.objects.get(pk=activity.pk)
    read_people([found])
    may_edit = may(request.member, "activity.write", activity.account)
    context = {
        "line": line_of(found, activity.account, may_edit),
        "account": activity.account,
        "today": timezone.localdate(),
    }
    if not editing:
        return page(request, "accounts/activities/_line.html", context)
    context |= {
        "cells": cells_of(found, *FIELDS),
        "people": people_to_name(activity.account),
        "persons": {row.person_id for row in found.persons.all()},
        "members": {row.member_id for row in found.members.all()},
    }
    return page(request, "accounts/activities/_edit.html", context)


@action("activity.write", Activity)
@require_POST
def people(request: TenantRequest, activity: Activity) -> HttpResponse:
    """Exactly those ticked took part."""
    set_people(activity, request.POST.getlist("persons"), request.POST.getlist("members"))
    return one(request, activity, editing=True) if wants_fragment(request) else go(request, back_to(activity))


@action("activity.write", Activity)
@require_POST
def settle(request: TenantRequest, activity: Activity) -> HttpResponse:
    """A planned meeting was held, or will not be."""
    state = request.POST.get("state", "")
    if state not in (ActivityState.HELD, ActivityState.CANCELLED):
        return HttpResponse(_("済みか取りやめかを選んでください"), status=422)
    save_field(editable("activity"), activity, "state", state, base=None, mark=None)
    return (
        one(request, activity, editing=False) if wants_fragment(request) else go(request, back_to(activity))
    )


def back_to(activity: Activity) -> str:
    return reverse("accounts:activity_index", args=[activity.account_id])
