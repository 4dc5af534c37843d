"""The basic information page of one account, a new account, and putting one into the archive."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.budgets import budgets_of
from accounts.financials.table import picture_of
from accounts.frame import frame
from accounts.models import Account, Resolution
from accounts.models.account import Stage
from accounts.sheet.reading import recently_filled, sheet_of
from accounts.views.account_merges import or_where_it_went
from tenants.editing import editable, save_field
from tenants.editing.drafting import Draft
from tenants.editing.fields import member_choices
from tenants.editing.saving import Conflict
from tenants.once import once
from tenants.permissions import action
from tenants.roles import Role
from tenants.scope import current_member
from ui.pages import go, page, toast_next

ADD_FIELDS = ("name", "kana", "corporate_number", "industry", "fiscal_month", "stage", "arr", "csm")
RECENT = timedelta(days=30)


@or_where_it_went
@action("account.read", Account)
@require_GET
def show(request: HttpRequest, account: Account) -> HttpResponse:
    sheet = sheet_of(account)
    context = {
        **frame(request, account),
        "sheet": sheet,
        "resolution": Resolution.objects.filter(account=account).first(),
        "picture": picture_of(account),
        "budgets": budgets_of(account, timezone.localdate()),
        "contracts": account.contracts.order_by("renews_on", "pk")[:5],
        "team": account.team.select_related("member__user").order_by("member__user__name"),
        "members": member_choices(),
        "recent": recently_filled(sheet, timezone.localdate() - RECENT),
    }
    return page(request, "accounts/account.html", context)


@action("account.add")
@require_http_methods(["GET", "POST"])
@once
def add(request: HttpRequest) -> HttpResponse:
    """A form of eight fields; everything else is filled in on the account's own page."""
    found = editable("account")
    if request.method == "GET":
        return page(request, "accounts/add.html", {"draft": Draft(found, ADD_FIELDS, first_values())})
    draft = Draft(found, ADD_FIELDS, request.POST)
    account = draft.create(stage_since=timezone.localdate())
    if account is None:
        return page(request, "accounts/add.html", {"draft": draft}, fragment="form", status=422)
    toast_next(request, _("「%(name)s」を加えました") % {"name": account})
    return go(request, reverse("accounts:account", args=[account.pk]))


def first_values() -> dict[str, str]:
    return {"stage": Stage.ONBOARDING, **own_hands()}


def own_hands() -> dict[str, str]:
    """Who a new account belongs to when nobody else is named: a CSM adds their own."""
    member = current_member()
    assert member is not None
    return {"csm": str(member.pk)} if member.role == Role.CSM else {}


@action("account.edit", Account)
@require_POST
def archive(request: HttpRequest, account: Account) -> HttpResponse:
    """解約: the account leaves lists and rules, and loses nothing."""
    move(account, Stage.CHURNED)
    undo = reverse("accounts:unarchive", args=[account.pk])
    toast_next(request, _("「%(name)s」を解約として保管しました") % {"name": account}, undo=undo)
    return go(request, reverse("accounts:account", args=[account.pk]))


@action("account.edit", Account)
@require_POST
def unarchive(request: HttpRequest, account: Account) -> HttpResponse:
    """Back to the stage it had before."""
    move(account, stage_before(account))
    toast_next(request, _("「%(name)s」を一覧に戻しました") % {"name": account})
    return go(request, reverse("accounts:account", args=[account.pk]))


def stage_before(account: Account) -> str:
    """Where an archived account stood."""
    before = account.events.exclude(stage=Stage.CHURNED).order_by("-pgh_id").first()  # type: ignore[attr-defined]
    return before.stage if before else Stage.LIVE


def move(account: Account, stage: str) -> None:
    outcome = save_field(editable("account"), account, "stage", stage, base=None, mark=None)
    assert not isinstance(outcome, Conflict)
