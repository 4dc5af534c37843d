"""The driver tree: what stands where, what is known of it, what works on it; and circles, which nobody may make."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.drivers import Drawn, tree_of
from accounts.models import Account, BusinessUnit, DriverNode, FinancialFigure, FinancialPeriod
from success_plans.models import Objective, SuccessPlan
from tenants.scope import tenant_scope
from tenants.trees import in_tree_order
from tests import make
from tests.world import World


@pytest.fixture
def client(world: World, sign_in: Any) -> Client:
    return sign_in(world.csm)


@pytest.fixture
def mine(world: World) -> Iterator[Account]:
    with tenant_scope(world.tenant(), member=world.csm):
        yield world.account()


def url(world: World, rest: str = "") -> str:
    return f"/t/midori/accounts/{world.account_id()}/drivers/{rest}"


def node(account: Account, name: str, parent: DriverNode | None = None, **given: Any) -> DriverNode:
    return make.row(DriverNode, account, name=name, parent=parent, **given)  # type: ignore[no-any-return]


def names(drawn: list[Drawn]) -> list[Any]:
    return [(one.node.name, names(list(one.below))) if one.below else one.node.name for one in drawn]


def shape(world: World) -> list[Any]:
    """The tree as the next request sees it."""
    with tenant_scope(world.tenant(), member=world.csm):
        return names(list(tree_of(world.account()).tops))


def test_a_node_is_added_below_another_and_stands_there(client: Client, world: World, mine: Account) -> None:
    assert client.post(url(world, "driver/"), {"name": "営業利益", "kind": "goal"}).status_code == 303
    top = DriverNode.objects.get()
    form = {
        "name": "応対コスト",
        "kind": "driver",
        "parent": str(top.pk),
        "value": "38億円",
        "target": "−15%",
    }
    assert client.post(url(world, "driver/"), form).status_code == 303
    text = client.get(url(world)).content.decode()
    assert "38億円" in text
    assert "目標 −15%" in text
    assert names(list(tree_of(mine).tops)) == [("営業利益", ["応対コスト"])]


def test_moving_a_node_takes_along_what_is_below_it(client: Client, world: World, mine: Account) -> None:
    profit, cost = node(mine, "営業利益"), node(mine, "コスト")
    calls = node(mine, "入電数", cost)
    edit = {"field": "parent", "value": str(profit.pk), "base": ""}
    assert client.post(f"/t/midori/edit/driver/{cost.pk}/", edit).status_code == 200
    assert shape(world) == [("営業利益", [("コスト", ["入電数"])])]
    back = {"field": "parent", "value": "", "base": str(cost.pk)}
    assert client.post(f"/t/midori/edit/driver/{calls.pk}/", back).status_code == 200
    assert shape(world) == [("営業利益", ["コスト"]), "入電数"]


@pytest.mark.parametrize(("kind", "model"), [("driver", DriverNode), ("unit", BusinessUnit)])
def test_a_circle_is_refused_in_words(client: Client, mine: Account, kind: str, model: Any) -> None:
    top = make.row(model, mine, name="上")
    middle = make.row(model, mine, name="中", parent=top)
    low = make.row(model, mine, name="下", parent=middle)
    for wrong in (middle, low):
        edit = {"field": "parent", "value": str(wrong.pk), "base": ""}
        answer = client.post(f"/t/midori/edit/{kind}/{top.pk}/", edit)
        assert answer.status_code == 422
        assert "下にある" in answer.json()["message"]
    model.objects.filter(pk=top.pk).update(name="上のまま")
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(pk=top.pk).update(parent=top)


def test_what_stood_below_a_deleted_node_comes_to_the_top(mine: Account) -> None:
    top = node(mine, "営業利益")
    node(mine, "応対コスト", top)
    top.put_in_bin()
    assert names(list(tree_of(mine).tops)) == ["応対コスト"]


def test_a_blank_value_comes_from_the_newest_full_year(mine: Account) -> None:
    for ends_on, quarter, amount in (
        (date(2025, 3, 31), None, 40),
        (date(2026, 3, 31), None, 45),
        (date(2026, 9, 30), 2, 20),
    ):
        period = make.row(FinancialPeriod, mine, ends_on=ends_on, quarter=quarter)
        make.row(
            FinancialFigure,
            mine,
            financial_period=period,
            line="operating_profit",
            amount=amount * 10**8,
            state="known",
        )
    node(mine, "営業利益", line="operating_profit")
    node(mine, "売上高", line="revenue")
    profit, sales = tree_of(mine).tops
    assert (profit.value, profit.look, sales.value, sales.look) == ("45億円", "", "", "un")


def test_the_paint_counts_value_unit_source_and_agreement(mine: Account) -> None:
    unit = make.row(BusinessUnit, mine)
    node(mine, "入電数", value="38,600件", unit=unit, source="CTI月報", is_agreed=True)
    node(mine, "応対時間")
    node(mine, "物流費", is_out_of_scope=True)
    tree = tree_of(mine)
    assert (tree.known, tree.total) == (4, 8)
    assert [one.look for one in tree.tops] == ["", "un", "mute"]


def test_an_objective_names_the_node_it_works_on(client: Client, world: World, mine: Account) -> None:
    calls = node(mine, "入電数", value="38,600件")
    plan = make.row(SuccessPlan, mine, starts_on=date(2026, 10, 1), ends_on=date(2027, 3, 31), state="active")
    objective = make.row(Objective, mine, plan=plan, statement="入電を減らす")
    edit = {"field": "driver", "value": str(calls.pk), "base": ""}
    assert client.post(f"/t/midori/edit/objective/{objective.pk}/", edit).status_code == 200
    text = client.get(url(world)).content.decode()
    assert f"/plans/{plan.pk}/#objective-{objective.pk}" in text
    assert 'class="d d--hit' in text


def test_nodes_issues_and_promises_of_other_accounts_are_no_choice(
    client: Client, world: World, mine: Account
) -> None:
    plan = make.row(SuccessPlan, mine, starts_on=date(2026, 10, 1), ends_on=date(2027, 3, 31))
    objective = make.row(Objective, mine, plan=plan)
    strange = node(world.account("other"), "よその数字")
    edit = {"field": "driver", "value": str(strange.pk), "base": ""}
    assert client.post(f"/t/midori/edit/objective/{objective.pk}/", edit).status_code == 422


def test_tree_order_does_not_depend_on_the_order_of_rows(mine: Account) -> None:
    top = node(mine, "a")
    child = node(mine, "b", top)
    grandchild = node(mine, "c", child)
    assert in_tree_order([grandchild, child, top]) == [(top, 0), (child, 1), (grandchild, 2)]
