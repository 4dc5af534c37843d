"""SMART不足: an active plan cannot be followed as it is written (S1 1.30–1.33).

Four checks, each an occurrence of its own for the plan: goals that say too little, actions without who or when, a review
day that has passed, and goals that nobody works on.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    Count,
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

from ctas.options import Number, Values
from ctas.registry import Kind, Step, rule
from success_plans.completeness import LETTERS
from success_plans.models import ActionItem, Criterion, Objective, SuccessPlan
from success_plans.models.action import OPEN
from success_plans.models.plan import PlanState
from success_plans.queue import lacks

GOALS, ACTIONS, REVIEW, IDLE = "goals", "actions", "review", "idle"
SHARE = 100 // len(LETTERS)


def title(evidence: dict[str, Any]) -> str:
    return {
        GOALS: _("目標の足りないところを、お客様に聞いて埋める"),
        ACTIONS: _("アクションの担当と期日を決める"),
        REVIEW: _("過ぎた振り返りをして、次の日を決める"),
        IDLE: _("動いていない目標に、次のアクションを置く"),
    }.get(evidence.get("check", ""), _("プランの足りないところを埋める"))


def heading(evidence: dict[str, Any], today: date) -> str:
    return _("プランに、決まっていないところがある")


def why(evidence: dict[str, Any], today: date) -> str:
    words = {"plan": evidence.get("plan", ""), "n": evidence.get("n", 0)}
    said = {
        GOALS: _("「%(plan)s」の目標%(n)s件は、SMARTが足りません"),
        ACTIONS: _("「%(plan)s」のアクション%(n)s件に、担当か期日がありません"),
        REVIEW: _("「%(plan)s」の基準%(n)s件は、振り返り日を過ぎました"),
        IDLE: _("「%(plan)s」の目標%(n)s件に、進めているアクションがありません"),
    }
    return said.get(evidence.get("check", ""), "") % words


def ending(today: date) -> Case:
    own = SuccessPlan.objects.annotate(key=Cast("pk", TextField()))
    active = own.filter(account=OuterRef("account"), key=OuterRef("subject"), state=PlanState.ACTIVE)
    return Case(When(Exists(active), then=Value("fixed")), default=Value("ended"))


@rule(
    number="R21",
    label=gettext_lazy("SMART不足"),
    kind=Kind.QUALITY,
    heading=heading,
    because=gettext_lazy("主体も期日もない計画は、結局やらないまま終わります。"),
    title=title,
    why=why,
    sentence=gettext_lazy(
        "実行中のプランに、SMARTの充足が{percent}に満たない目標、担当か期日のないアクション、"
        "過ぎた振り返り日、進めているアクションのない目標のどれかがあるとき。"
    ),
    options=(Number("percent", gettext_lazy("SMARTの充足"), 80, gettext_lazy("%"), lowest=20, highest=100),),
    endings={
        "fixed": gettext_lazy("足りないところが埋まりました"),
        "ended": gettext_lazy("プランが実行中ではなくなりました"),
    },
    ending=ending,
    due_in=3,
    assignees=gettext_lazy("CSM、休みなら代理"),
    playbook=(
        Step(3, gettext_lazy("分かるところを埋める")),
        Step(5, gettext_lazy("分からないところをお客様に聞く")),
    ),
)
def accounts_to_call(live: QuerySet[Any], today: date, values: Values) -> Iterator[QuerySet[Any]]:
    objectives = Objective.objects.filter(plan=OuterRef("plan"))
    work = ActionItem.objects.filter(objective=OuterRef("pk"), state__in=OPEN)
    thin = sum((Case(When(lacks(letter), then=Value(1)), default=Value(0)) for letter in LETTERS), Value(0))
    active = live.filter(
        plans__tenant=F("tenant"), plans__deleted_at__isnull=True, plans__state=PlanState.ACTIVE
    ).alias(plan=F("plans__pk"), named=F("plans__title"), percent=values["percent"])
    yield failing(
        active,
        GOALS,
        objectives.alias(met=100 - SHARE * thin).filter(met__lt=OuterRef("percent")),
    )
    yield failing(
        active,
        ACTIONS,
        ActionItem.objects.filter(
            plan=OuterRef("plan"), objective__deleted_at__isnull=True, state__in=OPEN
        ).filter(Q(due_on__isnull=True) | Q(assignee__isnull=True, customer_assignee__isnull=True)),
    )
    yield failing(
        active,
        REVIEW,
        Criterion.objects.filter(
            objective__plan=OuterRef("plan"), objective__deleted_at__isnull=True, review_on__lt=today
        ),
    )
    yield failing(active, IDLE, objectives.filter(~Exists(work)))


def failing(active: QuerySet[Any], check: str, wrong: QuerySet[Any]) -> QuerySet[Any]:
    """The active plans in which something is wrong, and how many of it."""
    return (
        active.alias(n=number_of(wrong))
        .filter(n__gt=0)
        .annotate(
            subject=Cast("plan", TextField()),
            occurrence=Value(check, output_field=TextField()),
            evidence=JSONObject(plan=F("named"), check=Value(check), n=F("n")),
            opens=Value(True),
        )
    )


def number_of(rows: QuerySet[Any]) -> Coalesce:
    one = rows.order_by().values(one=Value(1)).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(one), 0, output_field=IntegerField())
