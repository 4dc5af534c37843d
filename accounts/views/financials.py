"""The customer's figures: a table to type into, a paste from a spreadsheet, a report from EDINET; looked at before written."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.financials import carrying, reports, taking
from accounts.financials.amounts import UNIT_CHOICES, UNITS
from accounts.financials.edinet import MOST_BYTES, UnreadableReport, read_report
from accounts.financials.pasting import read_paste
from accounts.financials.periods import parse_period
from accounts.financials.table import columns_of, picture_of, rows_of
from accounts.frame import frame
from accounts.models import Account
from tenants.editing.fields import clean_text, parse_date
from tenants.once import once
from tenants.permissions import action, may
from tenants.requests import TenantRequest
from ui.pages import go, page, toast_next

MOST_PASTED = 200_000


@action("account.read", Account)
@require_GET
def index(request: TenantRequest, account: Account) -> HttpResponse:
    return shown(request, account)


def shown(request: TenantRequest, account: Account, *, status: int = 200, **more: Any) -> HttpResponse:
    """The page; ``more`` is what a form left behind: what was typed, and what was wrong with it."""
    columns = columns_of(account)
    context = {
        **frame(request, account),
        "columns": columns,
        "rows": rows_of(columns),
        "picture": picture_of(account),
        "reports": account.financial_reports.order_by("-ends_on", "-submission", "-filed_on"),
        "may_edit": may(request.member, "account.edit", account),
        "units": UNIT_CHOICES,
        **more,
    }
    return page(request, "accounts/financials/index.html", context, status=status)


@action("account.edit", Account)
@require_POST
@once
def add_period(request: TenantRequest, account: Account) -> HttpResponse:
    typed = request.POST.get("period", "")
    try:
        period = parse_period(clean_text(typed), timezone.localdate())
    except ValidationError as error:
        return shown(request, account, status=422, period_typed=typed, period_wrong=error.messages[0])
    row = taking.period_row(account, period, taking.Source(kind=""))
    toast_next(
        request,
        _("%(period)sの列を加えました") % {"period": row},
        undo=reverse("delete_financial_period", args=[row.pk]),
    )
    return go(request, url_of(account))


@action("account.edit", Account)
@require_POST
def paste(request: TenantRequest, account: Account) -> HttpResponse:
    """Read what was pasted and show what it would change; nothing is written yet."""
    typed = {name: request.POST.get(name, "") for name in ("table", "unit", "source", "as_of")}
    try:
        as_of = parse_date(typed["as_of"])
        source = clean_text(typed["source"])[:200]
        clean_text(typed["table"])  # refuses NUL and broken characters; the tabs at its ends mean something
    except ValidationError as error:
        return shown(request, account, status=422, pasted=typed, paste_wrong=error.messages[0])
    unit = typed["unit"] if typed["unit"] in UNITS else "百万円"
    found = read_paste(typed["table"][:MOST_PASTED], unit, timezone.localdate())
    if found.findings:
        return shown(request, account, status=422, pasted=typed, findings=found.findings)
    content = {
        "figures": carrying.figures_as(found.figures),
        "source": source,
        "as_of": as_of and as_of.isoformat(),
    }
    return look(request, account, proposed(account, content), carrying.pack(account, "paste", content))


@action("account.edit", Account)
@require_POST
def report(request: TenantRequest, account: Account) -> HttpResponse:
    """Read a report and show what it would change; nothing is written yet."""
    upload = request.FILES.get("file")
    if upload is None:
        return shown(request, account, status=422, report_wrong=_("ファイルを選んでください"))
    content = upload.read(MOST_BYTES + 1)
    try:
        found = read_report(content)
    except UnreadableReport as error:
        return shown(request, account, status=422, report_wrong=str(error))
    digest = reports.digest_of(content)
    packed = carrying.pack(account, "report", {"report": carrying.report_as(found), "digest": digest})
    arrival = reports.look_at(account, found, digest)
    return look(request, account, arrival.proposal, packed, arrival=arrival)


def look(
    request: TenantRequest, account: Account, proposal: taking.Proposal, packed: str, arrival: Any = None
) -> HttpResponse:
    context = {**frame(request, account), "proposal": proposal, "packed": packed, "arrival": arrival}
    return page(request, "accounts/financials/look.html", context)


@action("account.edit", Account)
@require_POST
@once
def write(request: TenantRequest, account: Account) -> HttpResponse:
    """Write what was looked at. Figures are compared anew, so what somebody typed meanwhile stays unless it was ticked."""
    content = carrying.unpack(account, request.POST.get("packed", ""))
    if content is None:
        return shown(
            request,
            account,
            status=422,
            report_wrong=_("下見から時間がたちました。もう一度、読み取ってください"),
        )
    overwrite = set(request.POST.getlist("overwrite"))
    if content["kind"] == "report":
        arrival = reports.look_at(account, carrying.report_from(content["report"]), content["digest"])
        if not arrival.may_be_taken:
            return shown(request, account, status=422, report_wrong=_("この書類は取り込み済みです"))
        written = reports.take(account, arrival, overwrite)
    else:
        written = taking.write(account, proposed(account, content), overwrite)
    toast_next(request, _("業績を%(count)s件書きました") % {"count": written})
    return go(request, url_of(account))


def proposed(account: Account, content: dict[str, Any]) -> taking.Proposal:
    as_of = content["as_of"] and date.fromisoformat(content["as_of"])
    source = taking.Source(kind="", text=content["source"], as_of=as_of)
    return taking.propose(account, carrying.figures_from(content["figures"]), source)


def url_of(account: Account) -> str:
    return reverse("accounts:financial_index", args=[account.pk])


def urls() -> list[URLPattern]:
    return [
        path("accounts/<uuid:pk>/financials/", index, name="financial_index"),
        path("accounts/<uuid:pk>/financials/periods/", add_period, name="financial_period_add"),
        path("accounts/<uuid:pk>/financials/paste/", paste, name="financial_paste"),
        path("accounts/<uuid:pk>/financials/report/", report, name="financial_report"),
        path("accounts/<uuid:pk>/financials/write/", write, name="financial_write"),
    ]
