"""The API below ``/api/v1/``: the resources of every room, their description and its pages."""

from django.urls import URLPattern, URLResolver, path

from accounts import api as accounts
from tenants.api import views
from tenants.api.operations import urls

RESOURCES = (*accounts.RESOURCES,)

urlpatterns: list[URLPattern | URLResolver] = [
    path("openapi.json", views.description, name="api_description"),
    path("docs", views.docs, name="api_docs"),
    *urls(RESOURCES),
]
