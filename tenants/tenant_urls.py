from django.urls import URLPattern, URLResolver, include, path

from tenants.views import bin, editing

pages = [
    path("settings/bin/", bin.bin_page, name="bin"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *editing.urls(),
    *bin.urls(),
    path("", include((pages, "tenants"))),
]
