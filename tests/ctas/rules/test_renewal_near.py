from datetime import date, timedelta
from typing import Any

import pytest

from accounts.models import Account, Contract
from ctas.models import Cta, Status
from tenants.scope import tenant_scope
from tests import make
from tests.ctas.verbs import fires, run, settles, stays_quiet
from tests.world import TODAY, World

RULE = "renewal_near"


@pytest.fixture(autouse=True)
def scope(world: World) -> Any:
    with tenant_scope(world.tenant(), actor="test"):
        yield


def renewing(days: int, **fields: Any) -> Contract:
    return Contract.objects.create(
        account=make.account(), name="本契約", renews_on=TODAY + timedelta(days=days), **fields
    )


@pytest.mark.parametrize(
    ("days", "occurrence"), [(180, "180"), (91, "180"), (90, "90"), (1, "90"), (0, "90"), (-3, "90")]
)
def test_it_fires_at_both_checkpoints(days: int, occurrence: str) -> None:
    contract = renewing(days)
    cta = fires(RULE, contract.account)
    assert cta.subject == str(contract.pk)
    assert cta.occurrence == f"{contract.renews_on}/{occurrence}"
    assert cta.evidence["renews_on"] == f"{contract.renews_on}"


@pytest.mark.parametrize("fields", [{"decision": "renewed"}, {"decision": "lost"}, {"decision": "cancelled"}])
def test_a_decided_contract_is_quiet(fields: dict[str, Any]) -> None:
    stays_quiet(RULE, renewing(60, **fields).account)


def test_it_stays_quiet_a_day_before_the_first_checkpoint() -> None:
    stays_quiet(RULE, renewing(181).account)


def test_a_contract_in_the_bin_is_quiet() -> None:
    contract = renewing(60)
    contract.put_in_bin()
    stays_quiet(RULE, contract.account)


def test_two_contracts_of_one_account_are_two_ctas() -> None:
    contract = renewing(60)
    Contract.objects.create(account=contract.account, name="追加席", renews_on=TODAY + timedelta(days=80))
    assert len(run(RULE, TODAY)) == 2


def test_the_second_checkpoint_is_a_second_cta_for_the_same_contract() -> None:
    contract = renewing(180)
    fires(RULE, contract.account)
    stays_quiet(RULE, contract.account, TODAY + timedelta(days=89))
    fires(RULE, contract.account, TODAY + timedelta(days=90))
    assert Cta.objects.filter(account=contract.account).open().count() == 2


def test_a_decision_closes_both_and_taking_it_back_reopens() -> None:
    contract = renewing(60)
    cta = fires(RULE, contract.account)
    Contract.objects.filter(pk=contract.pk).update(decision="renewed")
    assert settles(RULE, TODAY) == 1
    cta.refresh_from_db()
    assert (cta.status, cta.ending) == (Status.RESOLVED, "decided")
    Contract.objects.filter(pk=contract.pk).update(decision="undecided")
    assert run(RULE, TODAY) == [cta.pk]
    cta.refresh_from_db()
    assert (cta.status, cta.ending, cta.closed_at) == (Status.TODO, "", None)


def test_moving_the_date_out_closes_it_and_says_so() -> None:
    contract = renewing(60)
    cta = fires(RULE, contract.account)
    Contract.objects.filter(pk=contract.pk).update(renews_on=TODAY + timedelta(days=400))
    assert settles(RULE, TODAY) == 1
    cta.refresh_from_db()
    assert cta.ending == "moved"


def test_moving_the_date_a_little_is_a_new_occurrence() -> None:
    contract = renewing(60)
    fires(RULE, contract.account)
    Contract.objects.filter(pk=contract.pk).update(renews_on=TODAY + timedelta(days=70))
    assert fires(RULE, contract.account).evidence["renews_on"] == f"{TODAY + timedelta(days=70)}"
    assert Cta.objects.filter(account=contract.account).open().count() == 1


def test_what_a_person_closed_stays_closed_for_that_date() -> None:
    contract = renewing(60)
    fires(RULE, contract.account).close()
    stays_quiet(RULE, contract.account)
    stays_quiet(RULE, contract.account, TODAY + timedelta(days=5))


def test_what_somebody_works_on_is_asked_about_not_closed() -> None:
    contract, flagged = renewing(60), renewing(50)
    doing = fires(RULE, contract.account)
    red = Cta.objects.get(account=flagged.account)
    doing.start()
    red.flag("社長案件")
    Contract.objects.update(decision="renewed")
    assert settles(RULE, TODAY) == 0
    for cta in (doing, red):
        cta.refresh_from_db()
        assert cta.is_open and cta.gone_on == TODAY
    Contract.objects.update(decision="undecided")
    settles(RULE, TODAY)
    doing.refresh_from_db()
    assert doing.gone_on is None


def test_snoozed_ones_close_too() -> None:
    contract = renewing(60)
    fires(RULE, contract.account).snooze(TODAY + timedelta(days=20), "先方の稟議待ち")
    Contract.objects.update(decision="lost")
    assert settles(RULE, TODAY) == 1


def test_a_customer_who_leaves_closes_its_ctas() -> None:
    contract = renewing(60)
    cta = fires(RULE, contract.account)
    Account.objects.filter(pk=contract.account_id).update(stage="churned")
    assert settles(RULE, TODAY) == 1
    cta.refresh_from_db()
    assert cta.ending == "left"


def test_an_earlier_night_does_not_touch_what_was_opened_later() -> None:
    contract = renewing(90)
    cta = fires(RULE, contract.account)
    assert settles(RULE, date(2026, 1, 1)) == 0
    cta.refresh_from_db()
    assert cta.is_open


def test_the_seller_works_on_it_too(world: World) -> None:
    contract = Contract.objects.create(
        account=world.account(), name="本契約", renews_on=TODAY + timedelta(days=30)
    )
    cta = fires(RULE, contract.account)
    assert (cta.assignee, cta.co_assignee) == (world.csm, world.member("sales"))
    assert cta.due_on == date(2026, 11, 27)  # five workdays, the 23rd is a holiday
