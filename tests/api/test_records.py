"""What hangs on an account, through the API."""

from typing import Any
from uuid import uuid4

import pytest

from accounts.models import Activity
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests.world import World


@pytest.fixture
def csm(world: World, program: Any) -> Any:
    return program(world.csm)


def test_a_person_with_a_role_goes_to_the_bin_and_comes_back(world: World, csm: Any) -> None:
    account = str(world.account_id())
    person = csm("POST", "persons", {"account": account, "name": "山田 太郎", "external_id": "P-1"})
    assert person.status_code == 201
    pk = person.json()["id"]
    role = csm("POST", "person-roles", {"person": pk, "kind": "champion"})
    assert (role.status_code, role.json()["account"]) == (201, account)
    read = csm("GET", f"persons/{pk}")
    assert [one["kind"] for one in read.json()["roles"]] == ["champion"]
    assert csm("DELETE", f"persons/{pk}").status_code == 428
    assert csm("DELETE", f"persons/{pk}", If_Match=read.headers["ETag"]).status_code == 204
    assert csm("GET", f"persons/{pk}").status_code == 404
    hidden = csm("PUT", "persons/by-external-id/P-1", {"account": account, "name": "山田"})
    assert (hidden.status_code, hidden.json()["code"], hidden.json()["id"]) == (409, "in_bin", pk)
    assert csm("POST", f"persons/{pk}/restore", If_Match="*").status_code == 200
    assert csm("GET", f"persons?account={account}").json()["results"][0]["id"] == pk


def test_a_contract_and_a_money_value(world: World, csm: Any) -> None:
    body = {
        "account": str(world.account_id()),
        "name": "保守契約",
        "amount": 1_200_000,
        "starts_on": "2026-04-01",
    }
    made = csm("POST", "contracts", body)
    assert (made.status_code, made.json()["amount"]) == (201, 1_200_000)
    wrong = csm("POST", "contracts", {**body, "starts_on": "2026/04/01", "amount": 1.5})
    assert {fault["field"] for fault in wrong.json()["errors"]} == {"starts_on", "amount"}


def test_a_note_and_who_took_part(world: World, csm: Any) -> None:
    account = str(world.account_id())
    person = csm("POST", "persons", {"account": account, "name": "山田"}).json()["id"]
    body = {
        "account": account,
        "kind": "call",
        "title": "電話した",
        "persons": [person],
        "members": [str(world.csm.pk)],
    }
    made = csm("POST", "activities", body)
    assert made.status_code == 201, made.json()
    assert (made.json()["state"], made.json()["persons"]) == ("held", [person])
    assert made.json()["written_by"] == str(world.csm.pk)
    path = f"activities/{made.json()['id']}"
    fewer = csm("PATCH", path, {"persons": []}, If_Match="*")
    assert (fewer.json()["persons"], fewer.json()["members"]) == ([], [str(world.csm.pk)])
    stranger = csm("PATCH", path, {"title": "書かない", "persons": [str(uuid4())]}, If_Match="*")
    assert (stranger.status_code, stranger.json()["errors"][0]["pointer"]) == (400, "/persons/0")
    with tenant_scope(world.tenant(), actor="test"):
        assert Activity.objects.get().title == "電話した"


@pytest.mark.parametrize("name", ["persons", "contracts", "activities"])
def test_the_account_of_another_tenant_is_like_none(world: World, csm: Any, name: str) -> None:
    answers = [
        csm(
            "POST",
            name,
            {"account": str(pk), "name": "見本", **({} if name != "activities" else {"title": "見本"})},
        )
        for pk in (world.account_id("foreign"), uuid4())
    ]
    assert {answer.status_code for answer in answers} == {400}
    assert answers[0].content == answers[1].content


def test_a_viewer_reads_and_writes_nothing(world: World, program: Any) -> None:
    viewer = program(world.member(Role.VIEWER))
    assert viewer("GET", f"accounts/{world.account_id()}").status_code == 200
    assert viewer("POST", "persons", {"account": str(world.account_id()), "name": "山田"}).status_code == 403


def test_amounts_of_statements_are_yen(world: World, csm: Any) -> None:
    body = {"account": str(world.account_id()), "name": "通販", "revenue": 105_300_000_000, "profit": -5}
    made = csm("POST", "segments", body)
    assert (made.status_code, made.json()["revenue"], made.json()["profit"]) == (201, 105_300_000_000, -5)


def test_a_figure_is_yen_or_undisclosed(world: World, csm: Any) -> None:
    body = {"account": str(world.account_id()), "ends_on": "2026-03-31"}
    period = csm("POST", "financial-periods", body)
    assert period.status_code == 201
    blanks = csm("GET", f"financial-figures?financial_period={period.json()['id']}").json()["results"]
    assert {one["amount"] for one in blanks} == {None}
    revenue = next(one for one in blanks if one["line"] == "revenue")
    for amount, stands in ((27_225_613_000, "known"), ("undisclosed", "undisclosed"), (None, "unknown")):
        answer = csm("PATCH", f"financial-figures/{revenue['id']}", {"amount": amount}, If_Match="*")
        assert (answer.status_code, answer.json()["amount"], answer.json()["state"]) == (200, amount, stands)
    wrong = csm("PATCH", f"financial-figures/{revenue['id']}", {"amount": "12億円"}, If_Match="*")
    assert wrong.status_code == 400 and wrong.json()["errors"][0]["field"] == "amount"


def test_a_record_whose_place_was_taken_stays_in_the_bin(world: World, csm: Any) -> None:
    body = {"account": str(world.account_id()), "ends_on": "2026-03-31"}
    first = csm("POST", "financial-periods", body).json()["id"]
    assert csm("DELETE", f"financial-periods/{first}", If_Match="*").status_code == 204
    assert csm("POST", "financial-periods", body).status_code == 201
    refused = csm("POST", f"financial-periods/{first}/restore", If_Match="*")
    assert (refused.status_code, refused.json()["code"]) == (409, "duplicate")
