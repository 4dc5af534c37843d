"""The timeline: notes, meetings held and planned, of one account."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import drafts, kinds, next_steps, notices
from accounts.activities import (
    announce,
    feed_of,
    lines_of,
    people_to_look_for,
    people_to_name,
    read_people,
    set_people,
    split,
)
from accounts.clean_html import as_text
from accounts.frame import frame
from accounts.links import parse_links
from accounts.models import Account, Activity
from accounts.models.activity import ActivityKind, ActivityState, InsightWas
from accounts.narrowing import Narrowing
from accounts.sheet import answers
from accounts.ties import tasks, ties
from accounts.views.drafts import draft_id
from tenants.editing import editable, save_field
from tenants.editing.cells import cells_of
from tenants.editing.fields import active_members, clean_text, parse_date, parse_time
from tenants.ids import id_in
from tenants.once import once
from tenants.permissions import action, may
from tenants.requests import TenantRequest
from ui.pages import go, page, toast, toast_next, wants_fragment

FIELDS = (
    "title", "body", "kind", "own_type", "on", "at", "state", "next_step", "next_on", "insight", "insight_was", "links",
)  # fmt: skip


@action("account.read", Account)
@require_GET
def index(request: TenantRequest, account: Account) -> HttpResponse:
    return shown(request, account)


def shown(
    request: TenantRequest,
    account: Account,
    typed: dict[str, Any] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {**frame(request, account), **feed(request, account)}
    if not wants_fragment(request):
        context |= form_context(request, account, typed, problem)
    return page(request, "accounts/activities/index.html", context, fragment="feed", status=status)


def feed(request: TenantRequest, account: Account) -> dict[str, Any]:
    today = timezone.localdate()
    may_edit = may(request.member, "activity.write", account)
    narrowing = Narrowing.read(request.GET)
    return {
        "account": account,
        "today": today,
        "feed": feed_of(
            account, today, narrowing=narrowing, after=request.GET.get("after"), may_edit=may_edit
        ),
        "look_for": {
            "kinds": kinds.choices(retired=True),
            **people_to_look_for(account),
            "ties": [(tie, tie.choices(account), narrowing.tied.get(tie.name, "")) for tie in ties()],
        },
        **next_context(request, account),
    }


def form_context(
    request: TenantRequest, account: Account, typed: dict[str, Any] | None = None, problem: str = ""
) -> dict[str, Any]:
    """The form for a note: as it was typed, else the draft asked for or the newest one, else empty."""
    own = drafts.drafts_of(account, request.member)
    asked = request.GET.get("draft", "")
    taken = next((one for one in own if str(one.pk) == asked), own[0] if own else None)
    if request.method == "POST":
        taken = None
    typed = drafts.typed_of(taken) if typed is None else {"version": 0, **typed}
    return {
        "account": account,
        "today": timezone.localdate(),
        "typed": typed,
        "problem": problem,
        "questions": questions_of(request, account) if problem else [],
        "kinds": kinds.choices(),
        "insight_choices": InsightWas.choices,
        "people": people_to_name(account),
        "colleagues": [member.name for member in active_members()],
        "persons": chosen_ids(typed, "persons"),
        "members": chosen_ids(typed, "members"),
        "ties": [(tie, tie.choices(account), typed.get(tie.name, "")) for tie in ties()],
        "drafts": [one for one in own if str(one.pk) != str(typed.get("draft"))],
    }


def chosen_ids(typed: dict[str, Any], key: str) -> set[UUID]:
    return set(filter(None, map(id_in, typed.get(key, ()))))


@action("activity.write", Account)
@require_POST
@once
def create(request: TenantRequest, account: Account) -> HttpResponse:
    """A note in one line, or a whole record. ``text`` is enough: kind, on, at, persons, members, insight, next_step,
    links may follow, and ``draft`` names the draft that it was.

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
    for tie in ties():
        tie.tie(activity, request.POST.get(tie.name, ""))
    if "draft" in request.POST:
        drafts.note_made(account, request.member, draft_id(request))
    notices.tell(activity)
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
    if then == "quick":
        typed = request.POST.dict() if problem else {}
        context = {"account": account, "typed": typed, "problem": problem}
        return page(request, "accounts/activities/_quick.html", context, status=status)
    if then != "timeline":
        return HttpResponse(problem, status=422) if problem else HttpResponse(status=204)
    if problem:
        context = form_context(request, account, typed_again(request), problem)
        return page(request, "accounts/activities/_compose.html", context, status=status)
    context = {**form_context(request, account, {"draft": uuid4()}), **feed(request, account)}
    return page(request, "accounts/activities/_written.html", context)


