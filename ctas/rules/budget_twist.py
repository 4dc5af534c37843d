"""更新と予算のねじれ: the usual talk about a renewal would come after the budget that has to pay for it is fixed.

That budget is made in the fiscal year before the one that begins with the renewal (``accounts.backcast``). The occurrence is
the year that pays, named like ``BudgetStatus``. It is over when the budget of that year is decided, or when somebody meets
the economic buyer before it is fixed: the talk was moved earlier (S1 1.20).
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.backcast import RINGI_DAYS, TALK_DAYS
from accounts.fiscal import CLOSES_MONTHS, LEAD_MONTHS, FiscalClosing
from accounts.models import ActivityPerson, BudgetStatus, Contract, Occasion, PersonRole
from accounts.models.activity import ActivityState
from accounts.models.contract import Decision
from accounts.models.key_person import RoleKind
from accounts.models.occasion import OccasionKind, OccasionState
from accounts.proposing import draft_closes
from ctas.models import Priority
from ctas.options import Number, Values
from ctas.registry import Kind, Step, rule
from ctas.rules.budget_season import SETTLED
from ui.expressions import DaysBetween, EarlierOf, MonthsBefore


def title(evidence: dict[str, Any]) -> str:
    return _("予算が閉まる前に、更新の話を決裁者とする")


def heading(evidence: dict[str, Any], today: date) -> str:
    return _("更新の話が、予算に間に合わない")


def why(evidence: dict[str, Any], today: date) -> str:
    days = {key: date.fromisoformat(evidence[key]) for key in ("renews_on", "closes_on", "act_on")}
    words = {
        "renewal": f"{days['renews_on']:%Y/%m/%d}",
        "year": evidence["year"],
        "closes": f"{days['closes_on']:%Y/%m/%d}",
        "act": f"{days['act_on']:%Y/%m/%d}",
        "days": evidence["days"],
    }
    if days["closes_on"] < today:
        return _("更新 %(renewal)sを払う%(year)s年度の予算は、%(closes)sに閉まりました") % words
    by = _("%(act)sまでに話す") if days["act_on"] >= today else _("%(closes)sまでに話す")
    twist = _("更新 %(renewal)sの%(days)s日前では、%(year)s年度の予算(%(closes)s確定)に遅い") % words
    return f"{twist}。{by % words}"


def ending(today: date) -> Case:
    status = BudgetStatus.objects.annotate(named=Cast("fiscal_year", TextField())).filter(
        account=OuterRef("account"), named=OuterRef("occurrence"), status__in=SETTLED
    )
    undecided = Contract.objects.filter(account=OuterRef("account"), decision=Decision.UNDECIDED)
    talk = talks(today, OuterRef("account"), said("opens_on"), said("closes_on"))
    return Case(
        When(Exists(status), then=Value("settled")),
        When(~Exists(undecided), then=Value("decided")),
        When(Exists(talk), then=Value("planned")),
        default=Value("moved"),
    )


def said(key: str) -> Cast:
    """A day of the evidence, for a query within one of CTAs."""
    return Cast(KeyTextTransform(key, OuterRef("evidence")), DateField())


@rule(
    number="R29",
    label=gettext_lazy("更新と予算のねじれ"),
    kind=Kind.RISK,
    priority=Priority.HIGH,
    heading=heading,
    because=gettext_lazy("更新は、先方の予算に載って決まります。契約の日付だけを見ていると、払う予算がもう閉まっています。"),
    title=title,
    why=why,
    sentence=gettext_lazy(
        "更新日の{days}前が、その更新を払う予算の確定(年度末の{closes}前)より後になるとき。"
        "稟議に{ringi}かかるものとして、年度末の{lead}前から知らせる。"
    ),
    options=(
        Number("days", gettext_lazy("ふだん更新の話をする日"), TALK_DAYS, gettext_lazy("日")),
        Number(
            "closes", gettext_lazy("年度末の何か月前に予算が固まるか"), CLOSES_MONTHS, gettext_lazy("か月"),
            lowest=0, highest=6,
        ),
        Number("ringi", gettext_lazy("稟議にかかる日数"), RINGI_DAYS, gettext_lazy("日"), lowest=0),
        Number("lead", gettext_lazy("年度末の何か月前から知らせるか"), LEAD_MONTHS, gettext_lazy("か月"), highest=12),
    ),
    endings={
        "settled": gettext_lazy("来期予算が決まりました"),
        "decided": gettext_lazy("更新の判断が入りました"),
        "planned": gettext_lazy("予算が閉まる前に、決裁者と会うことになりました"),
        "moved": gettext_lazy("更新日か決算月が変わりました"),
    },
    ending=ending,
    due_in=5,
    assignees=gettext_lazy("CSM、営業も一緒に"),
    has_seller=True,
    playbook=(
        Step(2, gettext_lazy("予算の締めと、決める場を確かめる")),
        Step(5, gettext_lazy("更新の話を早める:予算が閉まる前に決裁者と会う日を決める")),
        Step(10, gettext_lazy("効果を金額にした資料を渡す")),
        Step(15, gettext_lazy("稟議に要る見積もりを、部門案の締めまでに出す")),
    ),
)  # fmt: skip
def accounts_to_call(live: QuerySet[Any], today: date, values: Values) -> Iterator[QuerySet[Any]]:
    ends, drafts, years = closings_before_renewal(live, today)
    if not ends:
        return
    undecided = Contract.objects.filter(
        account=OuterRef("pk"), decision=Decision.UNDECIDED, renews_on=OuterRef("renews_on")
    )
    status = BudgetStatus.objects.filter(
        account=OuterRef("pk"), fiscal_year=OuterRef("year"), status__in=SETTLED
    )
    ringi_on = ExpressionWrapper(F("renews_on") - values["ringi"], output_field=DateField())
    yield (
        live.filter(Exists(undecided), renews_on__gte=today)
        .alias(
            ends_on=Case(*ends, output_field=DateField()),
            year=Case(*years, output_field=IntegerField()),
        )
        .filter(ends_on__isnull=False)
        .alias(
            opens_on=MonthsBefore(F("ends_on"), values["lead"]),
            closes_on=Coalesce(confirmed(OccasionKind.FINAL), MonthsBefore(F("ends_on"), values["closes"])),
            draft_on=Coalesce(confirmed(OccasionKind.DRAFT), Case(*drafts, output_field=DateField())),
        )
        .alias(spare=DaysBetween(F("renews_on"), F("closes_on")))
        .filter(~Exists(status), opens_on__lte=today, spare__gt=values["days"])
        .filter(~Exists(talks(today, OuterRef("pk"), OuterRef("opens_on"), OuterRef("closes_on"))))
        .annotate(
            subject=Value("", output_field=TextField()),
            occurrence=Cast("year", TextField()),
            evidence=JSONObject(
                renews_on=F("renews_on"),
                opens_on=F("opens_on"),
                closes_on=F("closes_on"),
                act_on=EarlierOf(F("draft_on"), ringi_on),
                year=F("year"),
                days=values["days"],
            ),
            opens=Value(True),
        )
    )


def closings_before_renewal(live: QuerySet[Any], today: date) -> tuple[list[When], list[When], list[When]]:
    """For each closing that customers have, by the renewal: the year end on or before it, the departments' drafts of the
    budget made in that year, and the fiscal year that this budget pays for.

    Constants per closing and year, as in ``budget_season``; a renewal further away than these is of no concern yet.
    """
    known = (
        live.filter(fiscal_month__isnull=False, renews_on__gte=today)
        .order_by()
        .values_list("fiscal_month", "fiscal_day")
        .distinct()
    )
    ends, drafts, years = [], [], []
    for month, day in known:
        closing = FiscalClosing.stored(month, day)
        same = Q(fiscal_month=month, fiscal_day=day)
        if not day:
            same = Q(fiscal_month=month, fiscal_day__isnull=True)
        present = closing.fiscal_year(today)
        for year in (present + 1, present, present - 1):
            end, after = closing.fiscal_year_end(year), closing.fiscal_year_end(year + 1)
            follows = same & Q(renews_on__gte=end, renews_on__lt=after)
            ends.append(When(follows, then=Value(end, output_field=DateField())))
            drafts.append(When(follows, then=Value(draft_closes(end), output_field=DateField())))
            years.append(When(follows, then=Value(year + 1)))
    return ends, drafts, years


def confirmed(kind: OccasionKind) -> Subquery:
    """The day that the customer confirmed for the budget which is made in the year that ends on ``ends_on``."""
    told = Occasion.objects.filter(
        account=OuterRef("pk"),
        kind=kind,
        state=OccasionState.CONFIRMED,
        starts_on__lte=OuterRef("ends_on"),
        starts_on__gt=MonthsBefore(OuterRef("ends_on"), 12),
    )
    return Subquery(told.order_by("-starts_on").values("starts_on")[:1])


def talks(today: date, account: Any, opens_on: Any, closes_on: Any) -> QuerySet[Any]:
    """That somebody of ours met or will meet an economic buyer of the account within these days."""
    decides = PersonRole.objects.filter(person=OuterRef("person"), kind=RoleKind.ECONOMIC_BUYER).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    )
    stands = Q(activity__state=ActivityState.HELD) | Q(
        activity__state=ActivityState.PLANNED, activity__on__gte=today
    )
    return ActivityPerson.objects.filter(
        stands,
        Exists(decides),
        activity__account=account,
        activity__deleted_at=None,
        activity__on__gte=opens_on,
        activity__on__lte=closes_on,
    )
