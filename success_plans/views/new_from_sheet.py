"""A new plan from a file that somebody keeps one in: looked at first, made with what was chosen, all of it or nothing."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.frame import frame
from accounts.models import Account
from success_plans.beginning import begin
from success_plans.forms import PlanForm
from success_plans.models import SuccessPlan
from success_plans.periods import Period, proposals, quarters
from success_plans.sheet_import import look, mapped, take
from success_plans.sheet_tables import Table
from success_plans.template_editing import rules_of
from success_plans.views.plans import types_for
from success_plans.views.sheets import looking_context, tables_asked
from tenants.once import once
from tenants.permissions import action
from tenants.requests import TenantRequest
from ui.pages import go, page, toast_next


@dataclass(frozen=True)
class Wanted:
    """The plan that is asked for, not stored: its period decides how dates are read. Where the form does not do, the
    period is the first one that is proposed."""

    form: PlanForm
    plan: SuccessPlan
    columns: dict[str, Any]


@action("plan.edit", Account)
@require_http_methods(["GET", "POST"])
def upload(request: TenantRequest, account: Account) -> HttpResponse:
    """Choose a file; look at the plan it would become; choose another period, heading or column and look again. Nothing
    is written here."""
    if request.method == "GET":
        return shown(request, account, wanted(request, account))
    try:
        tables = tables_asked(request, account.pk)
    except ValidationError as error:
        return shown(request, account, wanted(request, account), 422, wrong=error.messages[0])
    asked = wanted(request, account)
    return looked_at(request, account, asked, tables, 422 if asked.form.errors else 200)


@action("plan.edit", Account)
@require_POST
@once
def acceptance(request: TenantRequest, account: Account) -> HttpResponse:
    """The plan with what was ticked."""
    asked = wanted(request, account)
    try:
        tables = tables_asked(request, account.pk)
    except ValidationError as error:
        return shown(request, account, asked, 422, wrong=error.messages[0])
    if asked.form.errors:
        return looked_at(request, account, asked, tables, 422)
    found = look(asked.plan, tables, mapped(asked.plan, tables, request.POST))
    keys = set(request.POST.getlist("apply"))
    if not keys:
        return looked_at(request, account, asked, tables, 422, _("受け入れるものを選んでください"))
    if keys - {one.key for one in found.suggestions}:
        changed = _("期間か列の行き先が、見たときと違います。もう一度見てください")
        return looked_at(request, account, asked, tables, 409, changed)
    try:
        with transaction.atomic():
            plan = begin(account, **asked.columns)
            count = take(plan, found, keys)
    except ValidationError as error:
        return looked_at(request, account, asked, tables, 422, error.messages[0])
    undo = reverse("delete_plan", args=[plan.pk])
    toast_next(request, _("ファイルの%(n)s件から、プランを作りました") % {"n": count}, undo=undo)
    return go(request, reverse("success_plans:plan", args=[plan.pk]))


def wanted(request: TenantRequest, account: Account) -> Wanted:
    types, periods = types_for(request.member, account), periods_of(account)
    first = periods[0]
    given = {"plan_type": types[0][0], "period": first.key, **request.POST.dict()}
    form = PlanForm(given, periods=periods, types=types)
    columns = {
        "plan_type": rules_of(types[0][0]),
        "title": first.title,
        "starts_on": first.starts_on,
        "ends_on": first.ends_on,
    }
    if form.is_valid():
        columns = {key: value for key, value in form.cleaned_data.items() if key != "template"}
    return Wanted(form, SuccessPlan(account=account, **columns), columns)


def periods_of(account: Account) -> list[Period]:
    today = timezone.localdate()
    return [*proposals(account.closing, today), *quarters(account.closing, today)]


def looked_at(
    request: TenantRequest,
    account: Account,
    asked: Wanted,
    tables: list[Table],
    status: int = 200,
    wrong: str = "",
) -> HttpResponse:
    context = looking_context(asked.plan, account.pk, tables, request.POST)
    return shown(request, account, asked, status, wrong=wrong, **context)


def shown(
    request: TenantRequest, account: Account, asked: Wanted, status: int = 200, **more: Any
) -> HttpResponse:
    context = {**frame(request, account), "form": asked.form, "periods": periods_of(account), **more}
    return page(request, "success_plans/sheets/new.html", context, status=status)
