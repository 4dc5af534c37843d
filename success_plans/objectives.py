"""How an objective comes into a plan. A recovery plan is about few things: the fifth one takes the place of another
(S3 3.7), which goes to the bin and comes back from there with all that stood below it."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from success_plans.models import Objective, SuccessPlan
from success_plans.models.objective import MOST_IN_RECOVERY
from success_plans.models.plan import PlanType
from success_plans.views.adding import next_position
from tenants.editing.saving import Refused
from tenants.ids import id_in

PutIn = Callable[[], Objective]


class Full(ValidationError):
    """The plan has as many objectives as it may have; the message asks which of them is swapped."""


def is_full(plan: SuccessPlan) -> bool:
    """As far as one can tell without holding the plan: the database decides."""
    if plan.plan_type != PlanType.RECOVERY:
        return False
    return bool(Objective.objects.filter(plan=plan).count() >= MOST_IN_RECOVERY)


def write(plan: SuccessPlan, statement: str, **fields: Any) -> PutIn:
    """A new objective, the last one of its plan."""

    def put_in() -> Objective:
        position = next_position(Objective.objects.filter(plan=plan))
        return Objective.objects.create(  # type: ignore[no-any-return]
            account_id=plan.account_id, plan=plan, statement=statement, position=position, **fields
        )

    return put_in


def bring_back(objective: Objective) -> PutIn:
    """One that lies in the bin."""

    def put_in() -> Objective:
        objective.take_out_of_bin()
        return objective

    return put_in


def add(put_in: PutIn) -> Objective:
    """Raises Full when there is no room for it."""
    try:
        with transaction.atomic():
            return put_in()
    except IntegrityError as error:
        refused = Refused.by(Objective, error)
        if refused.fields == ["plan"]:
            raise Full(refused.messages[0]) from error
        raise


@transaction.atomic
def swap(plan: SuccessPlan, out: str, put_in: PutIn) -> tuple[Objective, Objective]:
    """What was put in stands where ``out`` stood; gives both. The plan is held, so nothing comes in between."""
    hold(plan)
    leaving = find(Objective.objects.filter(plan=plan), out)
    if leaving is None:
        raise Full(_("入れ替える目標は、もうこのプランにありません。いまの目標から選んでください"))
    leaving.put_in_bin()
    coming = add(put_in)
    coming.position = leaving.position
    coming.save(update_fields=["position"])
    return coming, leaving


@transaction.atomic
def swap_back(plan: SuccessPlan, came: str, left: str) -> bool:
    """Undo a swap; what had come in lies in the bin then. False when one of the two is not where it was put."""
    hold(plan)
    coming = find(Objective.objects.filter(plan=plan), came)
    leaving = find(Objective.everything.filter(plan=plan, deleted_at__isnull=False), left)
    if coming is None or leaving is None:
        return False
    coming.put_in_bin()
    leaving.take_out_of_bin()
    return True


def find(rows: Any, pk: str) -> Any:
    """The row with an id that came from outside; None also for a text that is no id."""
    return rows.filter(pk=id_in(pk)).first()


def hold(plan: SuccessPlan) -> None:
    SuccessPlan.everything.select_for_update(no_key=True).filter(pk=plan.pk).first()
