"""Lines of contracts and the deployment of an account, through the API."""

from typing import Any

from accounts.models import Contract, Product, Subscription
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.world import World


def test_an_account_tells_its_deployment(world: World, program: Any) -> None:
    with tenant_scope(world.tenant(), actor="test"):
        make.row(Subscription, world.account(), quantity=8, deployed=1)
    call = program(world.csm)
    assert call("GET", f"accounts/{world.account_id()}").json()["deployment"] == 13
    assert [one["deployment"] for one in call("GET", "accounts").json()["results"]].count(13) == 1


def test_a_program_keeps_lines_by_their_number_elsewhere(world: World, program: Any) -> None:
    with tenant_scope(world.tenant(), actor="test"):
        product, contract = make.row(Product), make.row(Contract, world.account())
        other = make.row(Contract, world.account("other"))
    account = str(world.account_id())
    body = {"account": account, "product": str(product.pk), "contract": str(contract.pk), "quantity": 10}
    call = program(world.csm)
    path = "subscriptions/by-external-id/L-1"
    assert call("PUT", path, body).status_code == 201
    changed = call("PUT", path, {**body, "deployed": 4, "amount": 1_200_000}, If_Match="*")
    assert (changed.status_code, changed.json()["deployed"], changed.json()["amount"]) == (200, 4, 1_200_000)
    found = call("GET", f"subscriptions?product={product.pk}").json()["results"]
    assert [one["external_id"] for one in found] == ["L-1"]
    assert call("PUT", path, {**body, "contract": str(other.pk)}, If_Match="*").status_code == 400


def test_the_catalogue_is_written_by_managers_only(world: World, program: Any) -> None:
    body = {"name": "見本チャット", "quantity_unit": "席"}
    assert program(world.csm)("POST", "products", body).status_code == 403
    made = program(world.member(Role.MANAGER))("POST", "products", body)
    assert made.status_code == 201
    feature = {"product": made.json()["id"], "name": "自動応答", "is_sticky": True}
    assert program(world.member(Role.MANAGER))("POST", "product-features", feature).status_code == 201
    assert (
        program(world.csm)("GET", "product-features?is_sticky=true").json()["results"][0]["name"]
        == "自動応答"
    )
