from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.backcast import Renewal, backcast
from accounts.fiscal import FiscalClosing
from accounts.models import (
    Account,
    Activity,
    ActivityPerson,
    BudgetStatus,
    Contract,
    KeyPerson,
    Occasion,
    PersonRole,
)
from ctas import registry
from ctas.models import Cta, RuleSetting, Status
from tenants.scope import tenant_scope
from tests import make
from tests.ctas.verbs import fires, settles, stays_quiet
from tests.world import World

RULE = "budget_twist"
RENEWAL = date(2027, 3, 31)
OPENS = date(2026, 6, 30)  # six months before 2026-12-31


@pytest.fixture(autouse=True)
def scope(world: World) -> Any:
    with tenant_scope(world.tenant(), actor="test"):
        yield


def renewing(fiscal_month: int | None, renews_on: date = RENEWAL, **fields: Any) -> Account:
    account = make.account(fiscal_month=fiscal_month, **fields)
    Contract.objects.create(account=account, name="本契約", renews_on=renews_on)
    return account


def decider(account: Account) -> KeyPerson:
    person = KeyPerson.objects.create(account=account, name="大庭 正樹")
    PersonRole.objects.create(account=account, person=person, kind="economic_buyer")
    return person


def meet(account: Account, person: KeyPerson, on: date, state: str, member: Any) -> Activity:
    made = Activity.objects.create(
        account=account, kind="meeting", state=state, on=on, title="予算の話", written_by=member
    )
    ActivityPerson.objects.create(activity=made, person=person)
    return made


def test_a_year_that_closes_in_december_is_fixed_before_a_renewal_in_march_is_talked_about() -> None:
    account = renewing(12)
    stays_quiet(RULE, account, OPENS - timedelta(days=1))
    cta = fires(RULE, account, OPENS)
    assert cta.occurrence == "2027"
    assert cta.evidence == {
        "renews_on": "2027-03-31",
        "opens_on": "2026-06-30",
        "closes_on": "2026-11-30",
        "act_on": "2026-08-31",
        "year": 2027,
        "days": 90,
    }


def test_it_says_by_when_to_act() -> None:
    account = renewing(12)
    cta, why = fires(RULE, account, OPENS), registry.find(RULE).why
    twist = "更新 2027/03/31の90日前では、2027年度の予算(2026/11/30確定)に遅い"
    assert why(cta.evidence, OPENS) == f"{twist}。2026/08/31までに話す"
    assert why(cta.evidence, date(2026, 9, 1)) == f"{twist}。2026/11/30までに話す"
    after = "更新 2027/03/31を払う2027年度の予算は、2026/11/30に閉まりました"
    assert why(cta.evidence, date(2026, 12, 1)) == after


@pytest.mark.parametrize("day", [OPENS, date(2026, 10, 1), date(2027, 1, 15), date(2027, 3, 31)])
def test_a_year_that_closes_with_the_contract_is_quiet(day: date) -> None:
    stays_quiet(RULE, renewing(3), day)


@pytest.mark.parametrize(
    "fields", [{"fiscal_month": None}, {"stage": "prospect"}, {"stage": "churned"}, {"renews_on": OPENS}]
)
def test_what_is_unknown_not_live_or_already_there_is_quiet(fields: dict[str, Any]) -> None:
    stays_quiet(RULE, renewing(**{"fiscal_month": 12, **fields}), OPENS + timedelta(days=1))


def test_a_contract_that_is_decided_is_quiet() -> None:
    account = renewing(12)
    Contract.objects.filter(account=account).update(decision="renewed")
    stays_quiet(RULE, account, OPENS)


@pytest.mark.parametrize(("status", "closes"), [("considering", 0), ("included", 1), ("dropped", 1)])
def test_it_closes_when_the_budget_that_pays_is_decided(status: str, closes: int) -> None:
    account = renewing(12)
    cta = fires(RULE, account, OPENS)
    BudgetStatus.objects.create(account=account, fiscal_year=2026, status="included")
    assert settles(RULE, OPENS) == 0, "another year's budget says nothing"
    BudgetStatus.objects.create(account=account, fiscal_year=2027, status=status)
    assert settles(RULE, OPENS) == closes
    assert ending_of(cta) == ("settled" if closes else "")


