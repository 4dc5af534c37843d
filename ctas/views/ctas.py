"""The list of CTAs, grouped by why now; one CTA with its evidence and what happened to it."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET
from django_htmx.http import trigger_client_event

from ctas import queries, registry
from ctas.filters import Chosen
from ctas.forms import REASONS, AssignmentForm, SnoozeForm
from ctas.models import Cta
from ctas.playbook import dated
from ctas.story import story
from ctas.views.answering import CHANGED, row_context
from tenants.permissions import action, may
from tenants.scope import current_member
from ui.pages import page


@action("cta.read")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    today, member = timezone.localdate(), current_member()
    assert member is not None
    chosen = Chosen.of(request.GET, member)
    visible = Cta.objects.visible_to(member)
    rows = queries.rows(chosen.apply(visible, member, today), today)
    context = {
        "today": today,
        "chosen": chosen,
        "groups": queries.grouped(rows),
        "counts": queries.open_counts(chosen.of_people(visible, member), today),
        "shown": len(rows),
        "limit": queries.SHOWN,
    }
    return page(request, "ctas/index.html", context, fragment="list")


@action("cta.read", Cta)
@require_GET
def show(request: HttpRequest, cta: Cta) -> HttpResponse:
    may_handle = may(current_member(), "cta.handle", cta)
    today = timezone.localdate()
    context = {
        **row_context(cta),
        "may_handle": may_handle,
        "may_rule": may(current_member(), "rule.edit") and registry.find(cta.rule) is not None,
        "story": story(cta),
        "steps": dated(registry.rule_of(cta).playbook, cta.opened_on),
        "assignment": AssignmentForm(initial={"member": str(cta.assignee_id or "")}),
        "snooze": SnoozeForm(today=today),
        "reasons": REASONS,
    }
    return page(request, "ctas/cta.html", context, fragment="body")


@action("cta.read", Cta)
@require_GET
def row(request: HttpRequest, cta: Cta) -> HttpResponse:
    """The row again after its toast; nothing when it is closed or asleep, and then lists count anew."""
    context = row_context(cta)
    context["row"] = queries.Row.of(
        cta, timezone.localdate(), may_handle=may(current_member(), "cta.handle", cta)
    )
    if cta.is_open and not context["row"].is_asleep:  # type: ignore[attr-defined]
        return page(request, "ctas/_row.html", context)
    return trigger_client_event(HttpResponse(""), CHANGED)
