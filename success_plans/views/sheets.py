"""A plan as a file to print, to send and to keep."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from success_plans.models import SuccessPlan
from success_plans.sheets import workbook
from tenants.permissions import action
from tenants.requests import TenantRequest
from ui.exports import CONTENT_TYPES, attachment


@action("account.export", SuccessPlan)
@require_GET
def download(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    headers = {"Content-Disposition": attachment(f"{plan.account.name}_{plan.title}.xlsx")}
    body = workbook(plan, timezone.localdate())
    return HttpResponse(body, content_type=CONTENT_TYPES["xlsx"], headers=headers)
