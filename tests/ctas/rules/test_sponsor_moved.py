from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Account, Activity, ActivityPerson, KeyPerson, PersonRole
from accounts.moving import Step, move, take_back
from ctas.models import Cta, RuleSetting, Status
from ctas.registry import find
from tenants.scope import tenant_scope
from tests import make
from tests.ctas.verbs import fires, run, settles, stays_quiet
from tests.world import TODAY, World

RULE = "sponsor_moved"


@pytest.fixture(autouse=True)
def scope(world: World) -> Any:
    with tenant_scope(world.tenant(), actor="test"):
        yield


@pytest.fixture
def champion() -> PersonRole:
    return role(make.account(), "若槻 智子")


def role(account: Account, name: str, kind: str = "champion", **fields: Any) -> PersonRole:
    person = KeyPerson.objects.create(account=account, name=name)
    return PersonRole.objects.create(account=account, person=person, kind=kind, **fields)  # type: ignore[no-any-return]


def met(person: KeyPerson, on: date, state: str = "held") -> Activity:
    activity = make.row(Activity, person.account, on=on, state=state)
    ActivityPerson.objects.create(activity=activity, person=person)
    return activity  # type: ignore[no-any-return]


def test_a_champion_in_office_is_quiet(champion: PersonRole) -> None:
    stays_quiet(RULE, champion.account)


@pytest.mark.parametrize("kind", ["transferred", "left"])
@pytest.mark.parametrize("held", ["champion", "economic_buyer"])
def test_whoever_leaves_fires_and_a_successor_we_have_met_closes_it(kind: str, held: str) -> None:
    leaving = role(make.account(), "三枝 千尋", held)
    successor = KeyPerson.objects.create(account=leaving.account, name="後任 太郎")
    gone = TODAY - timedelta(days=5)
    move(leaving.person, Step(kind, gone, successor=successor, passed_on={leaving.pk}))
    cta = fires(RULE, leaving.account)
    assert (cta.subject, cta.occurrence) == (str(leaving.pk), f"{gone}")
    assert cta.evidence == {
        "person": "三枝 千尋", "role": held, "state": kind, "event": "going", "on": f"{gone}",
    }  # fmt: skip
    met(successor, TODAY - timedelta(days=400))
    met(successor, TODAY - timedelta(days=1), state="planned")
    assert settles(RULE, TODAY) == 0, "neither last year's meeting nor a planned one is a handover"
    met(successor, TODAY - timedelta(days=1))
    assert settles(RULE, TODAY) == 1
    cta.refresh_from_db()
    assert (cta.status, cta.ending) == (Status.RESOLVED, "met")


def test_a_departure_to_come_fires_thirty_days_ahead(champion: PersonRole) -> None:
    PersonRole.objects.filter(pk=champion.pk).update(ends_on=TODAY + timedelta(days=30))
    stays_quiet(RULE, champion.account)
    cta = fires(RULE, champion.account, TODAY + timedelta(days=1))
    assert cta.occurrence == f"{TODAY + timedelta(days=31)}", "the first day without them"
    PersonRole.objects.filter(pk=champion.pk).update(ends_on=None)
    assert settles(RULE, TODAY + timedelta(days=1)) == 1
    cta.refresh_from_db()
    assert cta.ending == "stays"


def test_a_move_that_was_taken_back_closes_it(champion: PersonRole) -> None:
    made = move(champion.person, Step("transferred", TODAY))
    cta = fires(RULE, champion.account)
    take_back(made)
    assert settles(RULE, TODAY) == 1
    cta.refresh_from_db()
    assert cta.ending == "stays"


def test_the_lead_is_the_tenants(champion: PersonRole) -> None:
    PersonRole.objects.filter(pk=champion.pk).update(ends_on=TODAY + timedelta(days=40))
    RuleSetting.objects.create(rule=RULE, key="lead", value="60", set_on=TODAY)
    fires(RULE, champion.account)


def test_a_second_champion_we_meet_is_enough(champion: PersonRole) -> None:
    other = role(champion.account, "もう一人")
    met(other.person, TODAY - timedelta(days=20))
    move(champion.person, Step("left", TODAY))
    stays_quiet(RULE, champion.account)


