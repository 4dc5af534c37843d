"""What came of the half before in the demo: the example of S4 4.22, and days agreed on for the half that runs."""

from datetime import timedelta

from accounts.models import Account
from success_plans import results
from success_plans.models import (
    ActionItem,
    Checkpoint,
    Criterion,
    Objective,
    ResultFigure,
    ResultReview,
    SuccessPlan,
)
from success_plans.models.objective import Direction
from tenants.models import Membership
from workspace.demo.calendar import DemoCalendar

COMPANY = "torei"
PARTS = (
    ("在籍", "3か月以内", 46, 28, 33),
    ("在籍", "4か月以上", 12, 11, 12),
    ("拠点", "仙台", 28, 20, 21),
    ("拠点", "札幌", 33, 22, 30),
)
"""Axis, part, previous, planned, actual."""
ACTIONS = (
    ("募集要項に1日の応対件数と繁忙期を書く", "done", "3拠点すべて"),
    ("面接で仕事のきつさを説明する資料を使う", "done", "仙台のみ"),
    ("入社2週目に面談する", "todo", ""),
)
ANALYSIS = (
    "仙台は面接での説明まで行い、3か月以内の離職が大きく下がった。札幌は募集要項だけで、ほぼ変わっていない。"
    "伝え方ではなく伝えた量の差とみる。施策は有効なので、札幌でも面接の説明を行う。"
)
POINTS = {
    "torei": ("自己解決率", ((-12, 45, 45.5), (18, 49, None))),
    "kirishima": ("自己解決率", ((-6, 47, None),)),
}
"""Days from the day of loading, planned and actual."""


def load_results(
    account: Account, key: str, plan: SuccessPlan | None, calendar: DemoCalendar, csm: Membership
) -> None:
    if key in POINTS and plan:
        agree(plan, *POINTS[key], calendar)
    if key == COMPANY and plan:
        look_back(last_half(account, plan, calendar), calendar, csm)


def agree(plan: SuccessPlan, metric: str, points: tuple, calendar: DemoCalendar) -> None:
    for criterion in Criterion.objects.filter(objective__plan=plan, metric=metric)[:1]:
        for days, planned, actual in points:
            Checkpoint.objects.create(
                account_id=plan.account_id,
                criterion=criterion,
                on=calendar.day(days),
                planned=planned,
                actual=actual,
            )


def last_half(account: Account, plan: SuccessPlan, calendar: DemoCalendar) -> Objective:
    """Before ``plan`` began: a plan that is over, with one objective."""
    ends_on = plan.starts_on - timedelta(days=1)
    closing = account.closing
    assert closing is not None
    starts_on = closing.half_start(closing.fiscal_year(ends_on), closing.half(ends_on))
    before = SuccessPlan.objects.create(
        account=account, title="上期 離職率の改善", state="completed", starts_on=starts_on, ends_on=ends_on,
        created_at=calendar.moment(-230),
    )  # fmt: skip
    objective = Objective.objects.create(
        account=account, plan=before, statement=f"{ends_on.year}年{ends_on.month}月末までに、新人の離職率を30%から21%へ下げる",
        why="採用と研修の費用が応対コストの2割を占める", evidence="想定外のきつさによる離職が、入社3か月以内に集まっている",
    )  # fmt: skip
    Criterion.objects.create(
        account=account, objective=objective, metric="離職率", direction=Direction.DOWN, unit="%", baseline=30, actual=25,
        target=21, due_on=ends_on, method="人事部の月次報告", review_on=ends_on,
    )  # fmt: skip
    for place, (text, state, quantity) in enumerate(ACTIONS, 1):
        ActionItem.objects.create(
            account=account, plan=before, objective=objective, position=place, text=text, state=state, quantity=quantity,
            due_on=ends_on, done_on=ends_on if state == "done" else None, assignee=account.csm,
        )  # fmt: skip
    return objective


def look_back(objective: Objective, calendar: DemoCalendar, csm: Membership) -> None:
    review = results.begin(objective)
    total = ResultFigure.objects.get(review=review)
    for axis, part, previous, planned, actual in PARTS:
        ResultFigure.objects.create(
            account_id=review.account_id, review=review, criterion_id=total.criterion_id, metric=total.metric,
            direction=total.direction, unit=total.unit, axis=axis, part=part, previous=previous, planned=planned,
            actual=actual, source=total.source,
        )  # fmt: skip
    results.confirm_figures(review, csm)
    ResultReview.objects.filter(pk=review.pk).update(
        quantity=67, quantity_note="3つの施策のうち2つ。面接の説明は3拠点のうち1拠点", quality="partly",
        quality_note="仙台は狙いどおり、札幌は募集要項のみ", analysis=ANALYSIS, held_on=calendar.day(-30),
    )  # fmt: skip
    review.refresh_from_db()
    results.decide(review, "execute", "", csm)
