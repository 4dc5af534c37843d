from success_plans.models.action import ActionItem
from success_plans.models.activity import ActivityPlan
from success_plans.models.comment import PlanComment
from success_plans.models.judged import JudgedObjective
from success_plans.models.objective import Criterion, Objective
from success_plans.models.plan import SuccessPlan
from success_plans.models.question import PlanQuestion
from success_plans.models.review import PlanReview
from success_plans.models.version import ChangeReason, PlanVersion

__all__ = [
    "ActionItem",
    "ActivityPlan",
    "ChangeReason",
    "Criterion",
    "JudgedObjective",
    "Objective",
    "PlanComment",
    "PlanQuestion",
    "PlanReview",
    "PlanVersion",
    "SuccessPlan",
]
