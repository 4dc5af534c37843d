from datetime import date, timedelta
from typing import Any

import pytest

from accounts.models import Account, Activity
from ctas import registry
from ctas.models import Status
from success_plans.models import ScheduleStamp, SuccessPlan
from tenants.scope import tenant_scope
from tests import make
from tests.ctas.verbs import fires, run, settles, stays_quiet
from tests.world import World

RULE = "schedule_stale"
BEGAN = date(2026, 10, 1)
MONTH_LATER = date(2026, 11, 1)


@pytest.fixture(autouse=True)
def scope(world: World) -> Any:
    with tenant_scope(world.tenant(), actor="test"):
        yield


@pytest.fixture
def account() -> Account:
    found = make.account()
    SuccessPlan.objects.create(
        account=found, title="下期", state="active", starts_on=BEGAN, ends_on=date(2027, 3, 31)
    )
    return found


def stamp(account: Account, on: date, world: World) -> None:
    ScheduleStamp.objects.create(account=account, member=world.csm, on=on)


def meet(account: Account, on: date, world: World, **fields: Any) -> Activity:
    given = {"kind": "meeting", "state": "planned", "title": "月次定例", "written_by": world.csm}
    return Activity.objects.create(account=account, on=on, **{**given, **fields})  # type: ignore[no-any-return]


def test_a_month_without_a_stamp_is_told_once_that_month(account: Account) -> None:
    stays_quiet(RULE, account, MONTH_LATER - timedelta(days=1))
    cta = fires(RULE, account, MONTH_LATER)
    assert cta.occurrence == "month/2026-11"
    assert registry.find(RULE).why(cta.evidence, MONTH_LATER) == "見直し済の印がまだありません"


@pytest.mark.parametrize("state", ["draft", "completed", "cancelled"])
def test_without_a_running_plan_there_is_nothing_to_look_over(account: Account, state: str) -> None:
    SuccessPlan.objects.filter(account=account).update(state=state)
    stays_quiet(RULE, account, MONTH_LATER)


def test_a_stamp_settles_it_and_a_month_later_it_is_told_again(account: Account, world: World) -> None:
    cta = fires(RULE, account, MONTH_LATER)
    stamp(account, MONTH_LATER, world)
    assert settles(RULE, MONTH_LATER) == 1
    cta.refresh_from_db()
    assert (cta.status, cta.ending) == (Status.RESOLVED, "stamped")
    stays_quiet(RULE, account, date(2026, 12, 1))
    again = fires(RULE, account, date(2026, 12, 2))
    assert again.evidence == {"stamped_on": "2026-11-01"}
    assert registry.find(RULE).why(again.evidence, date(2026, 12, 2)) == "最後の見直しは31日前です"


@pytest.mark.parametrize(
    ("on", "quiet"),
    [(date(2026, 10, 9), False), (date(2026, 10, 13), False), (date(2026, 10, 14), True)],
)
def test_two_workdays_before_a_meeting(account: Account, world: World, on: date, quiet: bool) -> None:
    """2026-10-12 is a holiday, so two workdays after the 8th are the 13th."""
    made = meet(account, on, world)
    if quiet:
        return stays_quiet(RULE, account, date(2026, 10, 8))
    cta = fires(RULE, account, date(2026, 10, 8))
    assert cta.occurrence == f"meeting/{made.pk}"
    said = registry.find(RULE).why(cta.evidence, date(2026, 10, 8))
    assert said == f"{on:%m/%d}に「月次定例」。見直し済の印がまだありません"
    return None


@pytest.mark.parametrize(("days", "quiet"), [(6, True), (7, False)])
def test_a_stamp_of_the_week_is_enough_for_a_meeting(
    account: Account, world: World, days: int, quiet: bool
) -> None:
    day = date(2026, 10, 20)
    meet(account, day, world)
    stamp(account, day - timedelta(days=days), world)
    (stays_quiet if quiet else fires)(RULE, account, day)


@pytest.mark.parametrize(
    "fields", [{"state": "cancelled"}, {"state": "held"}, {"kind": "mail"}, {"kind": "update"}]
)
def test_only_meetings_to_come_ask_for_it(account: Account, world: World, fields: dict[str, Any]) -> None:
    meet(account, date(2026, 10, 20), world, **fields)
    stays_quiet(RULE, account, date(2026, 10, 20))


def test_a_meeting_that_is_over_closes_what_it_opened(account: Account, world: World) -> None:
    meet(account, date(2026, 10, 20), world)
    cta = fires(RULE, account, date(2026, 10, 20))
    run(RULE, date(2026, 10, 21))
    cta.refresh_from_db()
    assert (cta.status, cta.ending) == (Status.RESOLVED, "over")
