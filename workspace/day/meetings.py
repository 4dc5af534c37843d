"""The next meetings: activities that are planned, today's that have passed included."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Activity
from tenants.models import Membership
from ui.wording import near_date
from workspace.account_list.tabs import own_accounts

AHEAD = timedelta(days=14)
SHOWN = 5


@dataclass(frozen=True)
class Meeting:
    """``state``: past (today, its hour is over), next (the first to come), later (another day) or empty."""

    activity: Any
    when: str
    state: str


def meetings(member: Membership, now: datetime) -> list[Meeting]:
    """Of one's accounts, and those one takes part in, for two weeks; ``now`` in the tenant's zone."""
    today = now.date()
    own = Q(account__in=own_accounts(member).values("pk"))
    mine = own | Q(members__member=member) | Q(written_by=member)
    planned = Activity.objects.planned().filter(mine, on__range=(today, today + AHEAD))
    found = planned.select_related("account").distinct().order_by("on", "at", "pk")[:SHOWN]
    return [drawn(activity, now, first) for activity, first in with_first(found, now)]


def with_first(found: Any, now: datetime) -> list[tuple[Any, bool]]:
    waiting = [activity for activity in found if not is_past(activity, now)]
    first = waiting[0] if waiting else None
    return [(activity, activity is first) for activity in found]


def is_past(activity: Any, now: datetime) -> bool:
    return activity.on == now.date() and activity.at is not None and activity.at < now.time()


def drawn(activity: Any, now: datetime, is_first: bool) -> Meeting:
    today = now.date()
    state = (
        "past" if is_past(activity, now) else "next" if is_first else "later" if activity.on > today else ""
    )
    return Meeting(activity, when(activity, today), state)


def when(activity: Any, today: date) -> str:
    """13:30, 明日 11:00, 11/26(木) 14:00"""
    at = f"{activity.at:%H:%M}" if activity.at else ""
    if activity.on == today:
        return at or _("今日")
    day = _("明日") if activity.on == today + timedelta(days=1) else near_date(activity.on)
    return f"{day} {at}".strip()
