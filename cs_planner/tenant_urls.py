"""Pages below ``/t/<slug>/``: one include per room. The middleware takes the mount off the path."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("workspace.urls")),  # 今日, the account list, search
    path("", include("tenants.tenant_urls")),  # editing in place, members, settings
    path("", include("accounts.urls")),  # accounts, persons, contracts, timeline, imports
    path("", include("success_plans.urls")),  # plans, objectives, criteria, actions
    path("", include("health.urls")),  # why an account stands where it stands
    path("", include("ctas.urls")),  # calls to action, their rules
]
