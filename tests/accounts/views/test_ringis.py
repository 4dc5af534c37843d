"""Approval documents, their promises, and the way of working that is proposed."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Formation, Ringi, RingiPromise
from tenants.scope import tenant_scope
from tests import make
from tests.world import World


@pytest.fixture
def client(world: World, sign_in: Any) -> Client:
    return sign_in(world.csm)


def url(world: World, rest: str = "contracts/") -> str:
    return f"/t/midori/accounts/{world.account_id()}/{rest}"


def test_a_ringi_and_its_promise_stand_on_the_page(client: Client, world: World) -> None:
    form = {"title": "CX基盤の導入", "on": "2025/09/12", "amount": "3,840", "purpose": "応対コストを下げる"}
    assert client.post(url(world, "contracts/ringi/"), form).status_code == 303
    with tenant_scope(world.tenant()):
        ringi = Ringi.objects.get()
    assert ringi.amount == 38_400_000
    promise = {"ringi": str(ringi.pk), "promise": "18か月で回収", "figure": "再問い合わせ率 15%以下"}
    assert client.post(url(world, "contracts/promise/"), promise).status_code == 303
    text = client.get(url(world)).content.decode()
    assert "CX基盤の導入" in text
    assert "再問い合わせ率 15%以下" in text


def test_a_promise_needs_a_ringi_of_the_same_account(client: Client, world: World) -> None:
    with tenant_scope(world.tenant(), member=world.csm):
        strange = make.row(Ringi, world.account("other"))
    for ringi in ("", str(strange.pk)):
        answer = client.post(url(world, "contracts/promise/"), {"ringi": ringi, "promise": "回収"})
        assert answer.status_code == 422
        assert 'value="回収"' in answer.content.decode() or ">回収</textarea>" in answer.content.decode()


def test_a_promise_is_kept_in_place(client: Client, world: World) -> None:
    with tenant_scope(world.tenant(), member=world.csm):
        promise = make.row(RingiPromise, world.account(), promise="18か月で回収")
    edit = {"field": "state", "value": "kept", "base": "open"}
    assert client.post(f"/t/midori/edit/promise/{promise.pk}/", edit).status_code == 200


def test_a_proposed_way_of_working_is_agreed_in_place(client: Client, world: World) -> None:
    form = {
        "purpose": "月次の改善会",
        "theirs": "若槻さん、樋口さん",
        "ours": "佐伯、平賀",
        "cadence": "毎月第2火曜",
    }
    assert client.post(url(world, "context/formation/"), form).status_code == 303
    with tenant_scope(world.tenant()):
        formation = Formation.objects.get()
    edit = {"field": "state", "value": "agreed", "base": "proposed"}
    assert client.post(f"/t/midori/edit/formation/{formation.pk}/", edit).status_code == 200
