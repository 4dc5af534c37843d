from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from accounts.models import Account, Activity
from ctas.models import RuleSetting, Status
from success_plans.models import SuccessPlan
from tenants.models import Membership
from tenants.scope import tenant_scope
from tests import make
from tests.ctas.verbs import fires, run, settles, stays_quiet
from tests.world import TODAY, World

RULE = "no_recent_note"
TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture(autouse=True)
def scope(world: World) -> Any:
    with tenant_scope(world.tenant(), actor="test"):
        yield


def old_account(**fields: Any) -> Account:
    return make.account(**{"tier": "high", "created_at": datetime(2026, 1, 5, tzinfo=TOKYO), **fields})


def note(account: Account, days_ago: int, **fields: Any) -> Activity:
    return make.row(Activity, account, on=TODAY - timedelta(days=days_ago), **fields)


def test_it_fires_on_the_seventh_day_and_not_on_the_sixth() -> None:
    account = old_account()
    note(account, 7)
    stays_quiet(RULE, account, TODAY - timedelta(days=1))
    cta = fires(RULE, account)
    assert cta.occurrence == "2026-11-12"
    assert cta.evidence == {"last_on": "2026-11-12", "days": 7}


@pytest.mark.parametrize("fields", [{"state": "planned"}, {"state": "cancelled"}])
def test_only_what_was_held_counts(fields: dict[str, str]) -> None:
    account = old_account()
    note(account, 2, **fields)
    fires(RULE, account)


def test_a_record_in_the_bin_does_not_count_and_a_restored_one_does() -> None:
    account = old_account()
    recent = note(account, 1)
    stays_quiet(RULE, account)
    recent.put_in_bin()
    cta = fires(RULE, account)
    recent.take_out_of_bin()
    assert settles(RULE, TODAY) == 1
    cta.refresh_from_db()
    assert (cta.status, cta.ending) == (Status.RESOLVED, "written")
    recent.put_in_bin()
    assert run(RULE, TODAY) == [cta.pk], "the same silence again is the same CTA, reopened"


def test_an_account_nobody_ever_wrote_about_fires_after_its_first_week() -> None:
    account = make.account(tier="high", created_at=datetime(2026, 11, 12, 9, tzinfo=TOKYO))
    stays_quiet(RULE, account, TODAY - timedelta(days=1))
    assert fires(RULE, account).evidence["last_on"] is None


def test_a_customer_who_went_live_this_week_is_new() -> None:
    stays_quiet(RULE, old_account(stage_since=TODAY - timedelta(days=3)))


@pytest.mark.parametrize(("tier", "is_watched"), [("high", True), ("", True), ("mid", False), ("low", False)])
def test_it_watches_high_touch_and_those_without_a_tier(tier: str, is_watched: bool) -> None:
    account = old_account(tier=tier)
    (fires if is_watched else stays_quiet)(RULE, account)


def test_the_tiers_can_be_widened() -> None:
    account = old_account(tier="low")
    RuleSetting.objects.create(rule=RULE, key="tiers", value="all", set_on=TODAY)
    fires(RULE, account)


def test_hand_edits_of_the_account_or_its_plan_count_but_jobs_and_imports_do_not(world: World) -> None:
    by_hand, by_plan, by_import = old_account(), old_account(), old_account()
    plan = make.row(SuccessPlan, by_plan)
    with tenant_scope(world.tenant(), member=world.csm):
        Account.objects.filter(pk=by_hand.pk).update(industry="小売")
        SuccessPlan.objects.filter(pk=plan.pk).update(title="来期の計画")
    with tenant_scope(world.tenant(), member=world.csm, actor="import:1"):
        Account.objects.filter(pk=by_import.pk).update(industry="小売")
    today = date.today() + timedelta(days=1)  # noqa: DTZ011  history is written with the real clock
    stays_quiet(RULE, by_hand, today)
    stays_quiet(RULE, by_plan, today)
    opened = fires(RULE, by_hand, today + timedelta(days=7))
    assert opened.evidence["last_on"]
    assert by_import.ctas.get().evidence["last_on"] is None


def test_a_new_record_ends_it_and_a_new_silence_is_a_new_occurrence() -> None:
    account = old_account()
    note(account, 10)
    first = fires(RULE, account)
    first.close()
    stays_quiet(RULE, account, TODAY + timedelta(days=3))
    note(account, 0)
    assert fires(RULE, account, TODAY + timedelta(days=7)).occurrence == "2026-11-19"


def test_the_deputy_gets_it_while_the_csm_is_away(world: World) -> None:
    second = world.member("second-csm")
    Membership.objects.filter(pk=world.csm.pk).update(
        leave_from=TODAY, leave_until=TODAY + timedelta(days=9), deputy=second
    )
    account = old_account(csm=world.csm)
    with_own_deputy = old_account(csm=world.csm, deputy=world.member("manager"))
    assert fires(RULE, account).assignee == second
    assert with_own_deputy.ctas.get().assignee == world.member("manager")


def test_without_a_csm_the_deputy_then_a_manager_gets_it(world: World) -> None:
    account, with_deputy = old_account(), old_account(deputy=world.csm)
    assert fires(RULE, account).assignee == world.member("manager")
    assert with_deputy.ctas.get().assignee == world.csm


def test_the_statements_do_not_grow_with_the_accounts(world: World) -> None:
    """A rule is a fixed number of statements, however many accounts there are."""
    old_account()
    run(RULE, TODAY)
    with connection.execute_wrapper(counter := Counter()):
        run(RULE, TODAY)
    few = counter.count
    for _ in range(5):
        old_account()
    with connection.execute_wrapper(counter := Counter()):
        run(RULE, TODAY)
    assert counter.count == few


class Counter:
    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Any, *args: Any) -> Any:
        self.count += 1
        return execute(*args)
