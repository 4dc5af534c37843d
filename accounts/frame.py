"""What stands on top of every page of one account: name, health, facts, the customer's year, tabs.

A page of an account extends ``accounts/_frame.html`` and passes ``**frame(request, account)``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.fiscal import FiscalClosing, ruler
from accounts.models import Account, Activity, ActivityPerson, Follower, PersonRole, Pin, Resolution
from accounts.models.activity import ActivityKind, ActivityState
from accounts.models.key_person import RoleKind
from accounts.tabs import countings, tabs_of
from tenants.models import Membership
from tenants.permissions import may
from tenants.roles import Role
from tenants.scope import current_member, current_scope, current_tenant

STALE_AFTER = timedelta(days=30)
BRIEFLY = {
    ActivityKind.REVIEW: gettext_lazy("レビュー"),
    ActivityKind.MEETING: gettext_lazy("面談"),
    ActivityKind.CALL: gettext_lazy("電話"),
}
SEALS = {RoleKind.ECONOMIC_BUYER: "decider", RoleKind.CHAMPION: "champion"}


@dataclass(frozen=True)
class Badge:
    """The health of one account: band is good, caution, risk or empty; ``change`` is the last four weeks'."""

    score: int | None
    band: str
    change: int | None = None


Badges = Callable[[Sequence[UUID]], dict[UUID, Badge]]
_badges: list[Badges] = []


def register_badge(source: Badges) -> None:
    """Name the function that gives the health of many accounts at once; this room knows nothing of scores."""
    _badges[:] = [source]


def badges_of(accounts: Sequence[UUID]) -> dict[UUID, Badge]:
    return _badges[0](accounts) if _badges and accounts else {}


@dataclass(frozen=True)
class Holder:
    """Who holds one of the two roles that every account needs, and when somebody last spoke with them."""

    seal: str
    label: str
    person: Any
    last: date | None
    state: str


def frame(request: HttpRequest, account: Account) -> dict[str, Any]:
    """The context of ``accounts/_frame.html``; a fixed number of statements."""
    today = timezone.localdate()
    member = current_member()
    standing = standing_of(account, member)
    return {
        "account": account,
        "frame": {
            "today": today,
            "badge": badges_of([account.pk]).get(account.pk),
            "holders": holders(account, today),
            "team": our_people(account),
            "ruler": ruler_of(account, today),
            "tabs": tabs_of(request, account, standing),
            "is_pinned": standing["is_pinned"],
            "is_followed": standing["is_followed"],
            "may_edit": may(member, "account.edit", account),
            "may_merge": may(member, "account.merge"),
            "may_write": may(member, "activity.write", account),
        },
    }


def standing_of(account: Account, member: Membership | None) -> dict[str, Any]:
    """What the tabs count, and whether ``member`` keeps the account in the sidebar and follows it; one statement."""
    pinned = Exists(Pin.objects.filter(account=account, member=member))
    followed = Exists(Follower.objects.filter(account=account, member=member))
    known = Subquery(Resolution.objects.filter(account=OuterRef("pk")).values("percent"))
    asked = {"is_pinned": pinned, "is_followed": followed, "percent": known, **countings()}
    found: dict[str, Any] = dict(Account.objects.filter(pk=account.pk).values(**asked)[0])
    return found if found["percent"] is None else {**found, "accounts_account": f"{found['percent']}%"}


def last_contacts() -> Any:
    """For a queryset of persons' ids in ``OuterRef``: the day of the last activity they took part in."""
    held = ActivityPerson.objects.filter(activity__state=ActivityState.HELD, activity__deleted_at=None)
    return held.order_by().values("person").annotate(last=Max("activity__on")).values("last")


def holders(account: Account, today: date) -> list[Holder]:
    """決裁者 and 推進者, in this order; without a person where nobody is known."""
    last = Subquery(last_contacts().filter(person=OuterRef("person")))
    roles = (
        PersonRole.objects.filter(account=account)
        .held_on(today)
        .filter(kind__in=SEALS)
        .select_related("person")
    )
    by_kind: dict[str, Any] = {}
    for role in roles.annotate(last=last).order_by("starts_on", "pk"):
        by_kind[role.kind] = role
    return [holder(kind, by_kind.get(kind), today) for kind in SEALS]


def holder(kind: RoleKind, role: Any, today: date) -> Holder:
    if role is None:
        return Holder(SEALS[kind], str(kind.label), None, None, "unknown")
    return Holder(SEALS[kind], str(kind.label), role.person, role.last, seal_state(role.last, today))


def seal_state(last: date | None, today: date) -> str:
    return "" if last and today - last <= STALE_AFTER else "stale"


