from success_plans.models.action import ActionItem
from success_plans.models.activity import ActivityPlan
from success_plans.models.objective import Criterion, Objective
from success_plans.models.plan import SuccessPlan

__all__ = ["ActionItem", "ActivityPlan", "Criterion", "Objective", "SuccessPlan"]
