"""Which objectives work on the nodes of a customer's driver tree."""

from collections import defaultdict
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.drivers import Link
from accounts.models import Account
from success_plans.models import Objective
from success_plans.models.plan import OPEN


def links_of(account: Account) -> dict[UUID, list[Link]]:
    """Objectives of open plans, numbered as in their plan, by the node they name; one statement."""
    rows = Objective.objects.filter(
        account=account, driver__isnull=False, plan__deleted_at=None, plan__state__in=OPEN
    )
    found: dict[UUID, list[Link]] = defaultdict(list)
    for driver, plan, objective, place in rows.order_by("plan__starts_on", "position").values_list(
        "driver", "plan", "pk", "position"
    ):
        url = f"{reverse('success_plans:plan', args=[plan])}#objective-{objective}"
        found[driver].append(Link(_("目標%(n)s") % {"n": place}, url))
    return found
