from django.db import models

from accounts.models import Activity
from success_plans.models.plan import SuccessPlan
from tenants.fields import TenantForeignKey
from tenants.owned import TenantOwned


class ActivityPlan(TenantOwned):
    """The plan that an activity was about; one at most."""

    activity = TenantForeignKey(Activity, models.CASCADE, related_name="+")
    plan = TenantForeignKey(SuccessPlan, models.CASCADE, related_name="activities")

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "activity"], name="an_activity_is_about_one_plan")
        ]

    def __str__(self) -> str:
        return str(self.plan)
