from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ctas.forms import FlagForm
from ctas.models import Cta
from ctas.registry import rule_of
from ctas.views.answering import changed, refused, undone
from tenants.permissions import action
from tenants.requests import TenantRequest


@action("cta.handle", Cta)
@require_http_methods(["POST", "DELETE"])
def flag(request: TenantRequest, cta: Cta) -> HttpResponse:
    """POST raises a red flag with its reason; DELETE takes it down."""
    if request.method == "DELETE":
        return undo(request, cta)
    form = FlagForm(request.POST)
    if not form.is_valid():
        return refused(request, cta, "ctas/flag.html", {"form": form})
    cta.flag(form.cleaned_data["reason"])
    text = _("「%(title)s」に赤旗を立てました") % {"title": rule_of(cta).title(cta.evidence)}
    return changed(request, cta, text, undo=reverse("ctas:flag_undo", args=[cta.pk]))


@action("cta.handle", Cta)
@require_POST
def flag_undo(request: TenantRequest, cta: Cta) -> HttpResponse:
    return undo(request, cta)


def undo(request: TenantRequest, cta: Cta) -> HttpResponse:
    cta.unflag()
    return undone(request, cta)
