"""Champion/EB異動: whoever carries or decides for us leaves, is about to, or has not been seen in that role for long.

The occurrence of a role is the day of the event: the first day without them, or the last day on which we were sure. It
is over when somebody has taken the role over and we have met them; for a role that nobody confirmed, when we meet its
holder or write the role anew (S1 1.23).
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import (
    BooleanField,
    Case,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    JSONField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat, JSONObject, TruncDate
from django.db.models.lookups import GreaterThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import ActivityPerson, PersonRole
from accounts.models.activity import ActivityState
from accounts.models.key_person import PersonState, RoleKind
from accounts.moving import GOES
from ctas.models import Priority
from ctas.options import Number, Values
from ctas.registry import Kind, Step, rule
from ui.expressions import EarlierOf, LaterOf, days_after, days_before
from ui.querying import looked_up

WATCHED = (RoleKind.ECONOMIC_BUYER, RoleKind.CHAMPION)
GOING, SILENT = "going", "silent"
NEVER = date(1900, 1, 1)
LONG_AGO = 180
"""Days after which an old departure opens no CTA any more: what an import brings of years ago is history."""


def title(evidence: dict[str, Any]) -> str:
    words = {"person": evidence.get("person", ""), "role": RoleKind(evidence["role"]).label}
    if evidence.get("event") == SILENT:
        return _("いまも%(person)sさんが%(role)sか、確かめる") % words
    return _("%(role)sの引き継ぎと、後任との顔合わせを決める") % words


def heading(evidence: dict[str, Any], today: date) -> str:
    if evidence.get("event") == SILENT:
        return _("決裁者・推進者を、しばらく確かめていない")
    return _("決裁者・推進者が替わる")


def why(evidence: dict[str, Any], today: date) -> str:
    on = date.fromisoformat(evidence["on"])
    words = {
        "person": evidence.get("person", ""),
        "role": RoleKind(evidence["role"]).label,
        "day": f"{on:%Y/%m/%d}",
        "days": (today - on).days,
        "what": PersonState(evidence["state"]).label if evidence["state"] in GOES else _("役割の終わり"),
    }
    if evidence.get("event") == SILENT:
        return _("%(role)sの%(person)sさんと%(days)s日会わず、役割も確かめていません") % words
    if on > today:
        return _("%(role)sの%(person)sさんは%(day)sに離れます(%(what)s)。会えた後任がいません") % words
    return _("%(role)sの%(person)sさんが%(day)sに離れました(%(what)s)。会えた後任がいません") % words


def ending(today: date) -> Case:
    own = PersonRole.objects.annotate(key=Cast("pk", TextField())).filter(
        account=OuterRef("account"), key=OuterRef("subject")
    )
    over = own.filter(Q(ends_on__isnull=False) | Q(person__state__in=GOES))
    return Case(
        When(evidence__event=SILENT, then=Value("confirmed")),
        When(Exists(over), then=Value("met")),
        default=Value("stays"),
    )


@rule(
    number="R09b",
    label=gettext_lazy("Champion/EB異動"),
    kind=Kind.RISK,
    priority=Priority.HIGH,
    heading=heading,
    because=gettext_lazy("後任の最初の一か月に会えるかどうかで、次の更新の話しやすさが変わります。"),
    title=title,
    why=why,
    sentence=gettext_lazy(
        "推進者か決裁者が異動・退職したとき、役割の終わりまで{lead}を切ったとき、"
        "または{silence}のあいだ会わず、役割も確かめていないとき。"
    ),
    options=(
        Number("lead", gettext_lazy("役割の終わりの何日前"), 30, gettext_lazy("日"), lowest=0),
        Number("silence", gettext_lazy("確かめていない日数"), 180, gettext_lazy("日")),
    ),
    endings={
        "met": gettext_lazy("後任が決まり、会えました"),
        "confirmed": gettext_lazy("役割を確かめました"),
        "stays": gettext_lazy("役割が続くことになりました"),
    },
    ending=ending,
    due_in=2,
    assignees=gettext_lazy("CSM、休みなら代理"),
    playbook=(
        Step(2, gettext_lazy("お礼と引き継ぎの場を決める")),
        Step(3, gettext_lazy("関係者マップを書き直す")),
        Step(5, gettext_lazy("後任を紹介してもらう")),
        Step(10, gettext_lazy("目標を後任と確かめ直す")),
    ),
)
def accounts_to_call(live: QuerySet[Any], today: date, values: Values) -> Iterator[QuerySet[Any]]:
    """One row per role: it goes, or it is silent, never both."""
    roles = held(live).alias(
        lead=values["lead"], silence=values["silence"], met_on=last_met(F("person"), today)
    )
    goes = Q(left_on__lte=days_after(today, F("lead")))
    stays = Q(left_on__isnull=True) | Q(left_on__gt=days_after(today, F("lead")))
    unseen = Q(met_on__lte=days_before(today, F("silence")))
    silent = Q(written_on__lte=days_before(today, F("silence"))) & unseen
    seen_on = LaterOf(F("written_on"), F("met_on"))
    yield (
        roles.filter((goes & ~taken_over(today)) | (stays & silent))
        .alias(on=Case(When(goes, then=F("left_on")), default=seen_on, output_field=DateField()))
        .annotate(
            subject=Cast("role", TextField()),
            occurrence=Cast("on", TextField()),
            evidence=JSONObject(
                person=F("named"),
                role=F("kind"),
                state=F("state"),
                event=Case(When(goes, then=Value(GOING)), default=Value(SILENT), output_field=TextField()),
                on=F("on"),
            ),
            opens=ExpressionWrapper(
                stays | Q(left_on__gte=days_before(today, LONG_AGO)), output_field=BooleanField()
            ),
        )
    )


def held(live: QuerySet[Any]) -> QuerySet[Any]:
    """A row for each watched role of a person: since when it is as it is, and the first day without them, if known."""
    # One filter() call: a second one would join the roles a second time.
    roles = live.filter(
        person_roles__tenant=F("tenant"),
        person_roles__deleted_at__isnull=True,
        person_roles__kind__in=WATCHED,
        person_roles__person__tenant=F("tenant"),
        person_roles__person__deleted_at__isnull=True,
        person_roles__person__is_body=False,
    ).alias(
        role=F("person_roles__pk"),
        kind=F("person_roles__kind"),
        person=F("person_roles__person"),
        named=F("person_roles__person__name"),
        state=F("person_roles__person__state"),
        successor=F("person_roles__person__successor"),
    )
    gone_on = Case(
        When(state__in=GOES, then=Coalesce("person_roles__person__state_since", day("person_roles__person__updated_at"))),
        output_field=DateField(),
    )  # fmt: skip
    after_its_end = ExpressionWrapper(F("person_roles__ends_on") + 1, output_field=DateField())
    return roles.alias(
        left_on=EarlierOf(gone_on, after_its_end),
        written_on=LaterOf(
            "person_roles__starts_on", day("person_roles__created_at"), day("person_roles__updated_at")
        ),
    )


def day(moment: str) -> TruncDate:
    return TruncDate(moment, tzinfo=timezone.get_current_timezone())


def last_met(person: Any, today: date) -> Coalesce:
    """The day on which somebody of ours met that person last, up to ``today``; long ago if nobody ever did."""
    meetings = ActivityPerson.objects.filter(
        activity__state=ActivityState.HELD, activity__deleted_at=None, activity__on__lte=today
    ).order_by()
    days = meetings.values(key=F("person_id")).annotate(value=Max("activity__on")).values("key", "value")
    return Coalesce(looked_up(days, person, DateField()), NEVER, output_field=DateField())


def taken_over(today: date) -> Q:
    """Somebody else has the role, or is named as the successor, and has been met since it was known; a body is enough."""
    since = ExpressionWrapper(F("left_on") - F("lead"), output_field=DateField())
    texts = {"role": Cast("role", TextField()), "person": Cast("person", TextField())}
    others = looked_up(holders(today), seat("pk", "kind"), JSONField())
    has_another = Func(
        others,
        Value("$[*] ? (@.role != $role && (@.person == $person || @.is_body == true || @.met_on >= $since))"),
        JSONObject(**texts, since=Cast(since, TextField())),
        function="jsonb_path_exists",
        output_field=BooleanField(),
    )
    named: Any = GreaterThanOrEqual(last_met(F("successor"), today), since)
    return Q(ExpressionWrapper(Coalesce(has_another, False), output_field=BooleanField())) | Q(named)


def holders(today: date) -> QuerySet[Any]:
    """By account and kind of role: who is there in it, and when we met them last."""
    there = Q(person__state=PersonState.ACTIVE) | Q(person__state_since__gt=today)
    not_over = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    roles = PersonRole.objects.filter(there, not_over, kind__in=WATCHED, person__deleted_at=None)
    told = JSONObject(
        role=Cast("pk", TextField()),
        person=Cast("person_id", TextField()),
        is_body=F("person__is_body"),
        met_on=Cast(last_met(F("person_id"), today), TextField()),
    )
    by_seat = roles.order_by().values(key=seat("account_id", "kind")).annotate(value=JSONBAgg(told))
    return by_seat.values("key", "value")


def seat(account: str, kind: str) -> Concat:
    return Concat(Cast(account, TextField()), Value("/"), kind, output_field=TextField())
