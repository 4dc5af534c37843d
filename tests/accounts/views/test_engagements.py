"""The engagement matrix: now and goal, whom to speak with first, a gap that becomes a meeting."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Activity, KeyPerson, PersonTie
from tenants.scope import tenant_scope
from tests import make
from tests.world import World


@pytest.fixture
def client(world: World, sign_in: Any) -> Client:
    return sign_in(world.csm)


@pytest.fixture
def people(world: World) -> dict[str, KeyPerson]:
    with tenant_scope(world.tenant(), member=world.csm):

        def person(name: str, now: str, goal: str, influence: str = "") -> KeyPerson:
            return make.row(
                KeyPerson, world.account(), name=name, state="active", attitude=now, desired_attitude=goal,
                influence=influence,
            )  # fmt: skip

        found = {
            "戸川": person("戸川 亮", "resistant", "neutral", "mid"),
            "国枝": person("国枝 恵", "unaware", "supportive", "high"),
            "若槻": person("若槻 智子", "leading", "leading"),
            "横手": person("横手 浩二", "neutral", ""),
        }
        make.row(PersonTie, world.account(), person=found["若槻"], to=found["国枝"], kind="influence")
    return found


def url(world: World, rest: str = "engagement/") -> str:
    return f"/t/midori/accounts/{world.account_id()}/{rest}"


def names(text: str) -> list[str]:
    found = {text.index(f">{name}<"): name for name in ("戸川 亮", "国枝 恵", "若槻 智子", "横手 浩二")}
    return [found[at] for at in sorted(found)]


def test_whose_word_counts_comes_first_and_a_written_number_wins(
    client: Client, world: World, people: dict[str, KeyPerson]
) -> None:
    text = client.get(url(world) + "?part=table").content.decode()
    assert names(text)[:2] == ["国枝 恵", "戸川 亮"]
    assert "目安 1" in text
    form = {"field": "approach_order", "value": "1", "base": ""}
    assert client.post(f"/t/midori/edit/person/{people['戸川'].pk}/", form).status_code == 200
    text = client.get(url(world) + "?part=table").content.decode()
    assert names(text)[:2] == ["戸川 亮", "国枝 恵"]
    assert "目安 2" in text


def test_the_marks_stand_on_their_levels_with_the_way_between(
    client: Client, world: World, people: dict[str, KeyPerson]
) -> None:
    text = client.get(url(world) + "?part=table").content.decode()
    row = text.split(f'id="eng-{people["国枝"].pk}"')[1].split("</tr>")[0]
    marks = [part.split('"')[0] for part in row.split('data-p="')[1:]]
    assert marks == ["now", "path", "path", "goal"]
    row = text.split(f'id="eng-{people["若槻"].pk}"')[1].split("</tr>")[0]
    assert row.count('data-p="both"') == 1
    assert "維持" in row


def test_a_gap_becomes_a_meeting_in_one_step(
    client: Client, world: World, people: dict[str, KeyPerson]
) -> None:
    text = client.get(url(world)).content.decode()
    proposal = "国枝さん 若槻さんを通して、不認識から支持へ"
    assert proposal in text
    on = timezone.localdate() + timedelta(days=5)
    form = {"title": proposal, "on": f"{on}"}
    assert client.post(f"/t/midori/persons/{people['国枝'].pk}/engagement/", form).status_code == 303
    with tenant_scope(world.tenant()):
        made = Activity.objects.get()
        assert (made.state, made.kind, made.on, made.title) == ("planned", "meeting", on, proposal)
        assert [row.person_id for row in made.persons.all()] == [people["国枝"].pk]
        assert [row.member_id for row in made.members.all()] == [world.csm.pk]
    row = client.get(url(world)).content.decode().split(f'id="eng-{people["国枝"].pk}"')[1].split("</tr>")[0]
    assert "<form" not in row, "the step is known now"


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"title": "会う", "on": "2020-01-01"}, "今日からあとの日付"),
        ({"title": "会う", "on": ""}, "今日からあとの日付"),
        ({"title": " ", "on": "2099-01-01"}, "空にできません"),
        ({"title": "あ" * 201, "on": "2099-01-01"}, "200文字まで"),
    ],
)
def test_a_meeting_that_cannot_be_is_refused_in_words(
    client: Client, world: World, people: dict[str, KeyPerson], form: dict[str, str], words: str
) -> None:
    answer = client.post(f"/t/midori/persons/{people['戸川'].pk}/engagement/", form)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    with tenant_scope(world.tenant()):
        assert not Activity.objects.exists()


def test_how_it_moved_is_told_with_who_said_so(
    client: Client, world: World, people: dict[str, KeyPerson]
) -> None:
    form = {"field": "attitude", "value": "neutral", "base": "resistant"}
    assert client.post(f"/t/midori/edit/person/{people['戸川'].pk}/", form).status_code == 200
    past = client.get(url(world)).content.decode().split('id="engagement-past"')[1]
    assert "抵抗 → 中立" in past
    assert world.csm.name in past
