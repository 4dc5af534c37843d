"""The catalogue, what a customer bought of it, where nothing is yet, and how much of it is in use."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.deployment import percent, rate_of
from accounts.models import Account, BusinessUnit, Contract, Product, ProductFeature, Subscription
from accounts.whitespace import matrix_of
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.world import World
from workspace.account_list.rows import load_rows

SETTINGS = "/t/midori/settings/products/"
TODAY = date(2026, 11, 24)


@pytest.fixture
def client(world: World, sign_in: Any) -> Client:
    return sign_in(world.csm)


@pytest.fixture
def mine(world: World) -> Iterator[Account]:
    with tenant_scope(world.tenant(), member=world.csm):
        yield world.account()


def url(world: World, rest: str = "") -> str:
    return f"/t/midori/accounts/{world.account_id()}/contracts/{rest}"


def line(account: Account, product: Product, **given: Any) -> Subscription:
    contract = given.pop("contract", None) or make.row(Contract, account, name="基本契約")
    return make.row(Subscription, account, product=product, contract=contract, **given)  # type: ignore[no-any-return]


def states(account: Account) -> dict[str, list[str]]:
    return {row.product.name: [cell.state for cell in row.cells] for row in matrix_of(account, TODAY).lines}


def test_a_manager_keeps_the_catalogue_and_a_csm_reads_it(world: World, sign_in: Any) -> None:
    manager = sign_in(world.member(Role.MANAGER))
    assert manager.post(f"{SETTINGS}new/", {"name": "見本チャット", "quantity_unit": "席"}).status_code == 303
    with tenant_scope(world.tenant()):
        product = Product.objects.get()
    path = f"/t/midori/products/{product.pk}/features/"
    assert manager.post(path, {"name": "自動応答", "is_sticky": "yes"}).status_code == 303
    csm = sign_in(world.csm)
    text = csm.get(SETTINGS).content.decode()
    assert "見本チャット" in text
    assert "自動応答" in text
    assert csm.post(f"{SETTINGS}new/", {"name": "勝手な製品"}).status_code == 403
    with tenant_scope(world.tenant()):
        assert ProductFeature.objects.get().is_sticky


def test_a_name_is_given_once_but_free_again_after_deletion(world: World, sign_in: Any) -> None:
    manager = sign_in(world.member(Role.MANAGER))
    manager.post(f"{SETTINGS}new/", {"name": "見本チャット"})
    again = manager.post(f"{SETTINGS}new/", {"name": "見本チャット"})
    assert again.status_code == 422
    assert "同じ名前の製品がもうあります" in again.content.decode()
    with tenant_scope(world.tenant()):
        product = Product.objects.get()
    manager.post(f"/t/midori/delete/product/{product.pk}/")
    assert "見本チャット" in manager.get("/t/midori/settings/bin/").content.decode()
    assert manager.post(f"{SETTINGS}new/", {"name": "見本チャット"}).status_code == 303


def test_a_line_is_added_to_a_contract_and_its_rate_stands_on_the_page(
    client: Client, world: World, mine: Account
) -> None:
    product = make.row(Product, name="見本チャット", quantity_unit="席")
    contract = make.row(Contract, mine, name="基本契約")
    form = {"product": str(product.pk), "contract": str(contract.pk), "quantity": "520", "deployed": "80"}
    assert client.post(url(world, "subscription/"), form).status_code == 303
    text = client.get(url(world)).content.decode()
    assert "520席" in text
    assert "展開 15%" in text
    assert "展開率 <b" in text


def test_contracts_and_units_of_other_accounts_are_no_choice(
    client: Client, world: World, mine: Account
) -> None:
    product, other = make.row(Product), world.account("other")
    contract, unit = make.row(Contract, mine), make.row(BusinessUnit, other)
    strange = {"product": str(product.pk), "contract": str(make.row(Contract, other).pk)}
    answer = client.post(url(world, "subscription/"), strange)
    assert (answer.status_code, "選べる値の中から" in answer.content.decode()) == (422, True)
    strange = {"product": str(product.pk), "contract": str(contract.pk), "unit": str(unit.pk)}
    assert client.post(url(world, "subscription/"), strange).status_code == 422


def test_a_retired_product_stays_where_it_is_and_is_not_offered(
    client: Client, world: World, mine: Account
) -> None:
    retired = make.row(Product, name="旧チャット", retired_on=TODAY)
    held = line(mine, retired, quantity=10)
    make.row(Product, name="新チャット")
    assert states(mine) == {"旧チャット": ["held"], "新チャット": ["none"]}
    edit = {"field": "quantity", "value": "12", "base": "10"}
    assert client.post(f"/t/midori/edit/subscription/{held.pk}/", edit).status_code == 200
    form = {"product": str(retired.pk), "contract": str(held.contract_id)}
    assert client.post(url(world, "subscription/"), form).status_code == 422


def test_whitespace_is_what_neither_the_unit_nor_anything_above_it_has(mine: Account) -> None:
    chat, assist = make.row(Product, name="チャット"), make.row(Product, name="応対支援")
    head = make.row(BusinessUnit, mine, name="A 本部")
    sendai = make.row(BusinessUnit, mine, name="B 仙台", parent=head)
    make.row(BusinessUnit, mine, name="C 福岡", parent=head)
    line(mine, chat)
    line(mine, assist, unit=sendai, quantity=80)
    assert states(mine) == {
        "チャット": ["held", "covered", "covered", "covered"],
        "応対支援": ["gone", "none", "held", "none"],
    }
    line(mine, assist, unit=head)
    assert states(mine)["応対支援"] == ["gone", "held", "held", "covered"]


@pytest.mark.parametrize(
    ("given", "contract", "state"),
    [
        ({"starts_on": TODAY + timedelta(days=1)}, {}, "coming"),
        ({"ends_on": TODAY}, {}, "held"),
        ({"ends_on": TODAY - timedelta(days=1)}, {}, "none"),
        ({}, {"decision": "cancelled"}, "none"),
        ({}, {"decision": "lost", "renews_on": TODAY}, "held"),
        ({}, {"decision": "lost", "renews_on": TODAY - timedelta(days=1)}, "none"),
        ({}, {"decision": "undecided", "renews_on": TODAY - timedelta(days=1)}, "held"),
    ],
)
def test_a_line_is_in_force_until_somebody_says_that_it_is_not(
    mine: Account, given: dict[str, Any], contract: dict[str, Any], state: str
) -> None:
    made = make.row(Contract, mine, starts_on=None, **contract)
    line(mine, make.row(Product, name="チャット"), contract=made, quantity=10, deployed=5, **given)
    assert states(mine) == {"チャット": [state]}
    figure = rate_of(Account.objects.filter(pk=mine.pk), TODAY).get().deployment
    assert figure == (50 if state == "held" else None)


def test_lines_of_a_deleted_contract_count_no_more(mine: Account) -> None:
    held = line(mine, make.row(Product, name="チャット"), quantity=10, deployed=5)
    held.contract.put_in_bin()
    assert states(mine) == {"チャット": ["none"]}


def test_the_rate_of_an_account_is_the_mean_of_its_products(mine: Account) -> None:
    seats, calls = make.row(Product, name="席"), make.row(Product, name="対話")
    line(mine, seats, quantity=80, deployed=80)
    line(mine, seats, quantity=120, deployed=20)
    line(mine, calls, quantity=1_000_000, deployed=1_500_000)
    line(mine, calls, quantity=500)
    (row,) = [row for _raw, row in load_rows([mine.pk], timezone.localdate())]
    assert row.deployment == (50 + 100) / 2
    assert rate_of(Account.objects.filter(pk=mine.pk), timezone.localdate()).get().deployment == 75


def test_what_is_not_known_has_no_rate() -> None:
    assert (percent(None, 10), percent(5, None), percent(5, 0), percent(0, 10)) == (None, None, None, 0)


def test_the_list_tells_the_rate(world: World, client: Client, mine: Account) -> None:
    line(mine, make.row(Product), quantity=8, deployed=1)
    assert "展開 13%" in client.get("/t/midori/accounts/?view=all").content.decode()


def test_the_catalogue_costs_the_same_with_more_products(world: World, sign_in: Any) -> None:
    client = sign_in(world.member(Role.ADMIN))

    def statements() -> int:
        client.get(SETTINGS)
        with CaptureQueriesContext(connection) as caught:
            client.get(SETTINGS)
        return len(caught)

    with tenant_scope(world.tenant(), actor="test"):
        make.row(ProductFeature, product=make.row(Product))
    few = statements()
    with tenant_scope(world.tenant(), actor="test"):
        for _n in range(20):
            make.row(ProductFeature, product=make.row(Product))
    assert statements() == few
