"""The stakeholder map's page: the picture, the same in words, the form beside it, the file."""

from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from accounts.models import KeyPerson, PersonTie
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.world import World


@pytest.fixture
def client(world: World, sign_in: Any) -> Client:
    return sign_in(world.csm)


@pytest.fixture
def people(world: World) -> list[KeyPerson]:
    with tenant_scope(world.tenant(), member=world.csm):
        account = world.account()
        boss = make.row(KeyPerson, account, name="大庭 <正樹>", state="active", contact=world.csm)
        below = make.row(KeyPerson, account, name="若槻 智子", state="active", reports_to=boss)
        gone = make.row(KeyPerson, account, name="前任 太郎", state="left", state_since="2025-01-01")
        make.row(PersonTie, account, person=below, to=boss, kind="support", label="部門案を書く")
    return [boss, below, gone]


def url(world: World, rest: str = "map/") -> str:
    return f"/t/midori/accounts/{world.account_id()}/{rest}"


def test_who_is_there_is_drawn_and_told_in_words(
    client: Client, world: World, people: list[KeyPerson]
) -> None:
    text = client.get(url(world)).content.decode()
    assert text.count('data-person="') == 2
    assert "大庭 &lt;正樹&gt;" in text
    assert "若槻 智子から大庭 &lt;正樹&gt;へ 協力。部門案を書く" in text
    assert "上司は大庭 &lt;正樹&gt;" in text
    assert "前任 太郎" not in text.split('id="map-side"')[0]


def test_the_file_is_well_formed_and_refers_to_nothing_else(
    client: Client, world: World, people: list[KeyPerson]
) -> None:
    answer = client.get(url(world, "map.svg"))
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert "attachment" in answer.headers["Content-Disposition"]
    root = ElementTree.fromstring(answer.content)
    names = ["".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "部門案を書く" in names
    assert b"href" not in answer.content
    assert b"var(" not in answer.content


def test_a_line_is_drawn_once_and_not_to_oneself(
    client: Client, world: World, people: list[KeyPerson]
) -> None:
    boss, below, _gone = people
    form = {"person": str(boss.pk), "to": str(below.pk), "kind": "conflict", "label": "予算"}
    assert client.post(url(world, "ties/"), form).status_code == 303
    for changed, words in (
        ({}, "もう同じ関係があります"),
        ({"to": str(boss.pk)}, "別のふたりの間に引いてください"),
        ({"kind": "hatred"}, "選べる値の中から"),
        ({"label": "あ" * 41}, "40文字まで"),
    ):
        answer = client.post(url(world, "ties/"), {**form, **changed})
        assert answer.status_code == 422
        assert words in answer.content.decode()
    with tenant_scope(world.tenant()):
        assert PersonTie.objects.count() == 2


def test_a_line_does_not_lead_to_another_customers_people(
    client: Client, world: World, people: list[KeyPerson]
) -> None:
    with tenant_scope(world.tenant(), member=world.csm):
        stranger = make.row(KeyPerson, world.account("other"))
    form = {"person": str(people[0].pk), "to": str(stranger.pk), "kind": "conflict"}
    assert client.post(url(world, "ties/"), form).status_code == 422


def test_a_place_is_saved_as_one_value_and_put_back(
    client: Client, world: World, people: list[KeyPerson]
) -> None:
    edit = f"/t/midori/edit/person/{people[0].pk}/"
    assert (
        client.post(edit, {"field": "map_x", "value": "３００，４０", "base": ""}).json()["value"] == "300,40"
    )
    other = client.post(edit, {"field": "map_x", "value": "1,2", "base": ""})
    assert other.status_code == 409, "somebody else moved the person meanwhile"
    for wrong in ("左上", "-3,4", "99999,1", "1"):
        answer = client.post(edit, {"field": "map_x", "value": wrong, "base": "300,40"})
        assert answer.status_code == 422
    assert 'transform="translate(300 40)"' in client.get(url(world)).content.decode()
    assert client.post(edit, {"field": "map_x", "value": "", "base": "300,40"}).status_code == 200
    with tenant_scope(world.tenant()):
        people[0].refresh_from_db()
    assert (people[0].map_x, people[0].map_y) == (None, None)


def test_who_may_only_read_gets_no_way_to_move(world: World, sign_in: Any, people: list[KeyPerson]) -> None:
    text = sign_in(world.member(Role.VIEWER)).get(url(world)).content.decode()
    assert "data-movable" not in text
    assert 'data-person="' in text


def test_sixty_people_cost_the_statements_of_two(
    client: Client, world: World, people: list[KeyPerson], django_assert_max_num_queries: Any
) -> None:
    client.get(url(world))
    with tenant_scope(world.tenant(), member=world.csm):
        for n in range(58):
            made = make.row(KeyPerson, world.account(), state="active", reports_to=people[n % 2])
            make.row(PersonTie, world.account(), person=made, to=people[0], kind="influence")
    with django_assert_max_num_queries(18):
        assert client.get(url(world)).content.decode().count('data-person="') == 60
