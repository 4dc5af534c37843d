"""Showing a plan to the customer. A recovery plan waits for the manager's agreement (S3 3.7); the database keeps that."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from success_plans.models import SuccessPlan
from success_plans.models.plan import NOT_AGREED, OPEN, PlanState, PlanType
from tenants.editing.saving import Refused

SHARED_IN = (*OPEN, PlanState.COMPLETED)


def may_be_shared(plan: SuccessPlan) -> bool:
    if plan.plan_type == PlanType.RECOVERY and plan.state in NOT_AGREED:
        return False
    return plan.state in SHARED_IN


def share(plan: SuccessPlan, today: date) -> None:
    """From this day on; a second time it stays the first day. ValidationError says why not yet."""
    held = SuccessPlan.everything.select_for_update(no_key=True).get(pk=plan.pk)
    plan.state, plan.shared_on = held.state, held.shared_on
    if plan.shared_on:
        return
    if plan.state not in SHARED_IN:
        raise ValidationError(_("取りやめたプランは、お客様と共有できません"))
    plan.shared_on = today
    try:
        with transaction.atomic():
            plan.save(update_fields=["shared_on"])
    except IntegrityError as error:
        plan.shared_on = None
        raise Refused.by(SuccessPlan, error) from error


def stop_sharing(plan: SuccessPlan) -> None:
    if plan.shared_on:
        plan.shared_on = None
        plan.save(update_fields=["shared_on"])
