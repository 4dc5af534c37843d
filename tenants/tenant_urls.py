from django.urls import URLPattern, URLResolver

from tenants.views import editing

urlpatterns: list[URLPattern | URLResolver] = [
    *editing.urls(),
]
