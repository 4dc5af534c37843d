"""What plans have to do with the timeline: an activity is about one, and a next step becomes an action of one."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Account, Activity
from accounts.ties import Task, Tie, register, register_task
from success_plans.models import ActionItem, ActivityPlan, Objective, SuccessPlan
from success_plans.models.plan import OPEN
from success_plans.views.adding import next_position
from tenants.editing import Choice
from tenants.models import Membership
from tenants.permissions import may
from tenants.scope import current_member


def plans_of(account: Account) -> list[Choice]:
    """Open ones first; old ones too, because old records are looked for by them."""
    plans = SuccessPlan.objects.filter(account=account).order_by("-ends_on", "pk")
    found = sorted(plans.values_list("pk", "title", "state"), key=lambda plan: plan[2] not in OPEN)
    return [(str(pk), title) for pk, title, _state in found]


def about(rows: Any, plan: UUID) -> Any:
    return rows.filter(pk__in=ActivityPlan.objects.filter(plan=plan).values("activity"))


def read(activities: Sequence[UUID]) -> Mapping[UUID, tuple[str, str, str]]:
    rows = ActivityPlan.objects.filter(activity__in=activities, plan__deleted_at=None)
    return {
        activity: (str(plan), title, reverse("success_plans:plan", args=[plan]))
        for activity, plan, title in rows.values_list("activity", "plan", "plan__title")
    }


def tie(activity: Activity, plan: str) -> None:
    """Only a plan of the activity's own account; anything else ties it to none."""
    rows = SuccessPlan.objects.filter(account=activity.account_id)
    known = {str(pk): pk for pk in rows.values_list("pk", flat=True)} if plan else {}
    if plan not in known:
        ActivityPlan.objects.filter(activity=activity).delete()
        return
    ActivityPlan.objects.update_or_create(activity=activity, defaults={"plan_id": known[plan]})


def objectives_of(account: Account) -> list[Choice]:
    """Those that the member in scope may add to."""
    rows = Objective.objects.filter(account=account, plan__state__in=OPEN, plan__deleted_at=None)
    found = rows.select_related("plan").order_by("plan__starts_on", "plan", "position")
    member, writes = current_member(), {}
    for one in found:
        if one.plan_id not in writes:
            one.plan.account = account
            writes[one.plan_id] = may(member, "plan.edit", one.plan)
    return [
        (str(one.pk), _("%(plan)s:%(objective)s") % {"plan": one.plan, "objective": one.statement[:40]})
        for one in found
        if writes[one.plan_id]
    ]


def actions_from(activities: Sequence[UUID]) -> Mapping[UUID, tuple[str, str]]:
    rows = ActionItem.objects.filter(arises_from__in=activities)
    return {
        activity: (_("アクション"), reverse("success_plans:plan", args=[plan]) + f"#action-{pk}")
        for activity, plan, pk in rows.values_list("arises_from", "plan", "pk")
    }


def action_from(activity: Activity, objective: Objective, member: Membership, today: date) -> ActionItem:
    """The next step as an action of ``objective``, due on its day; a second time, the first."""
    if already := ActionItem.objects.filter(arises_from=activity).first():
        return already  # type: ignore[no-any-return]
    return ActionItem.objects.create(
        account_id=objective.account_id,
        plan_id=objective.plan_id,
        objective=objective,
        text=activity.next_step,
        assignee=member,
        due_on=activity.next_on,
        arises_from=activity,
        position=next_position(ActionItem.objects.filter(objective=objective)),
    )


register(Tie("plan", gettext_lazy("プラン"), plans_of, about, read, tie))
register_task(
    Task(
        gettext_lazy("アクションにする"),
        "success_plans:action_from_note",
        "plan.edit",
        objectives_of,
        actions_from,
    )
)
