"""What was approved and what became of it: two versions side by side, reasons for changed promises, a field brought back."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.frame import frame
from success_plans.models import PlanReview, PlanVersion, SuccessPlan
from success_plans.pieces import answer
from success_plans.versions import (
    Change,
    Section,
    bring_back,
    compare,
    content_of,
    counted_in,
    give_reason,
    of_records,
    reasons_of,
    records_of,
    shown,
)
from tenants.permissions import action, may
from tenants.requests import TenantRequest
from ui.pages import go, page, toast_next

NOW = "now"


@dataclass(frozen=True)
class Line:
    change: Change
    before: str
    after: str
    may_return: bool


@action("plan.read", SuccessPlan)
@require_GET
def comparison(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    """``?from=`` and ``?to=`` are numbers of versions, or ``now``; without them 期初 (the first one) and now."""
    versions = list(PlanVersion.objects.filter(plan=plan.pk).order_by("number"))
    by_number = {str(version.number): version for version in versions}
    first = str(versions[0].number) if versions else NOW
    asked = [request.GET.get("from", first), request.GET.get("to", NOW)]
    if any(one != NOW and one not in by_number for one in asked):
        raise Http404
    records = records_of(plan)
    now = of_records(records, counted_in(plan))
    before, after = (now if one == NOW else content_of(by_number[one]) for one in asked)
    found = compare(before, after, reasons_of(plan))
    by_id = {str(record.pk): record for record in records}
    may_return = asked[1] == NOW and asked[0] != NOW and may(request.member, "plan.edit", plan)
    context = {
        **frame(request, plan.account),
        "plan": plan,
        "versions": named(versions),
        "asked": asked,
        "found": found,
        "sections": [(one, lines_of(one, by_id, may_return)) for one in found.sections],
    }
    return page(request, "success_plans/versions/comparison.html", context)


def lines_of(section: Section, records: dict[str, Any], may_return: bool) -> list[Line]:
    return [
        Line(change, *shown(change, records), may_return and change.record in records)
        for change in section.changes
    ]


def named(versions: list[PlanVersion]) -> list[tuple[PlanVersion, PlanReview | None]]:
    """Each version with the review that approved it."""
    reviews = PlanReview.objects.filter(pk__in=[one.review for one in versions]).select_related(
        "decided_by__user"
    )
    by_id = {review.pk: review for review in reviews}
    return [(version, by_id.get(version.review)) for version in versions]


@action("plan.edit", SuccessPlan)
@require_POST
def add_reason(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    given = request.POST
    try:
        give_reason(
            plan,
            given.get("record", ""),
            given.get("field", ""),
            given.get("after", ""),
            given.get("reason", ""),
            request.member,
        )
    except ValidationError as error:
        response = answer(request, plan, text=error.messages[0])
        response.status_code = 422
        return response
    return answer(request, plan, text=_("変えた理由を残しました"))


@action("plan.edit", SuccessPlan)
@require_POST
def restore(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    """One field of ``record`` as it was in version ``from``."""
    given = request.POST
    number = given.get("from", "")
    version = PlanVersion.objects.filter(
        plan=plan.pk, number=int(number) if number.isdecimal() else 0
    ).first()
    if version is None:
        raise Http404
    try:
        change = bring_back(plan, version, given.get("record", ""), given.get("field", ""))
    except LookupError:
        raise Http404 from None
    except ValidationError as error:
        return HttpResponse(error.messages[0], status=422)
    said = {"field": change.label, "version": version}
    toast_next(request, _("「%(field)s」を%(version)sの値に戻しました。履歴から取り消せます") % said)
    return go(request, reverse("success_plans:comparison", args=[plan.pk]) + f"?from={version.number}")
