"""What the next step of a record becomes here: an activity to come. Rooms above have their own (``accounts.ties``)."""

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from accounts.activities import set_people
from accounts.models import Activity
from accounts.models.activity import ActivityKind, ActivityState
from tenants.models import Membership

SOON = timedelta(days=7)


def plan(activity: Activity, member: Membership, today: date) -> Activity:
    """The next step as an activity to come, with the same people: on its day, or in a week. A second time, the first."""
    if already := Activity.objects.filter(follows=activity).first():
        return already  # type: ignore[no-any-return]
    on = activity.next_on if activity.next_on and activity.next_on > today else today + SOON
    planned = Activity.objects.create(
        account_id=activity.account_id,
        kind=ActivityKind.MEETING,
        state=ActivityState.PLANNED,
        on=on,
        title=activity.next_step or _("次にすること"),
        follows=activity,
        written_by=member,
    )
    people: dict[str, list[Any]] = {
        "persons": [str(pk) for pk in activity.persons.values_list("person", flat=True)],
        "members": [str(pk) for pk in activity.members.values_list("member", flat=True)],
    }
    set_people(planned, people["persons"], people["members"])
    return planned
