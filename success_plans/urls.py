from django.urls import URLPattern, URLResolver, path

from success_plans.views import actions, criteria, notes, objectives, plans, states

app_name = "success_plans"

urlpatterns: list[URLPattern | URLResolver] = [
    path("plans/", plans.index, name="plan_index"),
    path("accounts/<uuid:pk>/plans/", plans.of_account, name="account_plans"),
    path("accounts/<uuid:pk>/plans/new/", plans.add, name="plan_add"),
    path("plans/<uuid:pk>/", plans.show, name="plan"),
    path("plans/<uuid:pk>/figures/", plans.figures, name="figures"),
    # what happens to a plan
    path("plans/<uuid:pk>/activation/", states.activation, name="activation"),
    path("plans/<uuid:pk>/completion/", states.completion, name="completion"),
    path("plans/<uuid:pk>/cancellation/", states.cancellation, name="cancellation"),
    path("plans/<uuid:pk>/reopening/", states.reopening, name="reopening"),
    # what stands in it
    path("plans/<uuid:pk>/objectives/", objectives.add, name="objective_add"),
    path("objectives/<uuid:pk>/position/", objectives.position, name="objective_position"),
    path("objectives/<uuid:pk>/criteria/", criteria.add, name="criterion_add"),
    path("criteria/<uuid:pk>/actual/", criteria.actual, name="criterion_actual"),
    path("objectives/<uuid:pk>/actions/", actions.add, name="action_add"),
    path("activities/<uuid:pk>/action/", notes.action_from_note, name="action_from_note"),
    path("actions/<uuid:pk>/completion/", actions.completion, name="action_completion"),
    path("actions/<uuid:pk>/reopening/", actions.reopening, name="action_reopening"),
]
