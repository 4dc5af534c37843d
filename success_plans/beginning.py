"""A plan begins: with the owners that its type asks for."""

from typing import Any

from accounts.models import Account
from success_plans.models import SuccessPlan
from success_plans.models.plan import PlanType


def begin(account: Account, **columns: Any) -> SuccessPlan:
    return SuccessPlan.objects.create(  # type: ignore[no-any-return]
        account=account, **{**owners(account, columns.get("plan_type", "")), **columns}
    )


def owners(account: Account, plan_type: str) -> dict[str, Any]:
    """An account plan is held by the CSM and the sales person of the account, until somebody else is named."""
    if plan_type != PlanType.ACCOUNT:
        return {}
    return {"csm_owner_id": account.csm_id, "sales_owner_id": account.commercial_owner_id}
