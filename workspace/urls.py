from django.urls import path

from workspace.views import accounts, assigning, calendars, palette, saved_views, schedules, today

app_name = "workspace"

urlpatterns = [
    path("", today.today, name="today"),
    path("today/team/", today.team_totals, name="team_totals"),
    path("palette/", palette.palette, name="palette"),
    path("accounts/", accounts.account_index, name="account_index"),
    path("accounts/choices/<slug:field>/", accounts.account_choices, name="account_choices"),
    path("accounts/export.csv", accounts.account_export, {"kind": "csv"}, name="account_csv"),
    path("accounts/export.xlsx", accounts.account_export, {"kind": "xlsx"}, name="account_xlsx"),
    path("accounts/assign/", assigning.assign, name="assign"),
    path("accounts/assign/undo/", assigning.assign_undo, name="assign_undo"),
    path("settings/calendars/", calendars.index, name="calendar_index"),
    path("settings/calendars/new/", calendars.create, name="calendar_add"),
    path("settings/calendars/<uuid:pk>/revocation/", calendars.revoke, name="calendar_revoke"),
    path("accounts/<uuid:pk>/calendar/", calendars.of_account, name="calendar_of_account"),
    path("accounts/<uuid:pk>/calendar/new/", calendars.create_for_account, name="calendar_of_account_add"),
    path("accounts/<uuid:pk>/schedule/", schedules.show, name="schedule"),
    path("accounts/<uuid:pk>/schedule/stamp/", schedules.stamp, name="stamp_add"),
    path("schedule-stamps/<uuid:pk>/removal/", schedules.take_back, name="stamp_removal"),
    path("views/", saved_views.view_add, name="view_add"),
    path("views/<uuid:pk>/remove/", saved_views.view_remove, name="view_remove"),
]
