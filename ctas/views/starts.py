from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ctas.models import Cta
from ctas.registry import rule_of
from ctas.views.answering import changed, undone
from tenants.permissions import action
from tenants.requests import TenantRequest


@action("cta.handle", Cta)
@require_http_methods(["POST", "DELETE"])
def start(request: TenantRequest, cta: Cta) -> HttpResponse:
    """POST: somebody is at work on it, so it no longer closes by itself; DELETE puts it back."""
    if request.method == "DELETE":
        return undo(request, cta)
    cta.start()
    text = _("「%(title)s」を対応中にしました") % {"title": rule_of(cta).title(cta.evidence)}
    return changed(request, cta, text, undo=reverse("ctas:start_undo", args=[cta.pk]))


@action("cta.handle", Cta)
@require_POST
def start_undo(request: TenantRequest, cta: Cta) -> HttpResponse:
    return undo(request, cta)


def undo(request: TenantRequest, cta: Cta) -> HttpResponse:
    cta.put_back()
    return undone(request, cta)
