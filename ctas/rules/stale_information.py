"""情報の鮮度: what we know of a customer has grown old (S1 1.7–1.18).

Two things grow old. Figures: the fiscal year ended some months ago and nobody has read what the company published; the
occurrence is that year. It is asked only of listed companies and of those whose figures we have followed so far. Facts:
values of a section of the sheet are older than their fields allow; the occurrence is the day the last of them grew old.
While its CTA is open it keeps its occurrence, so that half of the work done is not a new CTA.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Case,
    DateField,
    Exists,
    F,
    Func,
    IntegerField,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, JSONObject
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.fiscal import FiscalClosing
from accounts.models import FinancialFigure
from accounts.models.financial import FigureState
from accounts.sheet.editions import section_titles
from ctas.models import Cta
from ctas.options import Number, Values
from ctas.registry import Kind, Step, rule
from ui.expressions import MonthsAfter, MonthsBefore
from ui.querying import looked_up

CODE = "stale_information"
FIGURES = "figures"
YEAR = 12
MONTHS_OF_A_YEAR = 11
"""A period that ended within so many months before a year's end is that year's, also where the closing was moved."""


def title(evidence: dict[str, Any]) -> str:
    if "section" in evidence:
        return _("「%(section)s」の古い値を確かめ直す") % {
            "section": section_titles().get(evidence["section"], evidence["section"])
        }
    return _("決算を読み、業績の表に入れる")


def heading(evidence: dict[str, Any], today: date) -> str:
    return _("知っていることが古くなった")


def why(evidence: dict[str, Any], today: date) -> str:
    if "section" in evidence:
        words = {"n": evidence["cells"], "day": f"{date.fromisoformat(evidence['fresh_until']):%Y/%m/%d}"}
        return _("古くなった値が%(n)s件あります。いちばん早いものは%(day)sまでの値です") % words
    end = date.fromisoformat(evidence["ends_on"])
    words = {"year": evidence["year"], "day": f"{end:%Y/%m/%d}", "days": (today - end).days}
    return _("%(year)s年度は%(day)sに終わり、%(days)s日たちました。業績の表に数字がまだありません") % words


def ending(today: date) -> Case:
    next_year = Q(evidence__passes_on__lte=today.isoformat())
    return Case(
        When(~Q(subject=FIGURES), then=Value("confirmed")),
        When(next_year, then=Value("passed")),
        default=Value("read"),
    )


@rule(
    number="R24",
    label=gettext_lazy("情報の鮮度"),
    kind=Kind.QUALITY,
    heading=heading,
    because=gettext_lazy("古い数字と古い前提のまま話すと、お客様のほうが先に気づきます。"),
    title=title,
    why=why,
    sentence=gettext_lazy(
        "決算から{months}たっても、その年度の業績が入っていないとき。対象は上場企業と、前の年度の数字があるお客様。"
        "または、基本情報シートの値が、項目ごとに決めた期間より古くなったとき。"
    ),
    options=(Number("months", gettext_lazy("決算の何か月後"), 3, gettext_lazy("か月"), highest=12),),
    endings={
        "read": gettext_lazy("業績の数字が入りました"),
        "passed": gettext_lazy("次の年度の数字が出る時期になりました"),
        "confirmed": gettext_lazy("値が新しくなりました"),
    },
    ending=ending,
    due_in=5,
    assignees=gettext_lazy("CSM、休みなら代理"),
    playbook=(
        Step(5, gettext_lazy("有価証券報告書や決算短信を読み、値を新しくする")),
        Step(7, gettext_lazy("変わったことから、示唆を書き直す")),
    ),
)
def accounts_to_call(live: QuerySet[Any], today: date, values: Values) -> Iterator[QuerySet[Any]]:
    ended, years = years_to_read(live, today, values)
    if ended:
        yield unread(live, ended, years, values["months"])
    for section in section_titles():
        yield faded(live, section, today)


def unread(live: QuerySet[Any], ended: list[When], years: list[When], months: Any) -> QuerySet[Any]:
    """The accounts whose figures of the last year that should be out by now are not in the table; on ``passes_on`` the
    year after it takes its place."""
    followed = FinancialFigure.objects.filter(
        account=OuterRef("pk"), state=FigureState.KNOWN, financial_period__quarter=None,
        financial_period__deleted_at=None,
    )  # fmt: skip
    return (
        live.alias(
            ended=Case(*ended, output_field=DateField()), year=Case(*years, output_field=IntegerField())
        )
        .filter(Q(is_listed=True) | Exists(followed), ended__isnull=False)
        .filter(~Exists(figures_of(OuterRef("pk"), OuterRef("ended"))))
        .annotate(
            subject=Value(FIGURES, output_field=TextField()),
            occurrence=Cast("year", TextField()),
            evidence=JSONObject(
                ends_on=F("ended"),
                year=F("year"),
                passes_on=MonthsAfter(MonthsAfter(F("ended"), Value(YEAR)), months),
            ),
            opens=Value(True),
        )
    )


def figures_of(account: Any, end: Any) -> QuerySet[FinancialFigure]:
    """What somebody wrote of the fiscal year that ends on ``end``: an amount, or that it is not disclosed."""
    return FinancialFigure.objects.filter(
        account=account,
        financial_period__quarter=None,
        financial_period__deleted_at=None,
        financial_period__ends_on__lte=end,
        financial_period__ends_on__gt=MonthsBefore(end, Value(MONTHS_OF_A_YEAR)),
    ).exclude(state=FigureState.UNKNOWN)


def years_to_read(live: QuerySet[Any], today: date, values: Values) -> tuple[list[When], list[When]]:
    """For each closing that customers have: when the last year ended whose figures should be out, and its name."""
    known = (
        live.filter(fiscal_month__isnull=False)
        .order_by()
        .values_list("fiscal_month", "fiscal_day")
        .distinct()
    )
    ended, years = [], []
    for month, day in known:
        closing = FiscalClosing.stored(month, day)
        this_year = closing.fiscal_year(today + timedelta(days=1))
        last, before = closing.fiscal_year_end(this_year - 1), closing.fiscal_year_end(this_year - 2)
        same = (
            Q(fiscal_month=month, fiscal_day=day) if day else Q(fiscal_month=month, fiscal_day__isnull=True)
        )
        is_out = Q(LessThanOrEqual(MonthsAfter(last, values["months"]), today))
        ended += [When(same & is_out, then=day_of(last)), When(same, then=day_of(before))]
        years += [When(same & is_out, then=Value(this_year - 1)), When(same, then=Value(this_year - 2))]
    return ended, years


def day_of(end: date) -> Value:
    return Value(end, output_field=DateField())


def faded(live: QuerySet[Any], section: str, today: date) -> QuerySet[Any]:
    """The accounts with values in that section that are older than they may be."""
    old = Func(
        F("resolutions__fades"),
        Value(f"$.{section}[*] ? (@ < $today)"),
        Value(f'{{"today": "{today}"}}'),
        template="jsonb_path_query_array(%(expressions)s)",
        arg_joiner=", ",
        output_field=JSONField(),
    )
    standing = Cta.objects.open().filter(rule=CODE, subject=section).order_by()
    kept = looked_up(standing.values(key=F("account_id"), value=F("occurrence")), F("pk"), TextField())
    return (
        live.filter(resolutions__tenant=F("tenant"), resolutions__fades__has_key=section)
        .alias(old=old)
        .alias(cells=Func(F("old"), function="jsonb_array_length", output_field=IntegerField()))
        .filter(cells__gt=0)
        .annotate(
            subject=Value(section, output_field=TextField()),
            occurrence=Coalesce(kept, at(-1), output_field=TextField()),
            evidence=JSONObject(section=Value(section), cells=F("cells"), fresh_until=at(0)),
            opens=Value(True),
        )
    )


def at(place: int) -> Func:
    """One of the days on which the old values were fresh for the last time; they are in order."""
    return Func(
        F("old"), Value(place), template="(%(expressions)s)", arg_joiner=" ->> ", output_field=TextField()
    )
