"""The result review of a plan: figures, execution, what we think of it, a verdict, and the next plan."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.frame import frame
from success_plans import results
from success_plans.carrying_on import carry_on
from success_plans.models import Checkpoint, Criterion, Objective, ResultFigure, ResultReview, SuccessPlan
from success_plans.result_reading import read_results
from tenants.editing import editable
from tenants.editing.drafting import Draft
from tenants.once import once
from tenants.permissions import action
from tenants.requests import TenantRequest
from ui.pages import go, page, toast_next

PARTS = ("axis", "part", "previous", "planned", "actual", "source")


@action("plan.read", SuccessPlan)
@require_GET
def index(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    return shown(request, plan)


def shown(
    request: TenantRequest,
    plan: SuccessPlan,
    status: int = 200,
    where: Any = None,
    problem: str = "",
    typed: Any = None,
) -> HttpResponse:
    """The page; ``problem`` is said at the objective ``where``, whose forms keep what was ``typed``."""
    view = read_results(plan, request.member)
    context = {**frame(request, plan.account), "plan": plan, "view": view, "problem": problem, "where": where}
    return page(request, "success_plans/results/index.html", {**context, "typed": typed or {}}, status=status)


def back(request: TenantRequest, objective: Objective, text: str, undo: str | None = None) -> HttpResponse:
    toast_next(request, text, undo=undo)
    return go(request, reverse("success_plans:results", args=[objective.plan_id]) + f"#result-{objective.pk}")


def told(
    request: TenantRequest, objective: Objective, act: Callable[[], Any], text: str, undo: str | None = None
) -> HttpResponse:
    """Back on the page after it was done; where it could not be, the page that says why."""
    try:
        act()
    except ValidationError as error:
        return shown(request, objective.plan, 422, objective.pk, error.messages[0], request.POST)
    return back(request, objective, text, undo)


@action("plan.edit", Objective)
@require_POST
def begin(request: TenantRequest, objective: Objective) -> HttpResponse:
    """Asked again, what was added to the plan since gets its line."""
    return told(request, objective, lambda: results.begin(objective), _("結果数値をプランから取りました"))


@action("plan.edit", ResultReview)
@require_POST
def confirmation(request: TenantRequest, review: ResultReview) -> HttpResponse:
    return told(
        request,
        review.objective,
        lambda: results.confirm_figures(review, request.member),
        _("結果数値を確かめました。次は施策の実行度です"),
    )


@action("plan.edit", ResultReview)
@require_POST
@once
def add_figure(request: TenantRequest, review: ResultReview) -> HttpResponse:
    """A part of one of the metrics: of which criterion, on which axis, and its three figures."""
    whole = results.totals(review).filter(criterion__isnull=False)
    of = whole.filter(
        criterion__in=[found] if (found := known_id(request.POST.get("criterion", ""))) else []
    ).first()

    def add() -> None:
        if of is None:
            raise ValidationError(_("どの指標の内訳かを選んでください"))
        like = ResultFigure(review=review, criterion=of.criterion)
        draft = Draft(editable("figure"), PARTS, request.POST, like=like)
        if not request.POST.get("part", "").strip():
            raise ValidationError(_("内訳の名前を書いてください"))
        fixed = {
            "metric": of.metric,
            "direction": of.direction,
            "unit": of.unit,
            "criterion_id": of.criterion_id,
        }
        if draft.create(account_id=review.account_id, review=review, **fixed) is None:
            raise ValidationError(draft.problems)

    return told(request, review.objective, add, _("内訳を加えました"))


@action("plan.edit", ResultReview)
@require_POST
def decision(request: TenantRequest, review: ResultReview) -> HttpResponse:
    given = request.POST
    undo = reverse("success_plans:result_reopening", args=[review.pk])
    return told(
        request,
        review.objective,
        lambda: results.decide(review, given.get("verdict", ""), given.get("reason", ""), request.member),
        _("結論を残しました"),
        undo,
    )


@action("plan.edit", ResultReview)
@require_POST
def reopening(request: TenantRequest, review: ResultReview) -> HttpResponse:
    return told(request, review.objective, lambda: results.reopen(review), _("結論を取り消しました"))


@action("plan.edit", Criterion)
@require_POST
@once
def add_checkpoint(request: TenantRequest, criterion: Criterion) -> HttpResponse:
    def add() -> None:
        draft = Draft(editable("checkpoint"), ("on", "planned"), request.POST)
        made: Checkpoint | None = draft.create(account_id=criterion.account_id, criterion=criterion)
        if made is None:
            raise ValidationError(draft.problems)

    return told(request, criterion.objective, add, _("チェックポイントを加えました"))


@action("plan.edit", SuccessPlan)
@require_POST
@once
def carrying(request: TenantRequest, plan: SuccessPlan) -> HttpResponse:
    """The next plan takes over what the reviews say; a second press goes there, and adds what was decided since."""
    try:
        into, is_new = carry_on(plan)
    except ValidationError as error:
        return shown(request, plan, 422, None, error.messages[0])
    undo = reverse("delete_plan", args=[into.pk]) if is_new else None
    toast_next(request, _("結果レビューから「%(plan)s」を作りました") % {"plan": into.title}, undo=undo)
    return go(request, reverse("success_plans:plan", args=[into.pk]))


def known_id(text: str) -> Any:
    try:
        return editable("criterion").model._meta.pk.to_python(text) if text else None  # type: ignore[union-attr]
    except ValidationError:
        return None
