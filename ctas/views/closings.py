from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ctas.forms import ClosingForm
from ctas.models import Cta, Outcome
from ctas.registry import rule_of
from ctas.views.answering import changed, refused, undone
from tenants.permissions import action
from tenants.requests import TenantRequest


@action("cta.handle", Cta)
@require_http_methods(["POST", "DELETE"])
def closing(request: TenantRequest, cta: Cta) -> HttpResponse:
    """POST closes it as done, or as declined with a reason; DELETE takes that back."""
    if request.method == "DELETE":
        return undo(request, cta)
    form = ClosingForm(request.POST)
    if not form.is_valid():
        return refused(request, cta, "ctas/closing.html", {"form": form})
    outcome = form.cleaned_data["outcome"]
    cta.close(outcome, form.cleaned_data["reason"])
    said = (
        _("「%(title)s」を対応不要にしました")
        if outcome == Outcome.DECLINED
        else _("「%(title)s」を完了にしました")
    )
    text = said % {"title": rule_of(cta).title(cta.evidence)}
    return changed(request, cta, text, undo=reverse("ctas:closing_undo", args=[cta.pk]))


@action("cta.handle", Cta)
@require_POST
def closing_undo(request: TenantRequest, cta: Cta) -> HttpResponse:
    return undo(request, cta)


def undo(request: TenantRequest, cta: Cta) -> HttpResponse:
    cta.reopen()
    return undone(request, cta)
