import json
from uuid import UUID

from accounts.models import Account, Fact
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests.world import World, ident

ASSIGN = "/t/midori/accounts/assign/"
SECOND = str(ident("midori", "second-csm"))


def csms(world: World) -> list[UUID | None]:
    with tenant_scope(world.tenant()):
        return [world.account(which).csm_id for which in ("mine", "other")]


def test_accounts_change_hands_together_and_back(world: World, sign_in) -> None:
    client = sign_in(world.member(Role.MANAGER))
    before = csms(world)
    picked = [
        str(world.account_id("mine")),
        str(world.account_id("other")),
        str(world.account_id("foreign")),
        "x",
    ]
    answer = client.post(
        ASSIGN, {"account": picked, "to": SECOND, "view": "team"}, headers={"HX-Request": "true"}
    )
    assert csms(world) == [UUID(SECOND), UUID(SECOND)]
    toast = json.loads(answer.headers["HX-Trigger"])["toast"]
    assert "1社の担当を小林さんに替えました" in toast["text"]
    assert "東都百貨店" in answer.content.decode()
    with tenant_scope(world.tenant()):
        assert Fact.objects.get(account=world.account_id("mine"), field_key="csm").origin == "hand"

    assert sign_in(world.csm).post(toast["undo"]).status_code == 403
    assert client.post(toast["undo"]).status_code == 204
    assert csms(world) == before


def test_undo_leaves_what_somebody_changed_since(world: World, sign_in) -> None:
    client = sign_in(world.member(Role.ADMIN))
    picked = [str(world.account_id("mine"))]
    answer = client.post(ASSIGN, {"account": picked, "to": SECOND}, headers={"HX-Request": "true"})
    undo = json.loads(answer.headers["HX-Trigger"])["toast"]["undo"]
    with tenant_scope(world.tenant()):
        Account.objects.filter(pk=picked[0]).update(csm=world.member(Role.MANAGER))
    client.post(undo)
    assert csms(world)[0] == world.member(Role.MANAGER).pk


def test_nobody_is_no_colleague_and_a_forged_undo_does_nothing(world: World, sign_in) -> None:
    client = sign_in(world.member(Role.MANAGER))
    before = csms(world)
    strangers = [str(ident("aoba", Role.CSM)), str(ident("midori", Role.SALES)), "", "x"]
    for stranger in strangers:
        client.post(ASSIGN, {"account": [str(world.account_id("mine"))], "to": stranger})
    client.post(ASSIGN + "undo/?was=forged")
    assert csms(world) == before
