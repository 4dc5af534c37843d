"""Answers that change parts of an open plan page: one part, and beside it every figure computed from the fields.

Figures are swapped out of band by their id, so what somebody is typing elsewhere on the page is left alone.
"""

from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from success_plans.models import SuccessPlan
from success_plans.reading import PlanView, read_plan
from tenants.requests import TenantRequest
from ui.pages import toast


def answer(
    request: TenantRequest,
    plan: SuccessPlan,
    part: str = "",
    *,
    oob: bool = False,
    text: str = "",
    undo: str | None = None,
    **about: Any,
) -> HttpResponse:
    """The figures, and before them ``part`` (a template below ``success_plans/plans/``) if one is named.

    ``about`` names what the part is about, such as ``objective=<pk>``. With ``oob`` the part replaces the one of the
    same id, else it is a new row. ``text`` goes into a toast.
    """
    view = read_plan(plan, request.member, timezone.localdate())
    context = {"view": view, "plan": plan, "today": view.today, "oob": oob}
    context |= {name: _find(view, name, pk) for name, pk in about.items()}
    context["fresh"] = None if oob else next(iter(about.values()), None)  # a new row brings its own figures
    html = render_to_string(f"success_plans/plans/{part}.html", context, request) if part else ""
    html += render_to_string("success_plans/plans/_figures.html", context, request)
    response = HttpResponse(html)
    return toast(response, text, undo=undo) if text else response


def _find(view: PlanView, name: str, pk: Any) -> Any:
    """The view of the objective, criterion or action with that key."""
    everything: dict[str, list[Any]] = {
        "objective": view.objectives,
        "criterion": [found for objective in view.objectives for found in objective.criteria],
        "action": [found for objective in view.objectives for found in objective.actions],
    }
    return next(found for found in everything[name] if found.record.pk == pk)
