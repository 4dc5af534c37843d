"""Plans of the demo on their way past the manager: some wait, one waits again, one came back; one slipped."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from accounts.models import Account
from success_plans import commenting, reviewing
from success_plans.models import ActionItem, Criterion, Objective, PlanReview, SuccessPlan
from success_plans.periods import proposals, quarters
from success_plans.versions import give_reason, kept_of
from tenants.models import Membership
from workspace.demo.calendar import DemoCalendar
from workspace.demo.typed import deepen_and_widen

WAITS, CAME_BACK = "submitted", "returned"


@dataclass(frozen=True)
class DemoReview:
    """The next plan of a company, ``goals`` by their name in ``plans`` (of an adoption plan in ``typed``), handed in that
    many days ago.

    ``returned`` is why it came back before; one that waits again was handed in a second time.
    """

    company: str
    goals: str
    days: int
    plan_type: str = "customer_objective"
    state: str = WAITS
    returned: str = ""


REVIEWS = (
    DemoReview(
        "torei", "unproven", 0, returned="目標1の測り方が空です。どの画面の、どの数字で120席と言えますか"
    ),
    DemoReview("kirishima", "", 1, "adoption"),
    DemoReview("kayo", "recovery", 2, "recovery"),
    DemoReview("seiran", "good", 3),
    DemoReview("wakaayu", "", 6, "adoption"),
    DemoReview(
        "asunaro",
        "thin",
        3,
        state=CAME_BACK,
        returned="「早くする」は人によって違います。何時間を、いつまでにですか",
    ),
)


def load_reviews(
    account: Account,
    key: str,
    calendar: DemoCalendar,
    manager: Membership,
    write: Callable[[SuccessPlan, str], None],
) -> None:
    """``write`` fills a plan with goals by their name."""
    for given in REVIEWS:
        if given.company == key:
            is_adoption = given.plan_type == "adoption"
            period = (quarters if is_adoption else proposals)(account.closing, calendar.today)[1]
            plan = SuccessPlan.objects.create(
                account=account, plan_type=given.plan_type, title=period.title, starts_on=period.starts_on,
                ends_on=period.ends_on, created_at=calendar.moment(-given.days - 7),
            )  # fmt: skip
            if is_adoption:
                deepen_and_widen(plan, key, calendar.today)
            else:
                write(plan, given.goals)
            pass_by(plan, given, calendar, manager)


def pass_by(plan: SuccessPlan, given: DemoReview, calendar: DemoCalendar, manager: Membership) -> None:
    if given.returned:
        reviewing.submit(plan, plan.account.csm)
        review = reviewing.send_back(plan, manager, given.returned)
        before = given.days + (2 if given.state == WAITS else 0)
        PlanReview.objects.filter(pk=review.pk).update(
            submitted_at=calendar.moment(-before - 1, 17), decided_at=calendar.moment(-before, 11)
        )
    if given.state == WAITS:
        review = reviewing.submit(plan, plan.account.csm)
        PlanReview.objects.filter(pk=review.pk).update(submitted_at=calendar.moment(-given.days, 9))


# A plan that was approved when it began, and what became of it since

SLIPPED = {"torei": ("1件の応対時間(仙台)", 21, "仙台の新人研修が1か月延び、測り始めが遅れたため")}
"""The criterion whose due date moved, by how many days, and why. One action moved too, and nobody has said why."""


def begin(plan: SuccessPlan, key: str, calendar: DemoCalendar, manager: Membership) -> None:
    reviewing.submit(plan, plan.account.csm)
    review = reviewing.approve(plan, manager)
    plan.activate()
    PlanReview.objects.filter(pk=review.pk).update(
        submitted_at=calendar.moment(-48, 17), decided_at=calendar.moment(-47, 11)
    )
    if key in SLIPPED:
        slip(plan, *SLIPPED[key])
        talk(plan, manager)


def slip(plan: SuccessPlan, metric: str, days: int, reason: str) -> None:
    criterion = Criterion.objects.get(objective__plan=plan, metric=metric)
    criterion.due_on += timedelta(days=days)
    criterion.save(update_fields=["due_on"])
    action = ActionItem.objects.filter(plan=plan, due_on__isnull=False).order_by("-due_on").first()
    action.due_on += timedelta(days=14)
    action.save(update_fields=["due_on"])
    give_reason(
        plan,
        str(criterion.pk),
        "due_on",
        kept_of("criterion", criterion).fields["due_on"],
        reason,
        plan.account.csm,
    )


def talk(plan: SuccessPlan, manager: Membership) -> None:
    """About the goal that says the least, and one more that nobody has answered."""
    vague = Objective.objects.filter(plan=plan).order_by("-position").first()
    first = commenting.comment(
        plan,
        f"objective:{vague.pk}:statement",
        f"@{plan.account.csm.name} 若槻さんは、何をもってCX向上と社内で話していますか。稟議書の言い回しを確かめてください。",
        manager,
    )
    commenting.reply(
        first, "稟議書には「再問い合わせ率15%以下」とありました。若槻さんと数字を決めます。", plan.account.csm
    )
    late = ActionItem.objects.get(plan=plan, text__startswith="IVR")
    commenting.comment(
        plan, f"action:{late.pk}:due_on", "戸川さんが何を心配しているか、聞けていますか。", manager
    )
