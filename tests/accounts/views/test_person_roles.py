"""異動、退職、昇進: one step for the person, the roles and the successor, and the way back."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import KeyPerson, PersonMove, PersonRole
from health.measures import sponsor_coverage
from tenants.scope import tenant_scope
from tests import make
from tests.world import World

YESTERDAY = timezone.localdate() - timedelta(days=1)


@pytest.fixture
def client(world: World, sign_in: Any) -> Client:
    return sign_in(world.csm)


@pytest.fixture
def champion(world: World) -> KeyPerson:
    """若槻さん, who is the champion and runs it, since long ago."""
    with tenant_scope(world.tenant(), member=world.csm):
        person = make.row(
            KeyPerson, world.account(), name="若槻 智子", department="CX推進部", title="部長", state="active"
        )
        for kind in ("champion", "administrator"):
            make.row(PersonRole, world.account(), person=person, kind=kind, starts_on=date(2024, 4, 1))
    return person


def move(client: Client, person: KeyPerson, **form: Any) -> Any:
    return client.post(f"/t/midori/persons/{person.pk}/moves/", {"on": f"{timezone.localdate()}", **form})


def roles(world: World) -> set[tuple[str, str, date | None, date | None]]:
    with tenant_scope(world.tenant()):
        found = PersonRole.objects.select_related("person")
        return {(role.person.name, role.kind, role.starts_on, role.ends_on) for role in found}


def points(world: World) -> int:
    with tenant_scope(world.tenant()):
        rows = sponsor_coverage.points(timezone.localdate())
        return next((row["points"] for row in rows if row["account_id"] == world.account_id()), 0)


def test_who_leaves_ends_their_roles_and_hands_on_what_is_chosen(
    client: Client, world: World, champion: KeyPerson
) -> None:
    with tenant_scope(world.tenant()):
        passed = PersonRole.objects.get(kind="champion")
    today = timezone.localdate()
    answer = move(client, champion, kind="transferred", new_name="樋口 真一", pass_on=str(passed.pk))
    assert answer.status_code == 303
    assert roles(world) == {
        ("若槻 智子", "champion", date(2024, 4, 1), YESTERDAY),
        ("若槻 智子", "administrator", date(2024, 4, 1), YESTERDAY),
        ("樋口 真一", "champion", today, None),
    }
    with tenant_scope(world.tenant()):
        champion.refresh_from_db()
        assert (champion.state, champion.state_since) == ("transferred", today)
        assert champion.successor.name == "樋口 真一"
        assert champion.events.count() == 2, "history knows how it was"


def test_health_sees_that_a_champion_is_lost_and_the_blank_asks_again(
    client: Client, world: World, champion: KeyPerson
) -> None:
    assert points(world) == 50
    move(client, champion, kind="left")
    assert points(world) == 0
    text = client.get(f"/t/midori/accounts/{world.account_id()}/persons/").content.decode()
    assert "社内で一緒に進めてくれるのはどなたですか" in text


def test_it_is_taken_back_as_if_it_had_not_happened(
    client: Client, world: World, champion: KeyPerson
) -> None:
    before = roles(world)
    with tenant_scope(world.tenant()):
        passed = PersonRole.objects.get(kind="champion")
    move(client, champion, kind="left", new_name="樋口 真一", pass_on=str(passed.pk))
    with tenant_scope(world.tenant()):
        made = PersonMove.objects.get()
    assert client.post(f"/t/midori/moves/{made.pk}/undo/").status_code == 303
    assert roles(world) == before
    with tenant_scope(world.tenant()):
        champion.refresh_from_db()
        assert (champion.state, champion.state_since, champion.successor) == ("active", None, None)
        assert not PersonMove.objects.exists()
    assert client.post(f"/t/midori/moves/{made.pk}/undo/").status_code == 404


def test_who_is_promoted_keeps_the_roles_that_are_not_handed_on(
    client: Client, world: World, champion: KeyPerson
) -> None:
    with tenant_scope(world.tenant()):
        passed = PersonRole.objects.get(kind="administrator")
        heir = make.row(KeyPerson, world.account(), name="樋口 真一", state="active")
    form = {"kind": "promoted", "title": "執行役員", "successor": str(heir.pk), "pass_on": str(passed.pk)}
    assert move(client, champion, **form).status_code == 303
    assert ("若槻 智子", "champion", date(2024, 4, 1), None) in roles(world)
    assert ("樋口 真一", "administrator", timezone.localdate(), None) in roles(world)
    with tenant_scope(world.tenant()):
        champion.refresh_from_db()
    assert (champion.state, champion.department, champion.title) == ("active", "CX推進部", "執行役員")
    line = client.get(f"/t/midori/persons/{champion.pk}/").content.decode()
    assert "CX推進部 部長" in line, "the post before stands in the record of the move"


def test_a_move_on_a_day_to_come_is_shown_and_they_are_still_there(
    client: Client, world: World, champion: KeyPerson
) -> None:
    day = timezone.localdate() + timedelta(days=40)
    move(client, champion, kind="transferred", on=f"{day}", new_name="樋口 真一")
    assert points(world) == 50
    text = client.get(f"/t/midori/accounts/{world.account_id()}/persons/").content.decode()
    assert f"{day:%Y/%m/%d}" in text
    assert "後任 樋口 真一" in text
    assert "社内で一緒に進めてくれるのはどなたですか" not in text


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"kind": "vanished"}, "異動・退職・昇進のどれかを選んでください"),
        ({"kind": "left", "on": ""}, "いつのことかを入れてください"),
        ({"kind": "left", "on": "2026-13-40"}, "日付は 2026/11/19 のように"),
        ({"kind": "promoted", "on": "2099-04-01"}, "その日になってから記録してください"),
        ({"kind": "left", "pass_on": "mine"}, "役割を引き継ぐ後任を選んでください"),
        ({"kind": "left", "new_name": "長" * 121}, "120文字まで"),
        ({"kind": "left", "on": "2023-01-01"}, "に始まります"),
    ],
)
def test_what_is_not_in_order_is_said_and_changes_nothing(
    client: Client, world: World, champion: KeyPerson, form: dict[str, str], words: str
) -> None:
    before = roles(world)
    if form.get("pass_on"):
        with tenant_scope(world.tenant()):
            form = {**form, "pass_on": str(PersonRole.objects.filter(kind="champion").get().pk)}
    answer = move(client, champion, **form)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert roles(world) == before


def test_who_has_gone_does_not_go_again(client: Client, champion: KeyPerson) -> None:
    assert move(client, champion, kind="left").status_code == 303
    answer = move(client, champion, kind="transferred")
    assert answer.status_code == 422
    assert "もう「退職」になっています" in answer.content.decode()


def test_two_may_decide_at_once_and_both_are_shown(client: Client, world: World) -> None:
    with tenant_scope(world.tenant(), member=world.csm):
        for name in ("大庭 正樹", "国枝 恵"):
            person = make.row(KeyPerson, world.account(), name=name, state="active")
            make.row(PersonRole, world.account(), person=person, kind="economic_buyer", starts_on=None)
    text = client.get(f"/t/midori/accounts/{world.account_id()}/persons/").content.decode()
    assert "決裁者が2人います" in text
    assert text.count('class="person"') == 2


def test_a_role_does_not_end_before_it_begins(client: Client, world: World, champion: KeyPerson) -> None:
    with tenant_scope(world.tenant()):
        role = PersonRole.objects.get(kind="champion")
    form = {"field": "ends_on", "value": "2024-03-31", "base": ""}
    answer = client.post(f"/t/midori/edit/person_role/{role.pk}/", form)
    assert (answer.status_code, answer.json()["message"]) == (422, "おわりは、はじめより後にしてください")
