from django.urls import path

from ctas.views import assignments, closings, ctas, flags, rules, snoozes, starts

app_name = "ctas"
urlpatterns = [
    path("ctas/", ctas.index, name="cta_index"),
    path("ctas/<uuid:pk>/", ctas.show, name="cta"),
    path("ctas/<uuid:pk>/row/", ctas.row, name="row"),
    path("ctas/<uuid:pk>/closing/", closings.closing, name="closing"),
    path("ctas/<uuid:pk>/closing/undo/", closings.closing_undo, name="closing_undo"),
    path("ctas/<uuid:pk>/snooze/", snoozes.snooze, name="snooze"),
    path("ctas/<uuid:pk>/snooze/undo/", snoozes.snooze_undo, name="snooze_undo"),
    path("ctas/<uuid:pk>/start/", starts.start, name="start"),
    path("ctas/<uuid:pk>/start/undo/", starts.start_undo, name="start_undo"),
    path("ctas/<uuid:pk>/flag/", flags.flag, name="flag"),
    path("ctas/<uuid:pk>/flag/undo/", flags.flag_undo, name="flag_undo"),
    path("ctas/<uuid:pk>/assignment/", assignments.assignment, name="assignment"),
    path("settings/rules/", rules.index, name="rule_index"),
    path("settings/rules/values/", rules.values, name="rule_values"),
]
