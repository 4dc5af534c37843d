from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.models import Contract
from tenants.scope import tenant_scope
from tests.world import World


@pytest.fixture
def client(world: World, sign_in: Any) -> Client:
    return sign_in(world.csm)


def url(world: World, rest: str = "") -> str:
    return f"/t/midori/accounts/{world.account_id()}/contracts/{rest}"


FORM = {"name": "基本契約", "amount": "1,200", "renews_on": "2027-03-31", "notice_on": "2026/12/31"}


def test_a_contract_is_added_and_its_renewal_stands_in_the_header(client: Client, world: World) -> None:
    assert client.post(url(world, "new/"), FORM).status_code == 303
    with tenant_scope(world.tenant()):
        contract = Contract.objects.get()
        assert world.account().renews_on == date(2027, 3, 31)
    assert (contract.amount, contract.notice_on) == (12_000_000, date(2026, 12, 31))
    assert "2027/03/31" in client.get(url(world)).content.decode()


def test_a_notice_after_the_renewal_is_refused_in_words(client: Client, world: World) -> None:
    answer = client.post(url(world, "new/"), {**FORM, "notice_on": "2027-04-30"})
    assert answer.status_code == 422
    assert "通知期限は、更新日までの日にしてください" in answer.content.decode()
    assert 'value="基本契約"' in answer.content.decode()


def test_deciding_keeps_the_day_of_the_decision(client: Client, world: World) -> None:
    client.post(url(world, "new/"), FORM)
    with tenant_scope(world.tenant()):
        contract = Contract.objects.get()
    edit = {"field": "decision", "value": "renewed", "base": "undecided"}
    assert client.post(f"/t/midori/edit/contract/{contract.pk}/", edit).status_code == 200
    with tenant_scope(world.tenant()):
        assert Contract.objects.get().decided_on is not None


def test_a_deleted_contract_leaves_the_header_and_comes_back(client: Client, world: World) -> None:
    client.post(url(world, "new/"), FORM)
    with tenant_scope(world.tenant()):
        contract = Contract.objects.get()
    client.post(f"/t/midori/delete/contract/{contract.pk}/")
    with tenant_scope(world.tenant()):
        assert world.account().renews_on is None
    client.post(f"/t/midori/restore/contract/{contract.pk}/")
    with tenant_scope(world.tenant()):
        assert world.account().renews_on == date(2027, 3, 31)
