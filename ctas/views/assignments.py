from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ctas.forms import AssignmentForm
from ctas.models import Cta
from ctas.views.answering import changed, refused
from tenants.models import Membership
from tenants.permissions import action
from tenants.requests import TenantRequest
from tenants.scope import current_tenant


@action("cta.handle", Cta)
@require_POST
def assignment(request: TenantRequest, cta: Cta) -> HttpResponse:
    """Give it to somebody of the tenant, or to nobody; the way back is to give it to whoever had it."""
    form = AssignmentForm(request.POST or request.GET)
    if not form.is_valid():
        return refused(request, cta, "ctas/assignment.html", {"form": form})
    chosen, before = form.cleaned_data["member"], cta.assignee_id
    member = (
        Membership.objects.active().in_tenant(current_tenant()).filter(pk=chosen).first() if chosen else None
    )
    cta.assign(member)
    text = _("%(name)sさんに渡しました") % {"name": member} if member else _("担当を空けました")
    back = f"{reverse('ctas:assignment', args=[cta.pk])}?{urlencode({'member': before or ''})}"
    return changed(request, cta, text, undo=back)
