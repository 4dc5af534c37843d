"""Every order of the list is read from an index that begins with the tenant: nothing is scanned whole, nothing sorted."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from health.models import AccountScore
from tenants.scope import tenant_scope
from tests import make
from tests.world import TODAY, World
from workspace.account_list.facts import read_facts
from workspace.account_list.orders import ORDERS, Paging, cursor_of
from workspace.account_list.query import ListQuery
from workspace.account_list.rows import load_rows
from workspace.reading import Part, read_at_once


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)


def planned(part: Part) -> list[dict[str, Any]]:
    """The plan that PostgreSQL makes if it has to avoid sorting and scanning wherever an index lets it."""
    with connection.cursor() as cursor:
        for way in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) SELECT {part.sql}", part.params)
        (found,) = cursor.fetchone()
    plan = found if isinstance(found, list) else json.loads(found)
    return list(nodes(plan[0]["Plan"]))


@pytest.mark.parametrize("way", ["first", "after", "before"])
@pytest.mark.parametrize("key", ORDERS)
def test_every_page_of_every_order_comes_from_an_index(key: str, way: str, world: World) -> None:
    with tenant_scope(world.tenant(), member=world.member("manager")):
        account = make.account(name="みなも", kana="ミナモ", arr=10, fiscal_month=3)
        make.row(AccountScore, account, score=40, band="risk")
        legs = ORDERS[key].legs(TODAY)
        (raw, _row), *_rest = load_rows([account.pk], TODAY)
        at = {} if way == "first" else {way: cursor_of(0, legs[0].fields, raw)}
        rows = ListQuery.of("view=team", world.member("manager")).apply(world.member("manager"), TODAY)
        found = planned(Paging(legs, **at).part(rows))
    kinds = {node["Node Type"] for node in found}
    assert not kinds & {"Sort", "Incremental Sort", "Seq Scan"}, kinds
    read = [node for node in found if node["Node Type"] in ("Index Scan", "Index Only Scan")]
    assert read
    assert all(
        "tenant_id" in node.get("Index Cond", "") or node["Index Name"].endswith("_pkey") for node in read
    ), read


def test_a_stretch_without_room_reads_nothing(world: World) -> None:
    with tenant_scope(world.tenant(), member=world.member("manager")):
        for number in range(4):
            make.account(name=f"三月{number}", kana="ア", fiscal_month=3)
            make.account(name=f"十月{number}", kana="ア", fiscal_month=10)
        paging = Paging(ORDERS["budget"].legs(TODAY), size=2)
        part = paging.part(
            ListQuery.of("view=team", world.member("manager")).apply(world.member("manager"), TODAY)
        )
        read = read_at_once(keys=part)["keys"]
    assert sum(map(len, read)) == 3
    assert len(paging.keys(read).found) == 2
    assert paging.keys(read).has_after


def test_facts_of_another_tenant_are_not_read(world: World) -> None:
    with tenant_scope(world.tenant("aoba"), actor="test"):
        stranger = make.account(name="よその会社")
        assert list(read_facts([stranger.pk], TODAY)) == [stranger.pk]
    with tenant_scope(world.tenant(), actor="test"):
        assert read_facts([stranger.pk], TODAY) == {}
