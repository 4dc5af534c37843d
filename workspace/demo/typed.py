"""Plans of the demo that live by the rules of their type: quarters that read what is measured, and accounts that a CSM
and somebody of sales work on together."""

from datetime import date

from django.db.models import F

from accounts.models import Account, MetricDefinition, ProductFeature
from success_plans import adoption, objectives
from success_plans.models import ActionItem, Criterion, PlanTemplate, SuccessPlan
from success_plans.periods import proposals
from success_plans.templating import make_plan
from workspace.demo.calendar import DemoCalendar
from workspace.demo.metrics import SEATS

DEPTH = {"kirishima": (SEATS, "20"), "wakaayu": (SEATS, "30")}
BREADTH = {"kirishima": ("自動応答シナリオ", "有人切り替え", "配送状況の照会")}
STEPS = {
    "kirishima": "使っていない人の多い3部署に、席ごとの使い方を伝える",
    "wakaayu": "週に一度の使い方の会を開く",
}
ACCOUNT_PLANS = {"asunaro": "広げる、紹介してもらう"}
"""Companies with an account plan of the year, and the template that it was made from."""


def deepen_and_widen(plan: SuccessPlan, key: str, today: date) -> None:
    """The objectives of an adoption plan, with a step towards the first."""
    external_id, percent = DEPTH[key]
    metric = MetricDefinition.objects.get(external_id=external_id)
    first = objectives.add(adoption.deepen(plan, str(metric.pk), percent, today))
    ActionItem.objects.create(
        account=plan.account, plan=plan, objective=first, text=STEPS[key], assignee=plan.account.csm,
        due_on=first.criteria.get().review_on,  # type: ignore[attr-defined]
    )  # fmt: skip
    if names := BREADTH.get(key):
        found = ProductFeature.objects.filter(name__in=names).values_list("pk", flat=True)
        objectives.add(adoption.widen(plan, [str(pk) for pk in found], today))


def load_account_plan(account: Account, key: str, calendar: DemoCalendar) -> None:
    name = ACCOUNT_PLANS.get(key)
    template = PlanTemplate.objects.filter(name=name).first() if name else None
    if template:
        year = proposals(account.closing, calendar.today)[-1]
        plan = make_plan(
            template, account, calendar.today, title=f"{year.label} アカウント計画",
            starts_on=year.starts_on, ends_on=year.ends_on,
        )  # fmt: skip
        catch_up(plan, calendar)


def catch_up(plan: SuccessPlan, calendar: DemoCalendar) -> None:
    """The year is under way: what was due is done, and what was to be looked at is looked at soon."""
    ActionItem.objects.filter(plan=plan, due_on__lt=calendar.today).update(state="done", done_on=F("due_on"))
    criteria = Criterion.objects.filter(objective__plan=plan)
    criteria.update(baseline=0, actual=0)
    criteria.filter(review_on__lt=calendar.today).update(review_on=calendar.workday(20))
