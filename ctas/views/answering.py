"""What every change of a CTA answers: its row with a way back, or the page it was changed on."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import reswap, retarget, trigger_client_event

from ctas.models import Cta
from ctas.queries import Row
from tenants.requests import TenantRequest
from ui.pages import go, page, toast, toast_next, wants_fragment

CHANGED = "ctas-changed"  # lists and counts listen to it


def changed(request: TenantRequest, cta: Cta, text: str, *, undo: str) -> HttpResponse:
    """The changed row, which leaves with its toast; or back to the CTA's page."""
    if not is_from_row(request, cta):
        toast_next(request, text, undo=undo)
        return go(request, reverse("ctas:cta", args=[cta.pk]))
    response = page(request, "ctas/_row.html", row_context(cta, leaving=True))
    return toast(response, text, undo=undo)


def undone(request: TenantRequest, cta: Cta) -> HttpResponse:
    """Toasts ask for nothing back; whoever shows the CTA looks again."""
    if wants_fragment(request) and not is_from_row(request, cta):
        return trigger_client_event(HttpResponse(status=204), CHANGED)
    if is_from_row(request, cta):
        return page(request, "ctas/_row.html", row_context(cta))
    return go(request, reverse("ctas:cta", args=[cta.pk]))


def refused(request: TenantRequest, cta: Cta, template: str, context: dict[str, object]) -> HttpResponse:
    """The form again with what is wrong, where it stood."""
    response = page(request, template, {**row_context(cta), **context}, status=422)
    if is_from_row(request, cta):
        return reswap(retarget(response, f"#cta-{cta.pk} .cta-more"), "innerHTML")
    return response


def row_context(cta: Cta, *, leaving: bool = False) -> dict[str, object]:
    today = timezone.localdate()
    row = Row.of(with_health_of(cta), today, may_handle=True)
    return {"row": row, "cta": cta, "today": today, "leaving": leaving and (not cta.is_open or row.is_asleep)}


def with_health_of(cta: Cta) -> Cta:
    score = cta.account.scores.first()
    cta.band, cta.score = (score.band, score.score) if score else ("none", None)  # type: ignore[attr-defined]
    return cta


def is_from_row(request: TenantRequest, cta: Cta) -> bool:
    return bool(request.htmx) and request.htmx.target == f"cta-{cta.pk}"
