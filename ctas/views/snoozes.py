from datetime import date, timedelta

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ctas.duedates import Calendar
from ctas.forms import REASONS, SnoozeForm
from ctas.models import Cta
from ctas.registry import rule_of
from ctas.views.answering import changed, refused, row_context, undone
from tenants.permissions import action
from tenants.requests import TenantRequest
from ui.pages import page
from ui.wording import near_date


@action("cta.handle", Cta)
@require_http_methods(["GET", "POST", "DELETE"])
def snooze(request: TenantRequest, cta: Cta) -> HttpResponse:
    """GET asks until when and why; POST lets it sleep; DELETE wakes it."""
    if request.method == "DELETE":
        return undo(request, cta)
    today = timezone.localdate()
    if request.method == "GET":
        form = SnoozeForm(initial={"until": first_choice(today)}, today=today)
        return page(request, "ctas/snooze.html", {**row_context(cta), **words(form, today)})
    form = SnoozeForm(request.POST, today=today)
    if not form.is_valid():
        return refused(request, cta, "ctas/snooze.html", words(form, today))
    cta.snooze(form.cleaned_data["until"], form.cleaned_data["reason"])
    text = _("「%(title)s」を%(until)sまで延ばしました") % {
        "title": rule_of(cta).title(cta.evidence),
        "until": near_date(form.cleaned_data["until"]),
    }
    return changed(request, cta, text, undo=reverse("ctas:snooze_undo", args=[cta.pk]))


@action("cta.handle", Cta)
@require_POST
def snooze_undo(request: TenantRequest, cta: Cta) -> HttpResponse:
    return undo(request, cta)


def undo(request: TenantRequest, cta: Cta) -> HttpResponse:
    cta.wake()
    return undone(request, cta)


def first_choice(today: date) -> date:
    """A week from now, on a workday."""
    return Calendar.read().add_workdays(today + timedelta(days=7), 0)


def words(form: SnoozeForm, today: date) -> dict[str, object]:
    return {"form": form, "reasons": REASONS, "today": today}
