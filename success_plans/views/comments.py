"""Talk about one field: a thread, an answer, resolved or not."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from success_plans import commenting
from success_plans.models import PlanComment, SuccessPlan
from success_plans.pieces import answer
from tenants.once import once
from tenants.permissions import action
from tenants.requests import TenantRequest


@action("plan.comment", SuccessPlan)
@require_POST
@once
def add(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    """``where`` names the field: kind, record and field with colons between them."""
    given = request.POST
    return told(
        request,
        plan,
        lambda: commenting.comment(plan, given.get("where", ""), given.get("text", ""), request.member),
        _("コメントを書きました"),
    )


@action("plan.comment", PlanComment)
@require_POST
@once
def reply(request: TenantRequest, comment: PlanComment) -> HttpResponse:
    return told(
        request,
        comment.plan,
        lambda: commenting.reply(comment, request.POST.get("text", ""), request.member),
        _("返事を書きました"),
    )


@action("plan.comment", PlanComment)
@require_POST
def resolution(request: TenantRequest, comment: PlanComment) -> HttpResponse:
    undo = reverse("success_plans:comment_reopening", args=[comment.pk])
    return told(
        request,
        comment.plan,
        lambda: commenting.resolve(comment, request.member),
        _("コメントを解決にしました"),
        undo,
    )


@action("plan.comment", PlanComment)
@require_POST
def reopening(request: TenantRequest, comment: PlanComment) -> HttpResponse:
    return told(request, comment.plan, lambda: commenting.resolve(comment, None), _("未解決に戻しました"))


def told(
    request: TenantRequest, plan: SuccessPlan, act: Callable[[], Any], text: str, undo: str | None = None
) -> HttpResponse:
    try:
        act()
    except ValidationError as error:
        response = answer(request, plan, text=error.messages[0])
        response.status_code = 422
        return response
    return answer(request, plan, "_comments", oob=True, text=text, undo=undo)