def typed_again(request: TenantRequest) -> dict[str, Any]:
    many = {key: request.POST.getlist(key) for key in drafts.LISTS}
    return {**request.POST.dict(), **many}


def questions_of(request: TenantRequest, account: Account) -> list[answers.Question]:
    """Those of a form that comes back with answers in it."""
    has_answers = any(key.startswith(answers.ANSWER) for key in request.POST)
    return answers.questions(account, request.POST.dict()) if has_answers else []


def values_of(request: TenantRequest) -> dict[str, Any]:
    """The columns of a new activity; a day to come makes it a plan."""
    typed = request.POST
    text = as_text(clean_text(typed.get("text", "")))
    if not text:
        raise ValidationError(_("ひとことでも書いてから残してください"))
    if len(text) > 20_000:
        raise ValidationError(_("20,000文字までです"))
    on = parse_date(typed.get("on", "")) or timezone.localdate()
    kind = kinds.chosen(typed.get("kind", "")) or kinds.Chosen(ActivityKind.UPDATE)
    title, body = split(text)
    was = typed.get("insight_was", "")
    return {
        "title": title,
        "body": body,
        "on": on,
        "at": parse_time(typed.get("at", "")),
        **kind.columns,
        "state": state_on(on),
        "insight": short(typed.get("insight", ""), _("示唆"), 500),
        "insight_was": was if was in InsightWas.values else "",
        "next_step": short(typed.get("next_step", ""), _("次にすること"), 200),
        "next_on": parse_date(typed.get("next_on", "")),
        "links": parse_links(typed.get("links", "")),
    }


def short(typed: str, label: str, most: int) -> str:
    text = clean_text(typed)
    if len(text) > most:
        words = {"label": label, "most": most, "now": f"{len(text):,}"}
        raise ValidationError(_("%(label)sは%(most)s文字までです。いま%(now)s文字あります") % words)
    return text


def state_on(on: date) -> str:
    return ActivityState.PLANNED if on > timezone.localdate() else ActivityState.HELD


def refused(request: TenantRequest, account: Account, problem: str) -> HttpResponse:
    if wants_fragment(request):
        return toast(form(request, account, problem), problem)
    return shown(request, account, typed_again(request), problem, status=422)


def next_context(request: TenantRequest, account: Account) -> dict[str, Any]:
    """What a next step can become on this account."""
    return {
        "tasks": [
            (task, task.choices(account)) for task in tasks() if may(request.member, task.action, account)
        ]
    }


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
    (line,) = lines_of([found], activity.account, may_edit, whole="all" in request.GET)
    context = {
        "line": line,
        "account": activity.account,
        "today": timezone.localdate(),
        **next_context(request, activity.account),
    }
    if not editing:
        return page(request, "accounts/activities/_line.html", context)
    tied = dict(zip((tie.name for tie in ties()), tied_values(found), strict=True))
    context |= {
        "cells": cells_of(found, *fields()),
        "people": people_to_name(activity.account),
        "persons": {row.person_id for row in found.persons.all()},
        "members": {row.member_id for row in found.members.all()},
        "ties": [(tie, tie.choices(activity.account), tied[tie.name]) for tie in ties()],
    }
    return page(request, "accounts/activities/_edit.html", context)


def fields() -> tuple[str, ...]:
    """Without the tenant's own types where it has none."""
    return FIELDS if kinds.own_types() else tuple(key for key in FIELDS if key != "own_type")


def tied_values(activity: Activity) -> list[str]:
    return [tie.read([activity.pk]).get(activity.pk, ("", "", ""))[0] for tie in ties()]


@action("activity.write", Activity)
@require_POST
def people(request: TenantRequest, activity: Activity) -> HttpResponse:
    """Exactly those ticked took part; and what of other rooms it is about."""
    set_people(activity, request.POST.getlist("persons"), request.POST.getlist("members"))
    for tie in ties():
        if tie.name in request.POST:
            tie.tie(activity, request.POST[tie.name])
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


@action("activity.write", Activity)
@require_POST
def plan_next(request: TenantRequest, activity: Activity) -> HttpResponse:
    """The next step becomes a planned activity; the toast takes it back."""
    if not activity.next_step:
        return HttpResponse(_("次にすることを書いてから、予定にしてください"), status=422)
    planned = next_steps.plan(activity, request.member, timezone.localdate())
    words = _("%(day)sの予定に入れました") % {"day": f"{planned.on:%m/%d}"}
    undo = reverse("delete_activity", args=[planned.pk])
    if wants_fragment(request):
        return toast(one(request, activity, editing=False), words, undo=undo)
    toast_next(request, words, undo=undo)
    return go(request, back_to(activity))


def back_to(activity: Activity) -> str:
    return reverse("accounts:activity_index", args=[activity.account_id])
