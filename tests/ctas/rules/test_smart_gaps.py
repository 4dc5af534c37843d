from datetime import date, timedelta
from typing import Any

import pytest

from accounts.models import KeyPerson
from ctas.models import Cta, RuleSetting, Status
from success_plans.models import ActionItem, Criterion, Objective, SuccessPlan
from tenants.scope import tenant_scope
from tests import make
from tests.ctas.verbs import fires, settles, stays_quiet
from tests.world import TODAY, World

RULE = "smart_gaps"
ENDS = date(2027, 3, 31)


@pytest.fixture(autouse=True)
def scope(world: World) -> Any:
    with tenant_scope(world.tenant(), actor="test"):
        yield


@pytest.fixture
def plan(world: World) -> SuccessPlan:
    """An active plan in which nothing is missing."""
    account = world.account()
    found = make.row(SuccessPlan, account, title="下期", state="active", starts_on=TODAY, ends_on=ENDS)
    objective = make.row(
        Objective, account, plan=found, statement="入電を月31,500件へ減らす", why="応対コスト", evidence="昨年の実績",
        customer_owner=make.row(KeyPerson, account),
    )  # fmt: skip
    make.row(
        Criterion, account, objective=objective, metric="入電数", direction="down", unit="件", baseline=42_000,
        target=31_500, due_on=ENDS, method="CTI月報", review_on=TODAY + timedelta(days=20),
    )  # fmt: skip
    make.row(
        ActionItem,
        account,
        plan=found,
        objective=objective,
        text="台本を10本書く",
        due_on=ENDS,
        assignee=world.csm,
    )
    return found  # type: ignore[no-any-return]


def test_a_whole_plan_is_quiet(plan: SuccessPlan) -> None:
    stays_quiet(RULE, plan.account)


def break_goal(plan: SuccessPlan) -> Any:
    Objective.objects.filter(plan=plan).update(why="", evidence="")
    return lambda: Objective.objects.filter(plan=plan).update(why="応対コスト")


def break_action(plan: SuccessPlan) -> Any:
    ActionItem.objects.filter(plan=plan).update(due_on=None)
    return lambda: ActionItem.objects.filter(plan=plan).update(due_on=ENDS)


def break_doer(plan: SuccessPlan) -> Any:
    doer = ActionItem.objects.get(plan=plan).assignee_id
    ActionItem.objects.filter(plan=plan).update(assignee=None)
    return lambda: ActionItem.objects.filter(plan=plan).update(assignee=doer)


def break_review(plan: SuccessPlan) -> Any:
    Criterion.objects.filter(objective__plan=plan).update(review_on=TODAY - timedelta(days=1))
    return lambda: Criterion.objects.filter(objective__plan=plan).update(review_on=TODAY)


def break_work(plan: SuccessPlan) -> Any:
    ActionItem.objects.filter(plan=plan).update(state="done")
    return lambda: ActionItem.objects.filter(plan=plan).update(state="doing")


@pytest.mark.parametrize(
    ("broken", "check"),
    [(break_goal, "goals"), (break_action, "actions"), (break_doer, "actions"), (break_review, "review"), (break_work, "idle")],
)  # fmt: skip
def test_each_check_fires_and_closes_when_it_is_mended(broken: Any, check: str, plan: SuccessPlan) -> None:
    mend = broken(plan)
    cta = fires(RULE, plan.account)
    assert (cta.subject, cta.occurrence) == (str(plan.pk), check)
    assert cta.evidence == {"plan": "下期", "check": check, "n": 1}
    mend()
    assert settles(RULE, TODAY) == 1
    cta.refresh_from_db()
    assert (cta.status, cta.ending) == (Status.RESOLVED, "fixed")


def test_one_letter_of_five_is_within_eighty_percent_unless_the_tenant_wants_all(plan: SuccessPlan) -> None:
    Objective.objects.filter(plan=plan).update(evidence="")
    stays_quiet(RULE, plan.account)
    RuleSetting.objects.create(rule=RULE, key="percent", value="100", set_on=TODAY)
    fires(RULE, plan.account)


def test_a_plan_that_ends_takes_its_ctas_along(plan: SuccessPlan) -> None:
    break_action(plan)
    cta = fires(RULE, plan.account)
    SuccessPlan.objects.filter(pk=plan.pk).update(state="completed")
    assert settles(RULE, TODAY) == 1
    cta.refresh_from_db()
    assert cta.ending == "ended"


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "approved", "completed", "cancelled"])
def test_only_what_is_under_way_is_looked_at(state: str, plan: SuccessPlan) -> None:
    break_action(plan)
    SuccessPlan.objects.filter(pk=plan.pk).update(state=state)
    stays_quiet(RULE, plan.account)


def test_what_lies_in_the_bin_is_not_missed(plan: SuccessPlan) -> None:
    Objective.objects.create(account=plan.account, plan=plan, statement="消した目標").put_in_bin()
    stays_quiet(RULE, plan.account)
    plan.put_in_bin()
    assert not Cta.objects.filter(rule=RULE).exists()
