"""月次・会議前見直し: nobody looked the schedule over for a month, or a meeting is near and nobody did this week (S1 1.35).

Of accounts with a plan that runs: the others have no schedule to look over. The occurrence is the month, or the meeting.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    DateField,
    Exists,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat, JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models.activity import ActivityKind, ActivityState
from ctas.duedates import Calendar
from ctas.options import Number, Values
from ctas.registry import Kind, Step, rule
from success_plans.models import ScheduleStamp, SuccessPlan
from success_plans.models.plan import PlanState
from ui.expressions import days_before

MET = (ActivityKind.MEETING, ActivityKind.REVIEW)
LONGEST = 10


def title(evidence: dict[str, Any]) -> str:
    if evidence.get("meeting"):
        return _("「%(meeting)s」の前に、スケジュールを見直す") % {"meeting": evidence["meeting"]}
    return _("スケジュールを見直して、見直し済にする")


def heading(evidence: dict[str, Any], today: date) -> str:
    return _("打ち合わせが近い") if evidence.get("meeting") else _("スケジュールを見直していない")


def why(evidence: dict[str, Any], today: date) -> str:
    last = evidence.get("stamped_on")
    if last:
        days = (today - date.fromisoformat(last)).days
        said = _("最後の見直しは%(days)s日前です") % {"days": days}
    else:
        said = _("見直し済の印がまだありません")
    if not evidence.get("meeting"):
        return said
    on = date.fromisoformat(evidence["on"])
    return _("%(on)sに「%(meeting)s」。%(said)s") % {
        "on": f"{on:%m/%d}",
        "meeting": evidence["meeting"],
        "said": said,
    }


def ending(today: date) -> Case:
    stamped = ScheduleStamp.objects.filter(account=OuterRef("account"), on__gte=OuterRef("opened_on"))
    return Case(When(Exists(stamped), then=Value("stamped")), default=Value("over"))


@rule(
    number="R05",
    label=gettext_lazy("月次・会議前見直し"),
    kind=Kind.REGULAR,
    heading=heading,
    because=gettext_lazy("予定は変わります。目先の対応に追われないために、月に一度と会う前に並べ直します。"),
    title=title,
    why=why,
    sentence=gettext_lazy(
        "実行中のプランがあり、見直し済の印が{month}ないとき。または打ち合わせまで{ahead}を切り、"
        "{week}のあいだ見直していないとき。"
    ),
    options=(
        Number("month", gettext_lazy("見直しの間隔"), 31, gettext_lazy("日")),
        Number("ahead", gettext_lazy("打ち合わせの何営業日前"), 2, gettext_lazy("営業日"), highest=LONGEST),
        Number("week", gettext_lazy("会う前に新しいとみなす日数"), 7, gettext_lazy("日"), lowest=0),
    ),
    endings={
        "stamped": gettext_lazy("見直し済になりました"),
        "over": gettext_lazy("その月か打ち合わせが過ぎました"),
    },
    ending=ending,
    due_in=1,
    assignees=gettext_lazy("CSM、休みなら代理"),
    playbook=(
        Step(0, gettext_lazy("進み具合と比べる")),
        Step(0, gettext_lazy("日付を直して、見直し済にする")),
    ),
)
def accounts_to_call(live: QuerySet[Any], today: date, values: Values) -> Iterator[QuerySet[Any]]:
    planned = with_schedule(live)
    yield (
        planned.alias(since=Coalesce("stamped_on", "began"))
        .filter(since__lte=days_before(today, values["month"]))
        .annotate(
            subject=Value("", output_field=TextField()),
            occurrence=Value(f"month/{today:%Y-%m}", output_field=TextField()),
            evidence=JSONObject(stamped_on=F("stamped_on")),
            opens=Value(True),
        )
    )
    yield (
        planned.alias(ahead=values["ahead"])
        .filter(Q(stamped_on__isnull=True) | Q(stamped_on__lte=days_before(today, values["week"])))
        .filter(
            activities__tenant=F("tenant"),
            activities__deleted_at__isnull=True,
            activities__kind__in=MET,
            activities__state=ActivityState.PLANNED,
            activities__on__gte=today,
            activities__on__lte=last_day(today),
        )
        .annotate(
            subject=Value("", output_field=TextField()),
            occurrence=Concat(
                Value("meeting/"), Cast("activities__pk", TextField()), output_field=TextField()
            ),
            evidence=JSONObject(
                stamped_on=F("stamped_on"), meeting=F("activities__title"), on=F("activities__on")
            ),
            opens=Value(True),
        )
    )


def with_schedule(live: QuerySet[Any]) -> QuerySet[Any]:
    """Accounts with a plan that runs: since when, and when somebody looked the schedule over last."""
    running = SuccessPlan.objects.filter(account=OuterRef("pk"), state=PlanState.ACTIVE).order_by()
    began = running.values("account").annotate(day=Min("starts_on")).values("day")
    stamps = ScheduleStamp.objects.filter(account=OuterRef("pk")).order_by()
    last = stamps.values("account").annotate(day=Max("on")).values("day")
    return live.alias(
        began=Subquery(began, output_field=DateField()), stamped_on=Subquery(last, output_field=DateField())
    ).filter(began__isnull=False)


def last_day(today: date) -> Case:
    """The last day that is so many workdays ahead, by the number that an account allows."""
    calendar = Calendar.read()
    days = [(n, calendar.add_workdays(today, n)) for n in range(1, LONGEST + 1)]
    return Case(
        *(When(ahead=n, then=Value(day, output_field=DateField())) for n, day in days),
        output_field=DateField(),
    )
