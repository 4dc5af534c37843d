"""What of this room programs read and write: plans, their objectives, and what hangs on those."""

from success_plans.api.actions import ACTIONS
from success_plans.api.objectives import CRITERIA, OBJECTIVES
from success_plans.api.plans import PLANS
from success_plans.api.results import RESULTS
from success_plans.api.reviews import CHANGE_REASONS, COMMENTS, QUESTIONS, REVIEWS
from success_plans.api.templates import OWN_TYPES, TEMPLATE_LINES, TEMPLATES
from success_plans.models import CriterionFeature, TemplateFeature

WITHOUT = {
    CriterionFeature: "read and written as the list of features of a criterion",
    TemplateFeature: "read and written as the list of features of a line of a template",
}
RESOURCES = (
    *RESULTS,
    PLANS,
    REVIEWS,
    COMMENTS,
    QUESTIONS,
    CHANGE_REASONS,
    OBJECTIVES,
    CRITERIA,
    ACTIONS,
    OWN_TYPES,
    TEMPLATES,
    TEMPLATE_LINES,
)
