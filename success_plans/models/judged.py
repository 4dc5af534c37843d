from django.db import models

from accounts.models.account import OfAccount
from success_plans.models.objective import Objective
from tenants.fields import TenantForeignKey
from tenants.owned import TenantOwned


class JudgedObjective(OfAccount, TenantOwned):
    """What the coach found in the words of an objective and its actions when the plan was handed in.

    ``mark`` names the versions that were judged: as soon as one differs, the words are judged anew. ``found`` holds
    reason codes and places, never the words.
    """

    account = TenantForeignKey("accounts.Account", models.CASCADE, related_name="+")
    objective = TenantForeignKey(Objective, models.CASCADE, related_name="+")
    mark = models.CharField(max_length=32)
    found = models.JSONField(default=list)
    letters = models.CharField(max_length=5, blank=True, default="")

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "objective"], name="an_objective_is_judged_once")
        ]

    def __str__(self) -> str:
        return self.letters
