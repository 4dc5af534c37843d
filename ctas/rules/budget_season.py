"""来期予算準備: the customer's fiscal year ends within half a year and next year's budget is undecided.

The occurrence is the fiscal year the budget pays for, named by the calendar year it begins in, like ``BudgetStatus``.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateField,
    Exists,
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
from django.db.models.functions import Cast, Coalesce, JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.fiscal import LEAD_MONTHS, FiscalClosing, budget_season
from accounts.models import BudgetStatus
from accounts.models.contract import Budget
from ctas.models import Priority
from ctas.options import Number, Values
from ctas.registry import Kind, Step, rule
from ui.expressions import MonthsBefore

SETTLED = (Budget.INCLUDED, Budget.DROPPED)


def title(evidence: dict[str, Any]) -> str:
    return _("来期予算の日程と、決める場を確かめる")


def heading(evidence: dict[str, Any], today: date) -> str:
    in_season = today in budget_season(date.fromisoformat(evidence["ends_on"]))
    return _("予算策定が始まった") if in_season else _("来期予算の準備を始める")


def why(evidence: dict[str, Any], today: date) -> str:
    end = date.fromisoformat(evidence["ends_on"])
    words = {
        "month": end.month,
        "year": evidence["year"],
        "status": Budget(evidence.get("status", Budget.UNDECIDED)).label,
        "days": abs((end - today).days),
    }
    if end < today:
        return _("%(month)s月決算。%(year)s年度の予算は%(status)s。期末を%(days)s日過ぎました") % words
    return _("%(month)s月決算。%(year)s年度の予算は%(status)s。期末まで%(days)s日") % words


def ending(today: date) -> Case:
    passed = Q(evidence__ends_on__lt=today.isoformat())
    return Case(When(passed, then=Value("expired")), default=Value("settled"))


@rule(
    number="R03",
    label=gettext_lazy("来期予算準備"),
    kind=Kind.LIFECYCLE,
    priority=Priority.HIGH,
    heading=heading,
    because=gettext_lazy("ここで思い出されないと、来期予算に載りません。"),
    title=title,
    why=why,
    sentence=gettext_lazy("決算日の{lead}前を過ぎ、来期予算が未定か検討中のとき。"),
    options=(Number("lead", gettext_lazy("決算の何か月前"), LEAD_MONTHS, gettext_lazy("か月"), highest=12),),
    endings={
        "settled": gettext_lazy("来期予算が決まりました"),
        "expired": gettext_lazy("期限切れ。年度が終わりました"),
    },
    ending=ending,
    due_in=2,
    assignees=gettext_lazy("CSM、営業も一緒に"),
    has_seller=True,
    playbook=(
        Step(2, gettext_lazy("予算の日程と、決める場を確かめる")),
        Step(10, gettext_lazy("効果を金額にした資料を作る")),
        Step(15, gettext_lazy("決裁者と会う")),
        Step(20, gettext_lazy("稟議に使う見積もりを出す")),
        Step(40, gettext_lazy("予算に入ったかを確かめる")),
    ),
)
def accounts_to_call(live: QuerySet[Any], today: date, values: Values) -> Iterator[QuerySet[Any]]:
    ends, years = fiscal_years(live, today)
    if not ends:
        return
    status = BudgetStatus.objects.filter(account=OuterRef("pk"), fiscal_year=OuterRef("year"))
    yield (
        live.alias(
            ends_on=Case(*ends, output_field=DateField()), year=Case(*years, output_field=IntegerField())
        )
        .filter(ends_on__isnull=False)
        .filter(~Exists(status.filter(status__in=SETTLED)))
        .alias(opens_on=MonthsBefore(F("ends_on"), values["lead"]))
        .filter(opens_on__lte=today)
        .annotate(
            subject=Value("", output_field=TextField()),
            occurrence=Cast("year", TextField()),
            evidence=JSONObject(
                ends_on=F("ends_on"),
                year=F("year"),
                status=Coalesce(
                    Subquery(status.values("status")[:1]), Value(Budget.UNDECIDED), output_field=CharField()
                ),
            ),
            opens=Value(True),
        )
    )


def fiscal_years(live: QuerySet[Any], today: date) -> tuple[list[When], list[When]]:
    """For each closing that customers have: the end of its present year, and the year that the next budget pays for.

    Constants per closing, so the tested calendar of ``fiscal`` decides and not a second one in SQL.
    """
    known = (
        live.filter(fiscal_month__isnull=False)
        .order_by()
        .values_list("fiscal_month", "fiscal_day")
        .distinct()
    )
    ends, years = [], []
    for month, day in known:
        closing = FiscalClosing.stored(month, day)
        same = (
            Q(fiscal_month=month, fiscal_day=day) if day else Q(fiscal_month=month, fiscal_day__isnull=True)
        )
        ends.append(When(same, then=Value(closing.next_closing(today), output_field=DateField())))
        years.append(When(same, then=Value(closing.fiscal_year(today) + 1)))
    return ends, years
