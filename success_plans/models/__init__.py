from success_plans.models.action import ActionItem
from success_plans.models.activity import ActivityPlan
from success_plans.models.comment import PlanComment
from success_plans.models.judged import JudgedObjective
from success_plans.models.objective import Criterion, CriterionFeature, Objective
from success_plans.models.plan import OwnPlanType, SuccessPlan
from success_plans.models.question import PlanQuestion
from success_plans.models.result import Checkpoint, ResultFigure, ResultReview
from success_plans.models.review import PlanReview
from success_plans.models.stamp import ScheduleStamp
from success_plans.models.template import PlanTemplate, TemplateFeature, TemplateLine
from success_plans.models.version import ChangeReason, PlanVersion

__all__ = [
    "ActionItem",
    "ActivityPlan",
    "ChangeReason",
    "Checkpoint",
    "Criterion",
    "CriterionFeature",
    "JudgedObjective",
    "Objective",
    "OwnPlanType",
    "PlanComment",
    "PlanQuestion",
    "PlanReview",
    "PlanTemplate",
    "PlanVersion",
    "ResultFigure",
    "ResultReview",
    "ScheduleStamp",
    "SuccessPlan",
    "TemplateFeature",
    "TemplateLine",
]
