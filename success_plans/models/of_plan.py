"""Rows that hang on a plan."""

from typing import TYPE_CHECKING, Any

from accounts.models.account import OfAccount
from tenants.permissions import Reach

if TYPE_CHECKING:
    from tenants.models import Membership


class OfPlan(OfAccount):
    """Sales write account plans together with the CSM, of accounts that they own commercially or where the plan names
    them (S3 3.9). Plans of the other types are the CSMs'."""

    class Meta:
        abstract = True

    def whole(self) -> Any:
        """The plan that it belongs to."""
        return self.plan  # type: ignore[attr-defined]

    def reaches(self, member: "Membership") -> set[Reach]:
        ties, plan = super().reaches(member), self.whole()
        if not plan.is_shared_with_sales:
            return ties - {Reach.COMMERCIAL}
        if member.pk == plan.sales_owner_id:
            ties = ties | {Reach.COMMERCIAL}
        return ties | {Reach.OWN} if member.pk == plan.csm_owner_id else ties
