"""What waits in the whole team, for those who lead it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from accounts.models import Account
from ctas.models import Cta
from tenants.models import Membership
from tenants.scope import current_tenant
from workspace.account_list.tabs import conditions


@dataclass(frozen=True)
class Load:
    """One CSM (None: accounts nobody answers for) and what waits for them."""

    member: Any
    accounts: int
    silent: int
    waiting: int
    overdue: int


def loads(today: date) -> list[Load]:
    """Three statements: accounts by CSM, CTAs by assignee, names. The most overdue first."""
    silent = Q(conditions(today)["silent"])
    accounts = {
        row["csm"]: row
        for row in Account.objects.not_archived()
        .values("csm")
        .annotate(n=Count("pk"), silent=Count("pk", filter=silent))
        .order_by()
    }
    ctas = {
        row["assignee"]: row
        for row in Cta.objects.awake(today)
        .values("assignee")
        .annotate(n=Count("pk"), overdue=Count("pk", filter=Q(due_on__lt=today)))
        .order_by()
    }
    keys = accounts.keys() | ctas.keys()
    members = Membership.objects.in_tenant(current_tenant()).filter(pk__in=keys - {None})
    names = {member.pk: member for member in members.select_related("user")}
    found = [load(names.get(key), accounts.get(key, {}), ctas.get(key, {})) for key in keys]
    return sorted(found, key=lambda load: (-load.overdue, -load.waiting, str(load.member or "~")))


def load(member: Any, accounts: dict[str, int], ctas: dict[str, int]) -> Load:
    return Load(
        member=member,
        accounts=accounts.get("n", 0),
        silent=accounts.get("silent", 0),
        waiting=ctas.get("n", 0),
        overdue=ctas.get("overdue", 0),
    )
