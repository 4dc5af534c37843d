"""Pages outside any tenant: sign-in, invitations, health. Tenant pages are in ``tenant_urls``."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from workspace.views import calendars

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("cs_planner.api")),  # for programs, with a token
    path("calendar/<str:token>.ics", calendars.feed, name="calendar_feed"),  # for calendar programs
    path("", include("tenants.global_urls")),  # signing in, one's own security, choosing a tenant
]

if settings.DEBUG:
    urlpatterns += [path("parts/", include("ui.urls"))]  # every part in every state, for developers
