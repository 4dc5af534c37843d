"""What every view below ``/t/<slug>/`` is handed."""

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from tenants.models import Membership, Tenant


class TenantRequest(HttpRequest):
    """A request inside a tenant's scope: ``TenantMiddleware`` has found who is at work, and for whom."""

    tenant: "Tenant"
    member: "Membership"
    htmx: HtmxDetails
