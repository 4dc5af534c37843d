"""The rules page: sentences with their values, what a change would do, and where each value comes from."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Contract
from ctas.models import Cta, RuleSetting
from ctas.registry import all_rules
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests.world import World

PAGE = "/t/midori/settings/rules/"
VALUES = f"{PAGE}values/"


@pytest.fixture
def client(world: World, sign_in: Any) -> Client:
    return sign_in(world.member(Role.MANAGER))


def saved(world: World) -> dict[tuple[str, str, bool], str]:
    with tenant_scope(world.tenant()):
        rows = RuleSetting.objects.values_list("key", "tier", "account", "value")
        return {(key, tier, account is not None): value for key, tier, account, value in rows}


def test_each_rule_is_its_sentence_with_its_values(client: Client) -> None:
    text = client.get(PAGE).content.decode()
    count = len(all_rules())
    assert f"{count}つのルールのうち、{count}つが動いています" in text
    for said in ("人が書いた記録が", "7日", "90日", "180日", "6か月", "全", "CSM、休みなら代理"):
        assert said in text, said


def test_a_value_is_changed_for_everybody_and_taken_back(client: Client, world: World) -> None:
    answer = client.post(VALUES, {"rule": "budget_season", "lead": "5"})
    assert answer.status_code == 303
    assert saved(world) == {("lead", "", False): "5"}
    text = client.get(f"{PAGE}?rule=budget_season").content.decode()
    assert "5か月" in text and "渡辺" in text
    undo = f"{VALUES}?rule=budget_season&tier=&account=&follow=lead"
    assert client.post(undo).status_code == 303
    assert saved(world) == {}


def test_tier_and_account_have_values_of_their_own(client: Client, world: World) -> None:
    client.post(VALUES, {"rule": "budget_season", "lead": "9", "tier": "high"})
    client.post(VALUES, {"rule": "budget_season", "lead": "8", "account": str(world.account_id())})
    assert saved(world) == {("lead", "high", False): "9", ("lead", "", True): "8"}
    text = client.get(f"{PAGE}?rule=budget_season").content.decode()
    assert "東都百貨店株式会社" in text and "9か月" in text and "全社に従う" in text
    client.post(VALUES, {"rule": "budget_season", "follow": "lead", "tier": "high"})
    assert saved(world) == {("lead", "", True): "8"}


@pytest.mark.parametrize(("typed", "message"), [("0", "1以上"), ("13", "12以下"), ("半年", "数字")])
def test_a_wrong_value_is_refused_in_words(typed: str, message: str, client: Client, world: World) -> None:
    answer = client.post(VALUES, {"rule": "budget_season", "lead": typed})
    assert answer.status_code == 422 and message in answer.content.decode()
    assert saved(world) == {}
    assert message in client.get(f"{PAGE}?rule=budget_season&lead={typed}").content.decode()


def test_full_width_figures_are_fine(client: Client, world: World) -> None:
    client.post(VALUES, {"rule": "budget_season", "lead": "5"})
    assert saved(world) == {("lead", "", False): "5"}


def test_what_would_be_is_shown_before_it_is_saved(client: Client, world: World) -> None:
    today = timezone.localdate()
    with tenant_scope(world.tenant(), actor="test"):
        Contract.objects.create(account=world.account(), name="本契約", renews_on=today + timedelta(days=95))
        Cta.objects.all().delete()
    before = client.get(f"{PAGE}?rule=renewal_near").content.decode()
    assert "1件発動・0件解消" in before  # the first checkpoint
    text = client.get(f"{PAGE}?rule=renewal_near&early=90&late=60").content.decode()
    assert "0件発動・0件解消" in text and "変えると" in text
    text = client.get(f"{PAGE}?rule=renewal_near&late=100", HTTP_HX_REQUEST="true").content.decode()
    assert "東都百貨店株式会社" in text and "鈴木 1" in text
    assert saved(world) == {}


def test_a_rule_on_trial_says_what_it_would_open(client: Client, world: World) -> None:
    client.post(VALUES, {"rule": "renewal_near", "mode": "dry_run"})
    with tenant_scope(world.tenant(), actor="test"):
        Contract.objects.create(
            account=world.account(), name="本契約", renews_on=timezone.localdate() + timedelta(days=30)
        )
    text = client.get(PAGE).content.decode()
    assert "試しで <b>1件</b>" in text and f"{len(all_rules()) - 1}つが動いています" in text


@pytest.mark.parametrize("role", [Role.CSM, Role.SALES, Role.VIEWER])
def test_others_read_and_change_nothing(role: Role, sign_in: Any, world: World) -> None:
    client = sign_in(world.member(role))
    text = client.get(f"{PAGE}?rule=budget_season").content.decode()
    assert "来期予算準備" in text and "値を変える" not in text
    assert client.post(VALUES, {"rule": "budget_season", "lead": "5"}).status_code == 403


def test_an_account_of_another_tenant_is_not_found(client: Client, world: World) -> None:
    answer = client.post(
        VALUES, {"rule": "budget_season", "lead": "8", "account": str(world.account_id("foreign"))}
    )
    assert answer.status_code == 404


def test_the_value_of_one_account_is_set_from_its_cta(client: Client, world: World) -> None:
    with tenant_scope(world.tenant(), actor="test"):
        today = timezone.localdate()
        cta = Cta.objects.create(
            account=world.account(), rule="budget_season", occurrence="2027", opened_on=today, due_on=today,
            evidence={"ends_on": "2027-03-31", "year": 2027},
        )  # fmt: skip
    link = f"/t/midori/settings/rules/?rule=budget_season&account={world.account_id()}"
    assert link.replace("&", "&amp;") in client.get(f"/t/midori/ctas/{cta.pk}/").content.decode()
    assert "東都百貨店株式会社だけ値を変える" in client.get(link).content.decode()
