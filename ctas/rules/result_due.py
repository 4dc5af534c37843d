"""結果レビュー: a day that was agreed on passed without a figure, or a target date without a review (S4 4.18–4.21).

Two checks. A checkpoint is settled by its actual, or by a value of the metric that its criterion reads; a target date by the
verdict of a result review. Old target dates open nothing: whoever begins to use reviews is not told of years.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Concat, JSONObject
from django.db.models.lookups import IsNull
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import MetricSample
from ctas.options import Number, Values
from ctas.registry import Kind, rule
from success_plans.models import Checkpoint, Criterion, ResultReview
from success_plans.models.plan import PlanState
from ui.expressions import days_before

CHECKPOINT, TARGET = "checkpoint", "target"
OPENS_FOR = 30
"""So many days after a target date passed, a CTA is opened for it."""
FRESH_DAYS = 31
"""A value counts for a checkpoint up to so many days before it: many figures come once a month."""
CRITERIA = "plans__objectives__criteria"


def title(evidence: dict[str, Any]) -> str:
    if evidence.get("check") == CHECKPOINT:
        return _("約束した日の実績を確かめて、残す")
    return _("結果レビューをする:数値、実行度、考察の順に")


def heading(evidence: dict[str, Any], today: date) -> str:
    return _("結果を確かめる日が過ぎている")


def why(evidence: dict[str, Any], today: date) -> str:
    words = {
        "plan": evidence.get("plan", ""),
        "metric": evidence.get("metric", ""),
        "on": f"{date.fromisoformat(evidence['on']):%m/%d}",
    }
    if evidence.get("check") == CHECKPOINT:
        return _("「%(plan)s」の%(metric)sは、約束した%(on)sの実績がまだありません") % words
    return _("「%(plan)s」の%(metric)sは期日の%(on)sを過ぎて、結果レビューがまだです") % words


def ending(today: date) -> Case:
    point = Checkpoint.objects.annotate(key=Cast("pk", TextField())).filter(
        account=OuterRef("account"), key=OuterRef("subject"), actual__isnull=False
    )
    criterion = Criterion.objects.annotate(key=Cast("pk", TextField())).filter(
        account=OuterRef("account"), key=OuterRef("subject")
    )
    reviewed = criterion.filter(Exists(decided(OuterRef("objective"))))
    return Case(
        When(Exists(point), then=Value("measured")),
        When(Exists(reviewed), then=Value("reviewed")),
        default=Value("moved"),
    )


@rule(
    number="R28",
    label=gettext_lazy("結果レビュー"),
    kind=Kind.REGULAR,
    heading=heading,
    because=gettext_lazy("先に事実、あとで意見。数値がなければ、次の一手は思いつきになります。"),
    title=title,
    why=why,
    sentence=gettext_lazy(
        "約束した確かめる日から{checkpoint}を過ぎても実績がないとき、"
        "または成功の基準の期日から{target}を過ぎても結果レビューの結論がないとき。"
    ),
    options=(
        Number(
            "checkpoint", gettext_lazy("確かめる日から待つ日数"), 0, gettext_lazy("日"), lowest=0, highest=60
        ),
        Number("target", gettext_lazy("期日から待つ日数"), 0, gettext_lazy("日"), lowest=0, highest=60),
    ),
    endings={
        "measured": gettext_lazy("実績が入りました"),
        "reviewed": gettext_lazy("結果レビューの結論が出ました"),
        "moved": gettext_lazy("日が変わったか、プランが終わりました"),
    },
    ending=ending,
    due_in=5,
    assignees=gettext_lazy("CSM、休みなら代理"),
)
def accounts_to_call(live: QuerySet[Any], today: date, values: Values) -> Iterator[QuerySet[Any]]:
    # One filter() call each, and aliases for what comes later: anything else would join the plans a second time.
    below = {
        "plans__tenant": F("tenant"),
        "plans__deleted_at__isnull": True,
        "plans__objectives__tenant": F("tenant"),
        "plans__objectives__deleted_at__isnull": True,
        "plans__objectives__criteria__tenant": F("tenant"),
        "plans__objectives__criteria__deleted_at__isnull": True,
    }
    points = f"{CRITERIA}__checkpoints"
    unmeasured = live.filter(
        **below,
        plans__state=PlanState.ACTIVE,
        **{
            f"{points}__tenant": F("tenant"),
            f"{points}__deleted_at__isnull": True,
            f"{points}__actual__isnull": True,
            f"{points}__on__lt": days_before(today, values[CHECKPOINT]),
        },
    ).alias(on=F(f"{points}__on"), read=F(f"{CRITERIA}__measured_by"), of_unit=F("plans__unit"))
    yield told(unmeasured.filter(~Exists(measured(today))), CHECKPOINT, F(f"{points}__pk"), Value(True))
    unreviewed = live.filter(
        **below,
        plans__state__in=(PlanState.ACTIVE, PlanState.COMPLETED),
        **{f"{CRITERIA}__due_on__lt": days_before(today, values[TARGET])},
    ).alias(on=F(f"{CRITERIA}__due_on"), objective=F("plans__objectives__pk"))
    reviewed = decided(OuterRef("objective"))
    recent = Case(When(on__gte=days_before(today, values[TARGET] + OPENS_FOR), then=True), default=False)
    yield told(unreviewed.filter(~Exists(reviewed)), TARGET, F(f"{CRITERIA}__pk"), recent)


def told(rows: QuerySet[Any], check: str, subject: Any, opens: Any) -> QuerySet[Any]:
    """Each passed day as one CTA; a day that was moved is another occurrence."""
    return rows.annotate(
        subject=Cast(subject, TextField()),
        occurrence=Concat(Value(f"{check}/"), Cast("on", TextField()), output_field=TextField()),
        evidence=JSONObject(
            plan=F("plans__title"), metric=F(f"{CRITERIA}__metric"), on=F("on"), check=Value(check)
        ),
        opens=opens,
    )


def measured(today: date) -> QuerySet[MetricSample]:
    """The metric that the criterion reads has a value about that day, or a later one."""
    samples = MetricSample.objects.filter(account=OuterRef("pk"), metric=OuterRef("read"), on__lte=today)
    of_unit = Q(unit=OuterRef("of_unit")) | Q(unit__isnull=True, whole=True)
    whole = samples.alias(whole=IsNull(OuterRef("of_unit"), True))
    return whole.filter(of_unit, on__gte=OuterRef("on") - timedelta(days=FRESH_DAYS))


def decided(objective: Any) -> QuerySet[ResultReview]:
    return ResultReview.objects.filter(objective=objective, decided_at__isnull=False)