def our_people(account: Account) -> list[dict[str, Any]]:
    """The CSM and the commercial owner, by surname."""
    wanted = [pk for pk in (account.csm_id, account.commercial_owner_id) if pk]
    by_id = {member.pk: member for member in members_named(wanted)}
    people = [by_id[pk] for pk in dict.fromkeys(wanted) if pk in by_id]
    return [
        {"name": surname(p.name), "full": p.name, "kind": "fuji" if p.role == Role.SALES else ""}
        for p in people
    ]


def members_named(wanted: list[UUID]) -> list[Membership]:
    """Also those who left; without a statement where all of them were read for the page already."""
    known = current_scope().cache.get("members", {})
    if all(pk in known for pk in wanted):
        return [known[pk] for pk in wanted]
    return list(Membership.objects.in_tenant(current_tenant()).filter(pk__in=wanted).select_related("user"))


def surname(name: str) -> str:
    return name.split()[0] if name.split() else name


def ruler_of(account: Account, today: date) -> dict[str, Any] | None:
    """The customer's fiscal year as ``{% ruler %}`` draws it; None while the closing month is unknown."""
    closing, renewal = account.closing, account.renews_on
    if closing is None:
        return None
    year = closing.fiscal_year(today)
    start, end = closing.fiscal_year_start(year), closing.fiscal_year_end(year)
    events = [*meetings_between(account, start, end, today), *renewal_marks(account, renewal)]
    drawn = ruler(closing, today, events)
    assert drawn is not None
    renews_at_close = renewal is not None and 0 <= (end - renewal).days <= 14
    label = _("決算・更新") if renews_at_close else _("決算")
    band = _("予算策定中") if drawn.in_season else _("予算策定")
    marks = [mark for mark in drawn.marks if not (mark.kind == "renew" and renews_at_close)]
    return {
        "months": months_of(drawn.months),
        "bands": [{"x": drawn.band_x, "w": drawn.band_width, "label": band}],
        "marks": labelled(marks, today),
        "close": {"x": 100, "label": label},
        "now": drawn.now_x,
        "label": said(closing, drawn, today, renewal),
    }


def months_of(months: Sequence[tuple[int, bool]]) -> list[dict[str, Any]]:
    return [
        {"label": _("%(n)s月") % {"n": month} if first else str(month), "now": is_now}
        for first, (month, is_now) in zip([True] + [False] * 11, months, strict=True)
    ]


def meetings_between(account: Account, start: date, end: date, today: date) -> list[tuple[str, str, date]]:
    """Reviews of the year, and whatever is agreed from today on."""
    shown = Q(kind=ActivityKind.REVIEW) | Q(state=ActivityState.PLANNED, on__gte=today)
    rows = Activity.objects.filter(shown, account=account, on__range=(start, end))
    rows = rows.exclude(state=ActivityState.CANCELLED).order_by("on")
    return [
        ("ebr" if on >= today else "qbr", str(BRIEFLY.get(ActivityKind(kind), _("予定"))), on)
        for kind, on in rows.values_list("kind", "on")[:24]
    ]


def renewal_marks(account: Account, renewal: date | None) -> list[tuple[str, str, date]]:
    return [("renew", _("更新"), renewal)] if renewal else []


def labelled(marks: Sequence[Any], today: date) -> list[dict[str, Any]]:
    """Every mark as a dot; words for one thing to come, a review before a meeting, where there is room for them."""
    roomy = [
        mark
        for mark in marks
        if mark.day >= today and mark.x < 76 and not any(mark.x < other.x < mark.x + 18 for other in marks)
    ]
    following: Any = min(
        roomy, key=lambda mark: (mark.label != BRIEFLY[ActivityKind.REVIEW], mark.day), default=None
    )
    return [
        {
            "x": mark.x,
            "kind": mark.kind,
            "label": f"{mark.label} {mark.day:%m/%d}" if mark is following else "",
        }
        for mark in marks
    ]


def said(closing: FiscalClosing, drawn: Any, today: date, renewal: date | None) -> str:
    """The ruler as one sentence, for those who do not see it."""
    text = _("%(year)s年度の節目。%(closing)s、予算策定は%(opens)s月から%(closes)s月") % {
        "year": drawn.year,
        "closing": closing.label,
        "opens": drawn.season.opens.month,
        "closes": drawn.season.closes.month,
    }
    if renewal:
        text += _("、更新日は%(day)s") % {"day": f"{renewal:%Y/%m/%d}"}
    return text + _("。今日は%(month)s月%(day)s日") % {"month": today.month, "day": today.day}
