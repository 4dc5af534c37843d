"""The developers' page of parts; include it outside the tenants, in development and tests only."""

from django.urls import path

from ui.views import components

app_name = "ui"

urlpatterns = [
    path("", components.index, name="components"),
]
