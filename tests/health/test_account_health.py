"""The health page of an account says why, in words with numbers, and gives the weights of the unknown away visibly."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Activity, KeyPerson, PersonRole
from health import explaining, scoring
from health.queries import health_of
from tenants.scope import tenant_scope
from tests import make
from tests.world import World


@pytest.fixture
def client(world: World, sign_in: Any) -> Client:
    return sign_in(world.csm)


def page(client: Client, world: World) -> str:
    answer = client.get(f"/t/midori/accounts/{world.account_id()}/health/")
    assert answer.status_code == 200
    return answer.content.decode()


def note(world: World, days: int) -> None:
    on = timezone.localdate() - timedelta(days=days)
    make.row(Activity, world.account(), on=on, title="役員と昼食", kind="meeting")


def test_before_the_first_night_it_says_when(client: Client, world: World) -> None:
    assert "ヘルスはまだ計算していません" in page(client, world)


def test_it_says_why_and_what_is_not_known(client: Client, world: World) -> None:
    today = timezone.localdate()
    with tenant_scope(world.tenant(), actor="test"):
        note(world, 33)
        scoring.score_all(today - timedelta(days=28))
        scoring.score_all(today)
    text = page(client, world)
    for said in (
        "33日前",
        "役員と昼食",
        "51",
        "キーパーソンがまだ登録されていません",
        "まだ測れない70%の重み",
        "ほかへ",
        "−49",
    ):
        assert said in text, said


def test_the_parts_add_up_to_the_score(world: World) -> None:
    today = timezone.localdate()
    with tenant_scope(world.tenant(), actor="test"):
        note(world, 20)
        make.row(PersonRole, world.account(), person=make.row(KeyPerson, world.account()), kind="champion")
        scoring.score_all(today)
        found = explaining.explain(world.account(), today)
        assert abs(sum(line.contribution for line in found.lines) - found.score) <= 0.5
        assert sum(line.share for line in found.lines) == 100
        assert found.unknown_weight == 40


def test_lists_get_the_last_twelve_weeks_in_two_statements(
    world: World, django_assert_num_queries: Any
) -> None:
    today = timezone.localdate()
    with tenant_scope(world.tenant(), actor="test"):
        note(world, 40)
        for back in (28, 21, 1, 0):
            scoring.score_all(today - timedelta(days=back))
        with django_assert_num_queries(2):
            found = health_of([world.account_id(), world.account_id("other")], today)
        own = found[world.account_id()]
        assert len(own.weeks) == 3 and own.weeks[-1] == own.score
        assert own.change == own.score - own.weeks[0] < 0
        assert found[world.account_id("other")].band == "none"
