"""空欄台帳: the blanks of one account and of one's own accounts, and answering them from a meeting's note."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.activities import announce
from accounts.frame import frame
from accounts.models import Account, Activity
from accounts.models.activity import ActivityKind, ActivityState
from accounts.sheet import answers, asking
from accounts.sheet.ledger import ledger_of, missing_roles, next_meeting, owed
from accounts.sheet.reading import sheet_of
from tenants.editing import editable, save_field
from tenants.editing.fields import clean_text
from tenants.once import once
from tenants.permissions import action, may
from tenants.requests import TenantRequest
from tenants.roles import Role
from ui.pages import go, page, toast_next

RECENT = timedelta(days=14)
OVERSEERS = (Role.ADMIN, Role.MANAGER)


@action("account.list")
@require_GET
def index(request: TenantRequest) -> HttpResponse:
    """``?who=all`` shows everybody's, to those who answer for the team."""
    oversees = request.member.role in OVERSEERS
    everybody = oversees and request.GET.get("who") == "all"
    start = request.GET.get("from", "")
    found = ledger_of(
        request.member,
        timezone.localdate(),
        everybody=everybody,
        start=int(start) if start.isascii() and start.isdigit() and len(start) < 7 else 0,
    )
    context = {"ledger": found, "everybody": everybody, "oversees": oversees, "today": timezone.localdate()}
    return page(request, "accounts/blanks/index.html", context)


@action("account.read", Account)
@require_GET
def show(request: TenantRequest, account: Account) -> HttpResponse:
    return shown(request, account)


def shown(
    request: TenantRequest, account: Account, typed: dict[str, str] | None = None, problem: str = ""
) -> HttpResponse:
    today = timezone.localdate()
    context = {
        **frame(request, account),
        "owed": owed(sheet_of(account)),
        "roles": missing_roles(account, today),
        "asked": asking.of_account(account),
        "meeting": next_meeting(account, today),
        "questions": answers.questions(account, typed),
        "meetings": meetings(account, today),
        "typed": typed or {},
        "problem": problem,
        "may_edit": may(request.member, "account.edit", account),
    }
    return page(request, "accounts/blanks/show.html", context, status=422 if problem else 200)


def meetings(account: Account, today: date) -> list[Activity]:
    """Where the answers may have been heard: of the last two weeks, the newest first."""
    rows = Activity.objects.filter(account=account, on__range=(today - RECENT, today))
    return list(rows.exclude(state=ActivityState.CANCELLED).order_by("-on", "-at", "-pk")[:20])


@action("account.edit", Account)
@require_POST
@once
def answer(request: TenantRequest, account: Account) -> HttpResponse:
    """The note of a meeting and the cells it answers, in one step: all of it or nothing."""
    try:
        with transaction.atomic():
            given = answers.read(request.POST, account)
            activity = heard_in(request, account, answers.as_text(given))
            lost = answers.write(given, activity)
    except ValidationError as error:
        return shown(request, account, request.POST.dict(), error.messages[0])
    words = _("%(n)sマスを書きました") % {"n": len(given) - len(lost)}
    if lost:
        words += _("。ほかの人が先に書いたマスはそのままにし、答えは記録に残しました: %(names)s") % {
            "names": "、".join(lost)
        }
    toast_next(request, words)
    return go(request, reverse("accounts:blanks", args=[account.pk]))


def heard_in(request: TenantRequest, account: Account, answered: str) -> Activity:
    """The meeting that is named, held by now, or a new record of today."""
    text = clean_text(request.POST.get("text", ""))
    body = "\n\n".join(part for part in (text, answered) if part)
    if not body:
        raise ValidationError(_("聞いた答えか、メモを書いてください"))
    chosen = request.POST.get("meeting", "")
    found = {str(one.pk): one for one in meetings(account, timezone.localdate())}
    if chosen and chosen not in found:
        raise ValidationError(_("打ち合わせを選び直してください"))
    return added_to(found[chosen], body) if chosen else new_record(request, account, body)


def added_to(activity: Activity, body: str) -> Activity:
    activity = Activity.objects.select_for_update(no_key=True).get(pk=activity.pk)
    activity.body = "\n\n".join(part for part in (activity.body, body) if part)
    activity.save(update_fields=["body"])
    if activity.state == ActivityState.PLANNED:
        activity = Activity.objects.get(pk=activity.pk)
        save_field(editable("activity"), activity, "state", ActivityState.HELD, base=None, mark=None)
    return Activity.objects.get(pk=activity.pk)  # type: ignore[no-any-return]


def new_record(request: TenantRequest, account: Account, body: str) -> Activity:
    values: dict[str, Any] = {"kind": ActivityKind.MEETING, "state": ActivityState.HELD}
    activity = Activity.objects.create(
        account=account,
        written_by=request.member,
        on=timezone.localdate(),
        title=_("聞いたこと"),
        body=body,
        **values,
    )
    announce(activity)
    return activity  # type: ignore[no-any-return]


@action("account.read", Account)
@require_GET
def fields(request: TenantRequest, account: Account) -> HttpResponse:
    """The questions as part of another form, such as the note on the timeline."""
    return page(
        request,
        "accounts/blanks/_questions.html",
        {"questions": answers.questions(account), "account": account},
    )


def urls() -> list[URLPattern]:
    return [
        path("blanks/", index, name="blank_index"),
        path("accounts/<uuid:pk>/blanks/", show, name="blanks"),
        path("accounts/<uuid:pk>/blanks/questions/", fields, name="blank_questions"),
        path("accounts/<uuid:pk>/blanks/answers/", answer, name="blank_answer"),
    ]
