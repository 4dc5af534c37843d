"""The root of the site: straight into the tenant used last, or the list of one's tenants."""

from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache

from tenants.models import Membership
from ui.pages import page


def memberships(request: HttpRequest) -> list[Membership]:
    """The person's places, the one used last first."""
    return list(
        Membership.objects.active().of(request.user).order_by(F("last_seen_at").desc(nulls_last=True), "pk")
    )


@login_required
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    found = memberships(request)
    if not found:
        return page(request, "tenants/no_tenant.html", status=403)
    return HttpResponseRedirect(f"/t/{found[0].tenant.slug}/")


@login_required
@never_cache
def switch(request: HttpRequest) -> HttpResponse:
    """A chooser, also for people with one tenant: they see that there is no other."""
    found = memberships(request)
    if not found:
        return page(request, "tenants/no_tenant.html", status=403)
    return page(request, "tenants/switch.html", {"memberships": found})
