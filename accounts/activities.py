"""The timeline of one account: what was done, what is planned, and how a note becomes one of its lines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _

from accounts.models import Account, Activity, ActivityMember, ActivityPerson
from accounts.models.activity import ActivityKind, ActivityState
from accounts.signals import activity_recorded
from tenants.models import Membership
from tenants.roles import Role
from tenants.scope import current_tenant
from ui.paging import Page, keyset_page

ICONS = {
    ActivityKind.MEETING: "users",
    ActivityKind.REVIEW: "review",
    ActivityKind.CALL: "phone",
    ActivityKind.MAIL: "mail",
    ActivityKind.UPDATE: "comment",
    ActivityKind.MILESTONE: "target",
}
TITLE = 100
PAGE = 30


@dataclass(frozen=True)
class Line:
    """One activity as it is drawn."""

    activity: Activity
    icon: str
    mark: str
    who: str
    may_edit: bool

    @property
    def is_planned(self) -> bool:
        return self.activity.state == ActivityState.PLANNED


@dataclass(frozen=True)
class Day:
    on: date
    lines: Sequence[Line]


@dataclass(frozen=True)
class Feed:
    """A page of the timeline: what is still to come (on the first page only), then the days, newest first."""

    planned: Sequence[Line]
    days: Sequence[Day]
    page: Page
    kind: str


def feed_of(
    account: Account, today: date, *, kind: str = "", after: str | None = None, may_edit: bool = False
) -> Feed:
    rows = Activity.objects.filter(account=account)
    if kind in ActivityKind.values:
        rows = rows.filter(kind=kind)
    to_come = Q(state=ActivityState.PLANNED, on__gte=today)
    planned = [] if after else list(rows.filter(to_come).order_by("on", "at", "pk")[:PAGE])
    page = keyset_page(rows.exclude(to_come), order=("-on", "-pk"), after=after, size=PAGE)
    read_people([*planned, *page.rows])
    days = [
        Day(on, [line_of(activity, account, may_edit) for activity in found])
        for on, found in groupby(page.rows, key=lambda activity: activity.on)
    ]
    return Feed([line_of(activity, account, may_edit) for activity in planned], days, page, kind)


def read_people(activities: Sequence[Activity]) -> None:
    """Everybody who wrote or took part, in a few statements for all lines."""
    ours = Membership.objects.select_related("user")
    prefetch_related_objects(
        activities, Prefetch("written_by", ours), "persons__person", Prefetch("members__member", ours)
    )


def line_of(activity: Activity, account: Account, may_edit: bool) -> Line:
    activity.account = account
    by_sales = activity.written_by.role == Role.SALES
    mark = "meet" if activity.kind in (ActivityKind.MEETING, ActivityKind.REVIEW) else ""
    return Line(
        activity, ICONS[ActivityKind(activity.kind)], "sales" if by_sales else mark, who(activity), may_edit
    )


def who(activity: Activity) -> str:
    """佐伯、若槻さん: ours first. Who wrote it stands for us when nobody of ours is named."""
    ours = [row.member.name.split()[0] for row in activity.members.all()]
    theirs = [row.person.addressed for row in activity.persons.all()]
    return _("、").join([*(ours or [activity.written_by.name.split()[0]]), *theirs])


def of_account(account: Any) -> QuerySet[Activity]:
    """What the tab counts; takes an id or an expression for one."""
    return Activity.objects.filter(account=account)


def split(text: str) -> tuple[str, str]:
    """Title and body of a note: its first line, and the rest; a long first line stays whole in the body."""
    first, _newline, rest = text.strip().partition("\n")
    first = first.lstrip("#").strip() or first
    if len(first) <= TITLE:
        return first, rest.strip()
    return first[: TITLE - 1] + "…", text.strip()


def people_to_name(account: Account) -> dict[str, list[Any]]:
    """Whom a note can name: the account's people, and ours who work on it."""
    ours = [account.csm_id, account.deputy_id, account.commercial_owner_id, account.support_manager_id]
    team = account.team.values_list("member", flat=True)
    members = Membership.objects.active().in_tenant(current_tenant()).order_by("user__name")
    wanted = members.filter(Q(pk__in=[pk for pk in ours if pk]) | Q(pk__in=list(team)))
    people = account.key_persons.filter(is_body=False, state="active").order_by("kana", "name")
    return {"persons": list(people), "members": list(wanted)}


def set_people(activity: Activity, persons: Iterable[str], members: Iterable[str]) -> None:
    """Exactly these take part: people of the activity's own account, and active members."""
    people = people_to_name(activity.account)
    ActivityPerson.objects.filter(activity=activity).delete()
    ActivityMember.objects.filter(activity=activity).delete()
    chosen, ours = set(persons), set(members)
    ActivityPerson.objects.bulk_create(
        ActivityPerson(activity=activity, person=person)
        for person in people["persons"]
        if str(person.pk) in chosen
    )
    ActivityMember.objects.bulk_create(
        ActivityMember(activity=activity, member=member)
        for member in people["members"]
        if str(member.pk) in ours
    )


def announce(activity: Activity) -> None:
    if activity.state == ActivityState.HELD:
        activity_recorded.send(sender=Activity, activity=activity)
