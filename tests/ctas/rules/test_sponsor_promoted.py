from datetime import date, timedelta
from typing import Any

import pytest

from accounts.models import Hypothesis, KeyPerson, PersonRole
from accounts.moving import Step, move, take_back
from ctas.models import RuleSetting, Status
from ctas.registry import find
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.ctas.verbs import fires, settles, stays_quiet
from tests.world import TODAY, World

RULE = "sponsor_promoted"
ON = date(2026, 11, 1)


@pytest.fixture(autouse=True)
def scope(world: World) -> Any:
    with tenant_scope(world.tenant(), actor="test"):
        yield


@pytest.fixture
def champion(world: World) -> PersonRole:
    account = make.account(csm=world.csm, commercial_owner=world.member(Role.SALES))
    person = KeyPerson.objects.create(account=account, name="若槻 智子", title="部長")
    return PersonRole.objects.create(account=account, person=person, kind="champion")  # type: ignore[no-any-return]


def test_a_promotion_fires_for_csm_and_sales(champion: PersonRole, world: World) -> None:
    stays_quiet(RULE, champion.account)
    made = move(champion.person, Step("promoted", ON, title="本部長"))
    cta = fires(RULE, champion.account)
    assert (cta.subject, cta.occurrence) == (str(made.pk), "2026-11-01")
    assert cta.evidence == {"person": "若槻 智子", "title": "本部長", "on": "2026-11-01"}
    assert (cta.assignee_id, cta.co_assignee_id) == (world.csm.pk, world.member(Role.SALES).pk)


def test_a_hypothesis_written_since_is_the_review(champion: PersonRole) -> None:
    Hypothesis.objects.create(account=champion.account, title="前からの仮説")
    move(champion.person, Step("promoted", ON))
    cta = fires(RULE, champion.account)
    guess = Hypothesis.objects.create(account=champion.account, title="本部全体に広げられる")
    assert settles(RULE, TODAY) == 1
    cta.refresh_from_db()
    assert (cta.status, cta.ending) == (Status.RESOLVED, "reviewed")
    guess.put_in_bin()
    assert fires(RULE, champion.account).pk == cta.pk, "the same promotion is the same CTA, reopened"


def test_one_that_was_taken_back_closes_it(champion: PersonRole) -> None:
    made = move(champion.person, Step("promoted", ON))
    cta = fires(RULE, champion.account)
    take_back(made)
    assert settles(RULE, TODAY) == 1
    cta.refresh_from_db()
    assert cta.ending == "taken_back"


def test_whoever_passes_the_role_on_was_a_champion_that_day(champion: PersonRole) -> None:
    successor = KeyPerson.objects.create(account=champion.account, name="後任 太郎")
    move(champion.person, Step("promoted", ON, successor=successor, passed_on={champion.pk}))
    fires(RULE, champion.account)


@pytest.mark.parametrize(
    "fields",
    [{"kind": "economic_buyer"}, {"ends_on": ON - timedelta(days=2)}, {"starts_on": ON + timedelta(days=1)}],
)
def test_others_who_rise_are_quiet(fields: dict[str, Any], champion: PersonRole) -> None:
    PersonRole.objects.filter(pk=champion.pk).update(**fields)
    move(champion.person, Step("promoted", ON))
    stays_quiet(RULE, champion.account)


def test_a_transfer_is_no_promotion(champion: PersonRole) -> None:
    move(champion.person, Step("transferred", ON))
    stays_quiet(RULE, champion.account)


def test_what_was_long_ago_opens_nothing_and_what_is_open_stays(champion: PersonRole) -> None:
    move(champion.person, Step("promoted", ON))
    late = ON + timedelta(days=91)
    stays_quiet(RULE, champion.account, late)
    fires(RULE, champion.account, ON + timedelta(days=90))
    assert settles(RULE, late) == 0


def test_the_days_are_the_tenants(champion: PersonRole) -> None:
    move(champion.person, Step("promoted", ON))
    RuleSetting.objects.create(rule=RULE, key="days", value="10", set_on=TODAY)
    stays_quiet(RULE, champion.account)


def test_it_says_what_happened() -> None:
    rule = find(RULE)
    assert rule
    evidence = {"person": "若槻 智子", "title": "本部長", "on": "2026-11-01"}
    assert rule.title(evidence) == "若槻 智子さんの昇進を祝い、広がる範囲を考える"
    assert rule.why(evidence, TODAY) == "推進者の若槻 智子さんが2026/11/01に本部長になりました"
