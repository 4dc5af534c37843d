from django.urls import URLPattern, URLResolver, path

from success_plans.views import (
    actions,
    adoption,
    comments,
    criteria,
    notes,
    objectives,
    plans,
    questions,
    reviews,
    states,
    templates,
    versions,
)

app_name = "success_plans"

urlpatterns: list[URLPattern | URLResolver] = [
    path("plans/", plans.index, name="plan_index"),
    path("accounts/<uuid:pk>/plans/", plans.of_account, name="account_plans"),
    path("accounts/<uuid:pk>/plans/new/", plans.add, name="plan_add"),
    path("plans/<uuid:pk>/", plans.show, name="plan"),
    path("plans/<uuid:pk>/figures/", plans.figures, name="figures"),
    # the manager's queue
    path("reviews/", reviews.index, name="review_queue"),
    path("reviews/<uuid:pk>/", reviews.pane, name="review_pane"),
    path("reviews/<uuid:pk>/approval/", reviews.approve, name="review_approve"),
    path("reviews/<uuid:pk>/return/", reviews.send_back, name="review_return"),
    # what happens to a plan
    path("plans/<uuid:pk>/submission/", states.submission, name="submission"),
    path("plans/<uuid:pk>/withdrawal/", states.withdrawal, name="withdrawal"),
    path("plans/<uuid:pk>/approval/", states.approval, name="approval"),
    path("plans/<uuid:pk>/return/", states.sending_back, name="sending_back"),
    path("plans/<uuid:pk>/decision/undo/", states.decision_undo, name="decision_undo"),
    path("plans/<uuid:pk>/activation/", states.activation, name="activation"),
    path("plans/<uuid:pk>/completion/", states.completion, name="completion"),
    path("plans/<uuid:pk>/cancellation/", states.cancellation, name="cancellation"),
    path("plans/<uuid:pk>/reopening/", states.reopening, name="reopening"),
    path("plans/<uuid:pk>/sharing/", states.sharing, name="sharing"),
    path("plans/<uuid:pk>/sharing/end/", states.sharing_end, name="sharing_end"),
    # what was approved, and what became of it
    path("plans/<uuid:pk>/comparison/", versions.comparison, name="comparison"),
    path("plans/<uuid:pk>/reasons/", versions.add_reason, name="reason_add"),
    path("plans/<uuid:pk>/restoration/", versions.restore, name="restoration"),
    # what colleagues say about it
    path("plans/<uuid:pk>/comments/", comments.add, name="comment_add"),
    path("comments/<uuid:pk>/replies/", comments.reply, name="comment_reply"),
    path("comments/<uuid:pk>/resolution/", comments.resolution, name="comment_resolution"),
    path("comments/<uuid:pk>/reopening/", comments.reopening, name="comment_reopening"),
    # what only the customer knows
    path("plans/<uuid:pk>/questions/", questions.ask, name="question_ask"),
    path("questions/<uuid:pk>/answered/", questions.settle, name="question_settle"),
    path("questions/<uuid:pk>/reopening/", questions.reopen, name="question_reopen"),
    # where plans come from
    path("settings/plan-templates/", templates.index, name="template_index"),
    path("settings/plan-templates/new/", templates.add, name="template_add"),
    path("settings/plan-types/new/", templates.add_type, name="plan_type_add"),
    path("plan-templates/<uuid:pk>/", templates.show, name="template"),
    path("plan-templates/<uuid:pk>/objectives/", templates.add_objective, name="template_objective_add"),
    path("template-lines/<uuid:pk>/lines/", templates.add_below, name="template_line_add"),
    path("plans/<uuid:pk>/template/", templates.save_as, name="template_save"),
    path("plans/<uuid:pk>/templates/", templates.offered, name="template_offered"),
    path("plans/<uuid:pk>/templates/objectives/", templates.add_from, name="template_take"),
    # what stands in it
    path("plans/<uuid:pk>/objectives/", objectives.add, name="objective_add"),
    path("plans/<uuid:pk>/depth/", adoption.deepen, name="depth_add"),
    path("plans/<uuid:pk>/breadth/", adoption.widen, name="breadth_add"),
    path("criteria/<uuid:pk>/features/", adoption.count, name="criterion_features"),
    path("plans/<uuid:pk>/candidates/", objectives.take_up, name="candidate_add"),
    path("plans/<uuid:pk>/swap/", objectives.swap, name="objective_swap"),
    path("plans/<uuid:pk>/swap/undo/", objectives.swap_undo, name="objective_swap_undo"),
    path("objectives/<uuid:pk>/coach/", coach.words, name="coach"),
    path("objectives/<uuid:pk>/position/", objectives.position, name="objective_position"),
    path("objectives/<uuid:pk>/criteria/", criteria.add, name="criterion_add"),
    path("criteria/<uuid:pk>/course/", criteria.course, name="criterion_course"),
    path("criteria/<uuid:pk>/actual/", criteria.actual, name="criterion_actual"),
    path("objectives/<uuid:pk>/actions/", actions.add, name="action_add"),
    path("activities/<uuid:pk>/action/", notes.action_from_note, name="action_from_note"),
    path("actions/<uuid:pk>/completion/", actions.completion, name="action_completion"),
    path("actions/<uuid:pk>/reopening/", actions.reopening, name="action_reopening"),
]
