from django.urls import URLPattern, URLResolver, include, path

from tenants.editing.registry import all_editables
from tenants.views import bin, editing, history

pages = [
    path("settings/bin/", bin.bin_page, name="bin"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *editing.urls(),
    *bin.urls(),
    *history.urls(all_editables()),
    path("", include((pages, "tenants"))),
]
