"""Members, teams, budgets and where values come from, through the API."""

from typing import Any

import pytest

from tenants.roles import Role
from tests.world import World


@pytest.fixture
def csm(world: World, program: Any) -> Any:
    return program(world.csm)


def test_members_are_found_by_their_address(world: World, csm: Any) -> None:
    found = csm("GET", "members?email=sales@midori.example").json()["results"]
    assert [(one["id"], one["role"]) for one in found] == [(str(world.member(Role.SALES).pk), "sales")]
    assert csm("GET", "members?email=sales@aoba.example").json()["results"] == []
    everybody = csm("GET", "members?limit=200").json()["results"]
    assert str(world.member("removed").pk) not in {one["id"] for one in everybody}
    assert csm("GET", f"members/{world.member(Role.SALES, 'aoba').pk}").status_code == 404


def test_the_team_of_an_account_is_exactly_what_is_sent(world: World, csm: Any) -> None:
    path, seller = f"accounts/{world.account_id()}", str(world.member(Role.SALES).pk)
    for team in ([seller], [seller, str(world.member(Role.VIEWER).pk)], []):
        answer = csm("PATCH", path, {"team": team}, If_Match="*")
        assert (answer.status_code, sorted(answer.json()["team"])) == (200, sorted(team))
    for stranger in (world.member(Role.SALES, "aoba").pk, world.member("removed").pk):
        refused = csm("PATCH", path, {"team": [seller, str(stranger)], "industry": "小売"}, If_Match="*")
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "/team/1")
    kept = csm("GET", path).json()
    assert (kept["team"], kept["industry"]) == ([], ""), "nothing of a refused body is kept"


def test_a_budget_is_there_once_for_each_year(world: World, csm: Any) -> None:
    body = {"account": str(world.account_id()), "fiscal_year": 2031, "status": "considering"}
    made = csm("POST", "budgets", body)
    assert (made.status_code, made.json()["fiscal_year"]) == (201, 2031)
    again = csm("POST", "budgets", {**body, "status": "included"})
    named = {fault["field"] for fault in again.json()["errors"]}
    assert (again.status_code, named) == (409, {"account", "fiscal_year"})
    path = f"budgets/{made.json()['id']}"
    changed = csm("PATCH", path, {"status": "included"}, If_Match=made.headers["ETag"])
    assert (changed.status_code, changed.json()["status"]) == (200, "included")
    missing = csm("POST", "budgets", {"account": str(world.account_id())})
    assert (missing.status_code, missing.json()["errors"][0]["field"]) == (400, "fiscal_year")


def test_where_a_value_comes_from_is_said_beside_it(world: World, csm: Any) -> None:
    account = world.account_id()
    csm("PATCH", f"accounts/{account}", {"industry": "小売"}, If_Match="*")
    (fact,) = csm("GET", f"facts?account={account}&field_key=industry").json()["results"]
    assert (fact["origin"], fact["author"]) == ("api", str(world.csm.pk))
    source = {"source": "有価証券報告書", "source_kind": "primary"}
    told = csm("PATCH", f"facts/{fact['id']}", source, If_Match="*")
    assert (told.status_code, told.json()["source"]) == (200, "有価証券報告書")


def test_a_field_without_a_column_is_written_as_a_fact(world: World, csm: Any) -> None:
    body = {"account": str(world.account_id()), "field_key": "business", "value": "総合通販"}
    made = csm("POST", "facts", body)
    assert made.status_code == 201, made.json()
    assert (made.json()["value"], made.json()["state"], made.json()["origin"]) == ("総合通販", "known", "api")
    assert csm("POST", "facts", body).status_code == 409
    changed = csm("PATCH", f"facts/{made.json()['id']}", {"value": "物流"}, If_Match="*")
    assert changed.json()["value"] == "物流"
    refused = csm("POST", "facts", {**body, "field_key": "dynamics", "value": "知らない動き"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "value")
    refused = csm("POST", "facts", {**body, "field_key": "nonsense"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "field_key")
    refused = csm("POST", "facts", {**body, "field_key": "address", "value": "東京"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "value")
