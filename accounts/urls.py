from django.urls import URLPattern, URLResolver, path

from accounts.views import accounts, budgets, facts, pins

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/new/", accounts.add, name="account_add"),
    path("accounts/<uuid:pk>/", accounts.show, name="account"),
    path("accounts/<uuid:pk>/archive/", accounts.archive, name="archive"),
    path("accounts/<uuid:pk>/unarchive/", accounts.unarchive, name="unarchive"),
    path("accounts/<uuid:pk>/pin/", pins.pin, name="pin"),
    path("accounts/<uuid:pk>/unpin/", pins.unpin, name="unpin"),
    path("accounts/<uuid:pk>/budgets/", budgets.create, name="budget_add"),
    path("accounts/<uuid:pk>/facts/<slug:key>/", facts.source, name="fact"),
    path("accounts/<uuid:pk>/facts/<slug:key>/provenance/", facts.provenance, name="provenance"),
    path("accounts/<uuid:pk>/facts/<slug:key>/ask/", facts.ask, name="ask"),
]
