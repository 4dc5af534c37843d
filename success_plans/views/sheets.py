"""A plan as a file to print, to send and to keep; and a file that comes back, as suggestions."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.frame import frame
from success_plans.models import SuccessPlan
from success_plans.sheet_fields import record_type
from success_plans.sheet_import import look, mapped, take
from success_plans.sheet_tables import Table, headed, pack, tables_of, unpack
from success_plans.sheets import workbook
from tenants.once import once
from tenants.permissions import action
from tenants.requests import TenantRequest
from ui.exports import CONTENT_TYPES, attachment
from ui.pages import go, page, toast_next


@action("account.export", SuccessPlan)
@require_GET
def download(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    headers = {"Content-Disposition": attachment(f"{plan.account.name}_{plan.title}.xlsx")}
    body = workbook(plan, timezone.localdate())
    return HttpResponse(body, content_type=CONTENT_TYPES["xlsx"], headers=headers)


@action("plan.edit", SuccessPlan)
@require_http_methods(["GET", "POST"])
def upload(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    """Choose a file; look at what it says; choose other columns and look again. Nothing is written here."""
    if request.method == "GET":
        return shown(request, plan)
    try:
        tables = tables_asked(request, plan.pk)
    except ValidationError as error:
        return shown(request, plan, 422, wrong=error.messages[0])
    return looked_at(request, plan, tables)


@action("plan.edit", SuccessPlan)
@require_POST
@once
def acceptance(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    """Write what was ticked: all of it, or nothing and why."""
    try:
        tables = tables_asked(request, plan.pk)
    except ValidationError as error:
        return shown(request, plan, 422, wrong=error.messages[0])
    found = look(plan, tables, mapped(plan, tables, request.POST))
    wanted = set(request.POST.getlist("apply"))
    if not wanted:
        return looked_at(request, plan, tables, 422, _("受け入れるものを選んでください"))
    if wanted - {one.key for one in found.suggestions}:
        changed = _("見たあとに、プランが変わりました。もう一度見てください")
        return looked_at(request, plan, tables, 409, changed)
    try:
        count = take(plan, found, wanted)
    except ValidationError as error:
        return looked_at(request, plan, tables, 422, error.messages[0])
    toast_next(request, _("ファイルから%(n)s件を受け入れました。履歴から1つずつ戻せます") % {"n": count})
    return go(request, reverse("success_plans:plan", args=[plan.pk]))


def tables_asked(request: TenantRequest, of: UUID) -> list[Table]:
    """Of the file that was sent, or of what was read from it before, with the headings that were chosen. Raises
    ValidationError."""
    if file := request.FILES.get("file"):
        return tables_of(file)
    if "packed" not in request.POST:
        raise ValidationError(_("ファイルを選んでください"))
    return headed(unpack(of, request.POST["packed"]), request.POST)


def looked_at(
    request: TenantRequest, plan: SuccessPlan, tables: list[Table], status: int = 200, wrong: str = ""
) -> HttpResponse:
    context = looking_context(plan, plan.pk, tables, request.POST)
    return shown(request, plan, status, wrong=wrong, **context)


def looking_context(plan: SuccessPlan, of: UUID, tables: list[Table], chosen: Any) -> dict[str, Any]:
    """What the page of a look shows, for a plan that may not be stored yet."""
    columns = mapped(plan, tables, chosen)
    return {
        "packed": pack(of, tables),
        "sheets": [
            (table, [(one, table.header[one.column], example(table, one.column)) for one in found])
            for table, found in zip(tables, columns, strict=True)
        ],
        "fields": [(each.key, each.label) for each in record_type(plan).fields],
        "found": look(plan, tables, columns),
    }


def example(table: Table, column: int) -> str:
    return next((cells[column] for _line, cells, _problem in table.rows if cells[column].strip()), "")


def shown(request: TenantRequest, plan: SuccessPlan, status: int = 200, **more: Any) -> HttpResponse:
    context = {**frame(request, plan.account), "plan": plan, **more}
    return page(request, "success_plans/sheets/index.html", context, status=status)