def test_a_body_that_decides_is_enough_for_an_economic_buyer() -> None:
    buyer = role(make.account(), "決裁 一郎", "economic_buyer")
    body = KeyPerson.objects.create(account=buyer.account, name="経営会議", is_body=True)
    PersonRole.objects.create(account=buyer.account, person=body, kind="economic_buyer")
    move(buyer.person, Step("left", TODAY))
    stays_quiet(RULE, buyer.account)


def test_another_role_or_another_customer_does_not_take_over(champion: PersonRole) -> None:
    for other in (role(champion.account, "決裁", "economic_buyer"), role(make.account(), "よその推進者")):
        met(other.person, TODAY)
    move(champion.person, Step("left", TODAY))
    fires(RULE, champion.account)


def test_whoever_was_to_take_over_and_left_too_does_not_count(champion: PersonRole) -> None:
    other = role(champion.account, "もう一人")
    met(other.person, TODAY)
    for each in (champion, other):
        move(each.person, Step("left", TODAY))
    assert len(run(RULE, TODAY)) == 2


def test_what_was_years_ago_is_history(champion: PersonRole) -> None:
    move(champion.person, Step("left", TODAY - timedelta(days=181)))
    stays_quiet(RULE, champion.account)
    move(role(champion.account, "先月の人").person, Step("left", TODAY - timedelta(days=180)))
    fires(RULE, champion.account)


def test_other_roles_and_the_bin_are_quiet(champion: PersonRole) -> None:
    move(role(champion.account, "影響者", "influencer").person, Step("left", TODAY))
    stays_quiet(RULE, champion.account)
    move(champion.person, Step("left", TODAY))
    champion.refresh_from_db()
    champion.put_in_bin()
    stays_quiet(RULE, champion.account)


def test_a_role_that_nobody_has_confirmed_for_half_a_year(champion: PersonRole) -> None:
    """The role's own writing is a confirmation, and its day is today's: the test looks half a year ahead."""
    written = timezone.localdate()
    stays_quiet(RULE, champion.account, written + timedelta(days=179))
    day = written + timedelta(days=180)
    cta = fires(RULE, champion.account, day)
    assert (cta.occurrence, cta.evidence["event"]) == (f"{written}", "silent")
    met(champion.person, day)
    assert settles(RULE, day) == 1
    cta.refresh_from_db()
    assert (cta.status, cta.ending) == (Status.RESOLVED, "confirmed")
    again = fires(RULE, champion.account, day + timedelta(days=180))
    assert again.pk != cta.pk and again.occurrence == f"{day}"


def test_bodies_do_not_move() -> None:
    body = KeyPerson.objects.create(account=make.account(), name="経営会議", is_body=True)
    PersonRole.objects.create(account=body.account, person=body, kind="economic_buyer")
    stays_quiet(RULE, body.account, timezone.localdate() + timedelta(days=400))


def test_a_person_without_a_day_counts_from_when_it_was_written(champion: PersonRole) -> None:
    """An import says that somebody left, and not when."""
    KeyPerson.objects.filter(pk=champion.person_id).update(state="left")
    cta = fires(RULE, champion.account, timezone.localdate())
    assert cta.occurrence == f"{timezone.localdate()}"


def test_it_says_who_and_when() -> None:
    rule = find(RULE)
    assert rule
    gone = {
        "person": "若槻 智子",
        "role": "champion",
        "state": "transferred",
        "event": "going",
        "on": "2026-11-10",
    }
    assert rule.title(gone) == "推進者の引き継ぎと、後任との顔合わせを決める"
    assert (
        rule.why(gone, TODAY) == "推進者の若槻 智子さんが2026/11/10に離れました(異動)。会えた後任がいません"
    )
    ending = {**gone, "state": "active", "on": "2026-12-01"}
    assert "2026/12/01に離れます(役割の終わり)" in rule.why(ending, TODAY)
    silent = {**gone, "state": "active", "event": "silent", "on": "2026-05-23"}
    assert rule.title(silent) == "いまも若槻 智子さんが推進者か、確かめる"
    assert "180日会わず" in rule.why(silent, TODAY)


def test_every_account_in_one_statement(django_assert_max_num_queries: Any) -> None:
    for _n in range(5):
        move(role(make.account(), "推進者").person, Step("left", TODAY))
    with django_assert_max_num_queries(8):
        assert len(run(RULE, TODAY)) == 5
    assert Cta.objects.filter(rule=RULE).count() == 5