def test_it_closes_when_the_decider_is_met_before_the_budget_is_fixed(world: World) -> None:
    account = renewing(12)
    person, cta = decider(account), fires(RULE, account, OPENS)
    meet(account, person, date(2026, 12, 1), "planned", world.csm)
    assert settles(RULE, OPENS) == 0, "a day after it is fixed is too late"
    planned = meet(account, person, date(2026, 11, 30), "planned", world.csm)
    assert settles(RULE, OPENS) == 1
    assert ending_of(cta) == "planned"
    Activity.objects.filter(pk=planned.pk).update(state="cancelled")
    fires(RULE, account, OPENS)


def test_somebody_who_does_not_decide_is_not_enough(world: World) -> None:
    account = renewing(12)
    person = KeyPerson.objects.create(account=account, name="若槻 智子")
    meet(account, person, date(2026, 8, 3), "planned", world.csm)
    fires(RULE, account, OPENS)


def test_a_plan_that_was_never_held_does_not_count(world: World) -> None:
    account = renewing(12)
    meet(account, decider(account), date(2026, 7, 6), "planned", world.csm)
    stays_quiet(RULE, account, date(2026, 7, 6))
    fires(RULE, account, date(2026, 7, 7))


def test_it_closes_when_the_contract_is_decided_or_its_day_is_moved() -> None:
    one, other = renewing(12), renewing(12)
    first, second = fires_for(one), fires_for(other)
    Contract.objects.filter(account=one).update(decision="lost")
    Contract.objects.filter(account=other).update(renews_on=date(2027, 1, 31))
    assert settles(RULE, OPENS) == 2
    assert (ending_of(first), ending_of(second)) == ("decided", "moved")


def test_what_the_customer_confirmed_decides() -> None:
    account = renewing(3)
    told = {"account": account, "state": "confirmed", "starts_on": date(2026, 12, 18)}
    Occasion.objects.create(kind="final", **told)
    cta = fires(RULE, account, date(2026, 10, 1))
    assert cta.evidence["closes_on"] == "2026-12-18"
    Occasion.objects.create(kind="draft", **{**told, "starts_on": date(2026, 10, 30)})
    settles(RULE, date(2026, 10, 1))
    cta.refresh_from_db()
    assert cta.evidence["act_on"] == "2026-10-30"


@pytest.mark.parametrize(
    "fields", [{"state": "proposed"}, {"starts_on": date(2026, 3, 31)}, {"kind": "busy"}]
)
def test_only_what_is_confirmed_of_this_budget_decides(fields: dict[str, Any]) -> None:
    account = renewing(3)
    told = {"kind": "final", "state": "confirmed", "starts_on": date(2026, 12, 18)}
    Occasion.objects.create(account=account, **{**told, **fields})
    stays_quiet(RULE, account, date(2026, 10, 1))


def test_every_threshold_can_be_an_accounts_own() -> None:
    account, on = renewing(3), {"rule": RULE, "set_on": OPENS}
    RuleSetting.objects.create(key="days", value="30", account=account, **on)
    cta = fires(RULE, account, date(2026, 10, 1))  # talked about on 2027-03-01, fixed on 2027-02-28
    RuleSetting.objects.create(key="ringi", value="150", account=account, **on)
    RuleSetting.objects.create(key="closes", value="0", account=account, **on)
    assert settles(RULE, date(2026, 10, 1)) == 1
    assert ending_of(cta) == "moved"


@settings(max_examples=25, deadline=None)
@given(
    st.builds(FiscalClosing, st.integers(1, 12), st.none() | st.integers(1, 27)),
    st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    st.integers(0, 500),
)
def test_it_fires_exactly_where_the_backcast_is_twisted(
    closing: FiscalClosing, today: date, ahead: int
) -> None:
    """The rule works in SQL over all rows, the page with the pure functions: both say the same."""
    renews_on = today + timedelta(days=ahead)
    account = renewing(closing.month, renews_on, fiscal_day=closing.day)
    found = backcast(closing, Renewal(renews_on))
    if found.is_twisted and found.opens_on <= today:
        cta = fires(RULE, account, today)
        assert cta.occurrence == str(found.pays_for)
        assert cta.evidence["closes_on"] == f"{found.closes_on}"
        assert cta.evidence["opens_on"] == f"{found.opens_on}"
    else:
        stays_quiet(RULE, account, today)
    Account.objects.filter(pk=account.pk).update(stage="churned")


def fires_for(account: Account) -> Cta:
    found: Cta = Cta.objects.filter(account=account).first() or fires(RULE, account, OPENS)
    return found


def ending_of(cta: Cta) -> str:
    cta.refresh_from_db()
    assert (cta.status == Status.RESOLVED) == bool(cta.ending)
    return cta.ending
