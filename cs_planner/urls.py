"""Pages outside any tenant: sign-in, invitations, health. Tenant pages are in ``tenant_urls``."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
