"""The API below ``/api/v1/``: the resources of every room, their description and its pages."""

from django.db.models import Model
from django.urls import URLPattern, URLResolver, path

from accounts import api as accounts
from ctas import api as ctas
from health import api as health
from success_plans import api as success_plans
from tenants.api import members, views
from tenants.api.operations import urls

ROOMS = (members, accounts, success_plans, health, ctas)
RESOURCES = tuple(resource for room in ROOMS for resource in room.RESOURCES)
WITHOUT: dict[type[Model], str] = {
    # what people edit and programs do not, and why not
    model: reason
    for room in ROOMS
    for model, reason in getattr(room, "WITHOUT", {}).items()
}

urlpatterns: list[URLPattern | URLResolver] = [
    path("openapi.json", views.description, name="api_description"),
    path("docs", views.docs, name="api_docs"),
    *urls(RESOURCES),
]
