from django.urls import URLPattern, URLResolver, path

from accounts.views import (
    accounts,
    activities,
    budgets,
    contracts,
    facts,
    histories,
    imports,
    persons,
    pins,
    teams,
)

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/new/", accounts.add, name="account_add"),
    path("accounts/<uuid:pk>/", accounts.show, name="account"),
    path("accounts/<uuid:pk>/archive/", accounts.archive, name="archive"),
    path("accounts/<uuid:pk>/unarchive/", accounts.unarchive, name="unarchive"),
    path("accounts/<uuid:pk>/pin/", pins.pin, name="pin"),
    path("accounts/<uuid:pk>/unpin/", pins.unpin, name="unpin"),
    path("accounts/<uuid:pk>/team/", teams.add, name="team_add"),
    path("teams/<uuid:pk>/remove/", teams.remove, name="team_remove"),
    path("accounts/<uuid:pk>/budgets/", budgets.create, name="budget_add"),
    path("accounts/<uuid:pk>/facts/<slug:key>/", facts.source, name="fact"),
    path("accounts/<uuid:pk>/facts/<slug:key>/provenance/", facts.provenance, name="provenance"),
    path("accounts/<uuid:pk>/facts/<slug:key>/ask/", facts.ask, name="ask"),
    path("accounts/<uuid:pk>/persons/", persons.index, name="person_index"),
    path("accounts/<uuid:pk>/persons/new/", persons.create, name="person_add"),
    path("accounts/<uuid:pk>/roles/", persons.add_role, name="role_add"),
    path("persons/<uuid:pk>/", persons.show, name="person"),
    path("roles/<uuid:pk>/end/", persons.end_role, name="role_end"),
    path("accounts/<uuid:pk>/timeline/", activities.index, name="activity_index"),
    path("accounts/<uuid:pk>/notes/", activities.create, name="note_create"),
    path("accounts/<uuid:pk>/history/", histories.index, name="history"),
    path("activities/<uuid:pk>/", activities.show, name="activity"),
    path("activities/<uuid:pk>/people/", activities.people, name="activity_people"),
    path("activities/<uuid:pk>/settle/", activities.settle, name="activity_settle"),
    path("accounts/<uuid:pk>/contracts/", contracts.index, name="contract_index"),
    path("accounts/<uuid:pk>/contracts/new/", contracts.create, name="contract_add"),
    *imports.urls(),
]
