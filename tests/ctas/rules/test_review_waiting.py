from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ctas.models import RuleSetting, Status
from success_plans import reviewing
from success_plans.models import Objective, PlanReview, SuccessPlan
from tenants.models import Holiday
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.ctas.verbs import fires, settles, stays_quiet
from tests.world import World

RULE = "review_waiting"
FRIDAY, THURSDAY, NEXT_FRIDAY = date(2026, 11, 13), date(2026, 11, 19), date(2026, 11, 20)


@pytest.fixture(autouse=True)
def scope(world: World) -> Any:
    with tenant_scope(world.tenant(), actor="test"):
        yield


@pytest.fixture
def plan(world: World) -> SuccessPlan:
    """Handed in late on Friday 2026-11-13."""
    found = make.row(
        SuccessPlan, world.account(), title="下期の計画", starts_on=FRIDAY, ends_on=date(2027, 3, 31)
    )
    make.row(Objective, world.account(), plan=found, statement="入電を減らす")
    reviewing.submit(found, world.csm)
    late = datetime(2026, 11, 13, 23, 50, tzinfo=ZoneInfo("Asia/Tokyo"))
    PlanReview.objects.filter(plan=found).update(submitted_at=late)
    return found  # type: ignore[no-any-return]


def test_it_fires_after_three_workdays_and_not_a_day_earlier(plan: SuccessPlan, world: World) -> None:
    stays_quiet(RULE, plan.account, date(2026, 11, 18))
    cta = fires(RULE, plan.account, THURSDAY)
    assert cta.subject == str(PlanReview.objects.get(plan=plan).pk)
    assert cta.assignee_id == world.member(Role.MANAGER).pk
    assert cta.evidence == {"plan": "下期の計画", "submitted_on": "2026-11-13"}


def test_a_day_off_of_the_company_is_waited_out(plan: SuccessPlan) -> None:
    Holiday.objects.create(on=date(2026, 11, 17), name="創立記念日")
    stays_quiet(RULE, plan.account, THURSDAY)
    fires(RULE, plan.account, NEXT_FRIDAY)


def test_the_days_are_the_tenants(plan: SuccessPlan) -> None:
    RuleSetting.objects.create(rule=RULE, key="days", value="4", set_on=FRIDAY)
    stays_quiet(RULE, plan.account, THURSDAY)
    fires(RULE, plan.account, NEXT_FRIDAY)


@pytest.mark.parametrize(
    ("outcome", "ending"), [("approve", "decided"), ("send_back", "decided"), ("withdraw", "withdrawn")]
)
def test_it_closes_when_somebody_decides(outcome: str, ending: str, plan: SuccessPlan, world: World) -> None:
    cta = fires(RULE, plan.account, THURSDAY)
    manager = world.member(Role.MANAGER)
    {
        "approve": lambda: reviewing.approve(plan, manager),
        "send_back": lambda: reviewing.send_back(plan, manager, "尺度は何ですか"),
        "withdraw": lambda: reviewing.withdraw(plan, world.csm),
    }[outcome]()
    assert settles(RULE, THURSDAY) == 1
    cta.refresh_from_db()
    assert (cta.status, cta.ending) == (Status.RESOLVED, ending)


def test_the_next_submission_is_a_new_occasion(plan: SuccessPlan, world: World) -> None:
    first = fires(RULE, plan.account, THURSDAY)
    reviewing.send_back(plan, world.member(Role.MANAGER), "尺度は何ですか")
    settles(RULE, THURSDAY)
    reviewing.submit(plan, world.csm)
    waits = PlanReview.objects.waiting().filter(plan=plan)
    waits.update(submitted_at=datetime(2026, 11, 19, 9, 0, tzinfo=ZoneInfo("Asia/Tokyo")))
    stays_quiet(RULE, plan.account, date(2026, 11, 24))
    assert fires(RULE, plan.account, date(2026, 11, 26)).pk != first.pk


def test_a_draft_and_a_plan_in_the_bin_are_quiet(plan: SuccessPlan, world: World) -> None:
    make.row(SuccessPlan, world.account("other"), starts_on=FRIDAY, ends_on=date(2027, 3, 31))
    plan.put_in_bin()
    stays_quiet(RULE, plan.account, THURSDAY)
    stays_quiet(RULE, world.account("other"), THURSDAY)
