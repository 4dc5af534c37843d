"""レビュー滞留: a plan was handed in and nobody decided (S1 1.34, S3 3.7). Workdays count, in the tenant's calendar."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Case, DateTimeField, Exists, F, OuterRef, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, JSONObject, TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ctas.duedates import Calendar
from ctas.models import Priority
from ctas.options import Number, Values
from ctas.registry import Kind, Step, rule
from success_plans.models import PlanReview
from success_plans.models.plan import PlanState
from success_plans.models.review import Outcome

LONGEST = 20


def title(evidence: dict[str, Any]) -> str:
    return _("プランをレビューして、承認するか差し戻す")


def heading(evidence: dict[str, Any], today: date) -> str:
    return _("レビューが止まっている")


def why(evidence: dict[str, Any], today: date) -> str:
    on = date.fromisoformat(evidence["submitted_on"])
    words = {"plan": evidence.get("plan", ""), "on": f"{on:%m/%d}", "days": (today - on).days}
    return _("「%(plan)s」は%(on)sに依頼されてから%(days)s日、承認も差し戻しもされていません") % words


def ending(today: date) -> Case:
    own = PlanReview.objects.annotate(key=Cast("pk", TextField()))
    decided = own.filter(
        account=OuterRef("account"), key=OuterRef("subject"), outcome__in=(Outcome.APPROVED, Outcome.RETURNED)
    )
    return Case(When(Exists(decided), then=Value("decided")), default=Value("withdrawn"))


@rule(
    number="R22",
    label=gettext_lazy("レビュー滞留"),
    kind=Kind.QUALITY,
    priority=Priority.HIGH,
    heading=heading,
    because=gettext_lazy("待っているあいだ、お客様との約束も止まります。"),
    title=title,
    why=why,
    sentence=gettext_lazy("プランのレビューが依頼されてから、{days}を過ぎても決まらないとき。"),
    options=(Number("days", gettext_lazy("待つ営業日"), 3, gettext_lazy("営業日"), highest=LONGEST),),
    endings={
        "decided": gettext_lazy("レビューが終わりました"),
        "withdrawn": gettext_lazy("依頼が取り下げられました"),
    },
    ending=ending,
    due_in=1,
    assignees=gettext_lazy("マネージャー"),
    is_for_managers=True,
    playbook=(Step(1, gettext_lazy("プランを読み、承認するか差し戻す")),),
)
def accounts_to_call(live: QuerySet[Any], today: date, values: Values) -> Iterator[QuerySet[Any]]:
    submitted_at = F("plans__reviews__submitted_at")
    # One filter() call: a second one would join the plans a second time.
    yield (
        live.alias(days=values["days"])
        .filter(
            plans__tenant=F("tenant"),
            plans__deleted_at__isnull=True,
            plans__state=PlanState.SUBMITTED,
            plans__reviews__tenant=F("tenant"),
            plans__reviews__outcome=Outcome.WAITING,
            plans__reviews__submitted_at__lt=too_long_ago(today),
        )
        .annotate(
            subject=Cast("plans__reviews__pk", TextField()),
            occurrence=Value("", output_field=TextField()),
            evidence=JSONObject(
                plan=F("plans__title"),
                submitted_on=TruncDate(submitted_at, tzinfo=timezone.get_current_timezone()),
            ),
            opens=Value(True),
        )
    )


def too_long_ago(today: date) -> Case:
    """Before which moment a plan waits for too long, by the number of workdays that an account allows."""
    calendar, zone, on, whens = Calendar.read(), timezone.get_current_timezone(), today, []
    for days in range(1, LONGEST + 1):
        while calendar.add_workdays(on, days) >= today:
            on -= timedelta(days=1)
        moment = datetime.combine(on + timedelta(days=1), time(), zone)
        whens.append(When(days=days, then=Value(moment, output_field=DateTimeField())))
    return Case(*whens, output_field=DateTimeField())
