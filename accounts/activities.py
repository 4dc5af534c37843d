"""The timeline of one account: what was done, what is planned, and how a note becomes one of its lines."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _

from accounts.kinds import ICONS, own_types
from accounts.links import Link, links_in
from accounts.models import Account, Activity, ActivityMember, ActivityPerson, Attachment
from accounts.models.activity import ActivityKind, ActivityState
from accounts.narrowing import Narrowing
from accounts.signals import activity_recorded
from accounts.ties import tasks, ties
from tenants.editing.fields import active_members
from tenants.models import Membership
from tenants.roles import Role
from tenants.scope import current_tenant
from ui.paging import Page, keyset_page

TITLE = 100
PAGE = 30
LONG = 1_500
"""Characters of a record that are drawn unasked; the rest comes when somebody opens it."""


@dataclass(frozen=True)
class Line:
    """One activity as it is drawn."""

    activity: Activity
    icon: str
    mark: str
    who: str
    may_edit: bool
    links: Sequence[Link]
    tied: Sequence[tuple[str, str, str]]  # what of other rooms it is about: id, words, page
    became: Sequence[tuple[str, str]]  # what rooms above made of its next step: words, page
    whole: bool = False

    @property
    def is_cut(self) -> bool:
        return len(self.activity.body) > LONG and not self.whole

    @property
    def body(self) -> str:
        """What is drawn of the record; cut at the end of a line."""
        if not self.is_cut:
            return self.activity.body
        return self.activity.body[:LONG].rpartition("\n")[0] or self.activity.body[:LONG]

    @property
    def followed_by(self) -> Sequence[Activity]:
        """The plans its next step became."""
        return list(self.activity.followed_by.all())

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
    narrowing: Narrowing


def feed_of(
    account: Account,
    today: date,
    *,
    narrowing: Narrowing | None = None,
    after: str | None = None,
    may_edit: bool = False,
) -> Feed:
    narrowing = narrowing or Narrowing()
    rows = narrowing.of(Activity.objects.filter(account=account))
    to_come = Q(state=ActivityState.PLANNED, on__gte=today)
    planned = [] if after else list(rows.filter(to_come).order_by("on", "at", "pk")[:PAGE])
    page = keyset_page(rows.exclude(to_come), order=("-on", "-pk"), after=after, size=PAGE)
    read_people([*planned, *page.rows])
    drawn = lines_of([*planned, *page.rows], account, may_edit)
    days = [
        Day(on, list(found))
        for on, found in groupby(drawn[len(planned) :], key=lambda line: line.activity.on)
    ]
    return Feed(drawn[: len(planned)], days, page, narrowing)


def read_people(activities: Sequence[Activity]) -> None:
    """Everybody who wrote or took part, and what came of the next steps, in a few statements for all lines."""
    ours = Membership.objects.select_related("user")
    types = {one.pk: one for one in own_types()}
    for activity in activities:
        activity.own_type = types[activity.own_type_id] if activity.own_type_id else None
    prefetch_related_objects(
        activities,
        Prefetch("written_by", ours),
        "persons__person",
        Prefetch("members__member", ours),
        Prefetch("followed_by", Activity.objects.order_by("on")),
        Prefetch("attachments", Attachment.objects.order_by("pk"), to_attr="files"),
    )


def lines_of(
    activities: Sequence[Activity], account: Account, may_edit: bool, *, whole: bool = False
) -> list[Line]:
    """Activities whose people were read, as they are drawn."""
    ids = [activity.pk for activity in activities]
    tied = [tie.read(ids) for tie in ties()] if ids else []
    became = [task.read(ids) for task in tasks()] if ids else []
    return [
        line_of(activity, account, may_edit, about(activity, tied), about(activity, became), whole)
        for activity in activities
    ]


def about(activity: Activity, found: Sequence[Mapping[UUID, Any]]) -> list[Any]:
    """What each of several readings says of one activity."""
    return [said[activity.pk] for said in found if activity.pk in said]


def line_of(
    activity: Activity,
    account: Account,
    may_edit: bool,
    tied: Sequence[tuple[str, str, str]],
    became: Sequence[tuple[str, str]],
    whole: bool,
) -> Line:
    activity.account = account
    by_sales = activity.written_by.role == Role.SALES
    mark = "meet" if activity.kind in (ActivityKind.MEETING, ActivityKind.REVIEW) else ""
    return Line(
        activity,
        ICONS[ActivityKind(activity.kind)],
        "sales" if by_sales else mark,
        who(activity),
        may_edit,
        links_in(activity.links),
        tied,
        became,
        whole,
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
    wanted = {*ours, *account.team.values_list("member", flat=True)}
    people = account.key_persons.filter(is_body=False, state="active").order_by("kana", "name")
    return {"persons": list(people), "members": [one for one in active_members() if one.pk in wanted]}


def people_to_look_for(account: Account) -> dict[str, list[Any]]:
    """Whose records can be looked for: everybody of the account, also who left, and ours who ever wrote or took part."""
    wrote = Activity.objects.filter(account=account).order_by().values("written_by")
    took_part = ActivityMember.objects.filter(activity__account=account).order_by().values("member")
    members = Membership.objects.in_tenant(current_tenant()).filter(Q(pk__in=wrote) | Q(pk__in=took_part))
    return {
        "persons": list(account.key_persons.order_by("kana", "name")),
        "members": list(members.select_related("user").order_by("user__name")),
    }


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
