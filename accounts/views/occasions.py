"""The customer's year as a list: rows with their source, and what the fiscal closing proposes, to be confirmed."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import occasions
from accounts.fiscal import months_after, period_label
from accounts.frame import frame
from accounts.lists import drawn, lists_on
from accounts.models import Account, Occasion
from accounts.models.occasion import OccasionKind, OccasionState
from accounts.occasions import PAGE
from accounts.proposing import Proposal
from accounts.views.contexts import adding
from tenants import settings_tabs
from tenants.editing import editable
from tenants.editing.cells import cells_of
from tenants.editing.drafting import Draft
from tenants.once import once
from tenants.permissions import action, may
from tenants.requests import TenantRequest
from ui.pages import go, page, toast_next

AHEAD = 15
"""Proposals are shown from the beginning of this fiscal year for so many months from today on."""
DATED = ("starts_on", "ends_on", "source_kind", "source", "as_of", "note")
"""What a person says when they answer a proposal."""


@dataclass(frozen=True)
class Asked:
    """One proposal with the form that answers it."""

    proposal: Proposal
    draft: Draft

    @property
    def label(self) -> str:
        return str(self.proposal.kind.label)

    @property
    def id(self) -> str:
        return f"proposal-{self.proposal.fiscal_year}-{self.proposal.key}"


@action("account.read", Account)
@require_GET
def index(request: TenantRequest, account: Account) -> HttpResponse:
    return shown(request, account)


def shown(
    request: TenantRequest, account: Account, draft: Draft | None = None, kind: str = "", status: int = 200
) -> HttpResponse:
    """The page; ``draft`` is what a form left behind: the one for a row, or the one of the proposal ``kind``."""
    today = timezone.localdate()
    first, last = days_shown(account, today)
    found = occasions.calendar(account, first, last)
    asked = [Asked(one, draft_for(account, one, today)) for one in found.proposed]
    if draft is not None:
        asked = [Asked(one.proposal, draft) if one.id == kind else one for one in asked]
    lists = [drawn(about, account, draft if about.kind == kind else None) for about in lists_on(PAGE)]
    context = {
        **frame(request, account),
        "lists": lists,
        "asked": by_year(asked),
        "doubtful": [(row, occasions.anew(row)) for row in found.doubtful],
        "opened": kind,
        "may_edit": may(request.member, "account.edit", account),
    }
    return page(request, "accounts/occasions/index.html", context, status=status)


def days_shown(account: Account, today: date) -> tuple[date, date]:
    closing = account.closing
    first = closing.fiscal_year_start(closing.fiscal_year(today)) if closing else today
    return first, months_after(today, AHEAD)


def draft_for(
    account: Account, proposal: Proposal, today: date, typed: dict[str, str] | None = None
) -> Draft:
    days = {
        "starts_on": proposal.starts_on.isoformat(),
        "ends_on": proposal.ends_on.isoformat() if proposal.ends_on else "",
        "as_of": today.isoformat(),
    }
    return Draft(editable("occasion"), DATED, typed or days, like=Occasion(account=account))


def by_year(asked: list[Asked]) -> list[tuple[str, list[Asked]]]:
    years = dict.fromkeys(one.proposal.fiscal_year for one in asked)
    return [
        (period_label(year), [one for one in asked if one.proposal.fiscal_year == year])
        for year in sorted(years)
    ]


@action("account.edit", Account)
@require_POST
@once
def answer(request: TenantRequest, account: Account) -> HttpResponse:
    """It is so, on the days and from the source that were typed; or it does not happen here (``absent``)."""
    year, today = request.POST.get("year", ""), timezone.localdate()
    known = len(year) == 4 and year.isascii() and year.isdigit()
    proposal = occasions.proposal_of(account, int(year), request.POST.get("key", "")) if known else None
    if proposal is None:
        raise Http404
    is_absent = "absent" in request.POST
    state = OccasionState.ABSENT if is_absent else OccasionState.CONFIRMED
    typed = {} if is_absent else {key: request.POST.get(key, "") for key in DATED}
    draft = draft_for(account, proposal, today, typed)
    made = draft.create(**occasions.answer_columns(account, proposal, state))
    if made is None:
        return shown(request, account, draft, Asked(proposal, draft).id, 422)
    said = _("「%(name)s」は該当なしにしました") if is_absent else _("「%(name)s」を確認済にしました")
    undo = reverse("delete_occasion", args=[made.pk])
    toast_next(request, said % {"name": made}, undo=undo)
    return go(request, reverse("accounts:occasion_index", args=[account.pk]))


@action("account.edit", Occasion)
@require_POST
def check(request: TenantRequest, occasion: Occasion) -> HttpResponse:
    """Confirmed for another closing month: it still holds, or (``take``) it is on the days proposed now."""
    occasions.check(occasion, take="take" in request.POST)
    toast_next(request, _("「%(name)s」を確かめました") % {"name": occasion})
    return go(request, reverse("accounts:occasion_index", args=[occasion.account_id]))


# 設定: the tenant's own kinds -------------------------------------------------------------------------------------


@action("tenant.read")
@require_GET
def types(request: TenantRequest) -> HttpResponse:
    return types_shown(request, Draft(editable("occasion_type"), ("name",)))


def types_shown(request: TenantRequest, draft: Draft, status: int = 200) -> HttpResponse:
    context = {
        "tabs": settings_tabs.tabs(request),
        "own": [(one, cells_of(one, "name", "is_retired")) for one in occasions.own_types()],
        "ours": OccasionKind.choices,
        "draft": draft,
        "may_edit": may(request.member, "tenant.edit"),
    }
    return page(request, "accounts/occasions/types.html", context, status=status)


@action("tenant.edit")
@require_POST
@once
def add_type(request: TenantRequest) -> HttpResponse:
    draft = Draft(editable("occasion_type"), ("name",), request.POST)
    made = draft.create()
    if made is None:
        return types_shown(request, draft, 422)
    toast_next(request, _("「%(name)s」を加えました") % {"name": made})
    return go(request, reverse("accounts:occasion_type_index"))


def urls() -> list[URLPattern]:
    return [
        path("accounts/<uuid:pk>/occasions/", index, name="occasion_index"),
        *adding("occasions", PAGE, shown),
        path("accounts/<uuid:pk>/occasions/answer/", answer, name="occasion_answer"),
        path("occasions/<uuid:pk>/check/", check, name="occasion_check"),
        path("settings/occasion-types/", types, name="occasion_type_index"),
        path("settings/occasion-types/new/", add_type, name="occasion_type_add"),
    ]
