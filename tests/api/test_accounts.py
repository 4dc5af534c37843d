"""Accounts through the API: what is read, written, refused and made once."""

from typing import Any

import pytest

from accounts.models import Account, Fact
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests.world import World


@pytest.fixture
def csm(world: World, program: Any) -> Any:
    return program(world.csm)


def test_a_list_and_one_account(world: World, csm: Any) -> None:
    found = csm("GET", "accounts").json()
    assert {row["name"] for row in found["results"]} == {"東都百貨店株式会社", "株式会社南風運輸"}
    assert found["next"] is None
    one = csm("GET", f"accounts/{world.account_id()}")
    assert one.json()["arr"] == 38_400_000
    assert one.headers["ETag"] == f'"{one.json()["version"]}"'


def test_a_field_is_written_by_whoever_knows_the_version(world: World, csm: Any) -> None:
    path = f"accounts/{world.account_id()}"
    tag = csm("GET", path).headers["ETag"]
    missing = csm("PATCH", path, {"industry": "小売"})
    assert (missing.status_code, missing.json()["current"]["industry"]) == (428, "")
    saved = csm("PATCH", path, {"industry": "小売", "arr": 50_000_000}, If_Match=tag)
    assert (saved.status_code, saved.json()["industry"], saved.json()["arr"]) == (200, "小売", 50_000_000)
    stale = csm("PATCH", path, {"industry": "百貨店"}, If_Match=tag)
    assert (stale.status_code, stale.json()["current"]["industry"]) == (412, "小売")
    assert stale.headers["ETag"] == saved.headers["ETag"] != tag
    with tenant_scope(world.tenant(), actor="test"):
        fact = Fact.objects.get(account=world.account_id(), field_key="industry")
        assert (fact.origin, fact.author_id) == ("api", world.csm.pk)
        event = world.account().events.order_by("-pgh_id").first()
        assert event.pgh_actor == f"api:{world.csm.pk}"


def test_what_is_wrong_is_named_field_by_field(world: World, csm: Any) -> None:
    path = f"accounts/{world.account_id()}"
    body = {"arr": "たくさん", "tier": "gold", "nothing": 1, "version": 9, "name": ""}
    refused = csm("PATCH", path, body, If_Match="*")
    assert refused.status_code == 400
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert {fault["field"] for fault in refused.json()["errors"]} == {"arr", "tier", "nothing", "version"}
    empty = csm("PATCH", path, {"name": "", "industry": "小売"}, If_Match="*")
    assert [fault["pointer"] for fault in empty.json()["errors"]] == ["/name"]
    assert csm("GET", path).json()["industry"] == "", "nothing of a refused body is kept"


@pytest.mark.parametrize(
    "body",
    [
        b"\xff",
        b"[1]",
        b"{",
        b'{"a":1,"a":2}',
        b'{"arr":NaN}',
        b"[" * 100_000,
        b"9" * 5_000,
        b'"x"',
        b"",
        b"null",
        b"0",
        b"false",
        b"[]",
        b'""',
    ],
)
def test_a_body_that_is_no_object_is_refused(world: World, csm: Any, body: bytes) -> None:
    path = f"/api/v1/accounts/{world.account_id()}"
    headers = {"Authorization": f"Bearer {csm.token}", "If-Match": "*"}
    refused = csm.client.patch(path, body, content_type="application/json", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (400, "unreadable")


def test_a_record_is_made_once_however_often_it_is_sent(world: World, program: Any) -> None:
    admin = program(world.member(Role.ADMIN))
    body = {"name": "見本商事", "stage": "live", "fiscal_month": 3}
    first = admin("POST", "accounts", body, Idempotency_Key="k1")
    assert first.status_code == 201
    again = admin("POST", "accounts", body, Idempotency_Key="k1")
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Location"] == f"/api/v1/accounts/{first.json()['id']}"
    other = admin("POST", "accounts", {**body, "name": "別の商事"}, Idempotency_Key="k1")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    with tenant_scope(world.tenant(), actor="test"):
        assert Account.objects.filter(name="見本商事").count() == 1


def test_long_keys_that_begin_alike_are_two(world: World, program: Any) -> None:
    admin = program(world.member(Role.ADMIN))
    keys = ["k" * 64 + end for end in "ab"]
    made = [admin("POST", "accounts", {"name": f"商事{key[-1]}"}, Idempotency_Key=key).json() for key in keys]
    assert made[0]["id"] != made[1]["id"]
    assert admin("POST", "accounts", {"name": "商事a"}, Idempotency_Key=keys[0]).json()["id"] == made[0]["id"]


def test_what_a_csm_adds_is_their_own_unless_they_say_otherwise(world: World, csm: Any) -> None:
    path, body = "accounts/by-external-id/CRM-8", {"name": "見本商事", "stage": "live", "fiscal_month": 3}
    made = csm("PUT", path, body)
    assert made.json()["csm"] == str(world.csm.pk)
    assert csm("PUT", path, {"industry": "小売"}, If_Match=made.headers["ETag"]).status_code == 200
    assert csm("POST", "accounts", {**body, "csm": None}).json()["csm"] is None


def test_upsert_makes_then_changes_by_the_number_elsewhere(world: World, program: Any) -> None:
    admin = program(world.member(Role.ADMIN))
    path = "accounts/by-external-id/CRM%2F7"
    body = {"name": "見本商事", "stage": "live", "fiscal_month": 3}
    made = admin("PUT", path, body)
    assert (made.status_code, made.json()["external_id"]) == (201, "CRM/7")
    unsure = admin("PUT", path, {"industry": "商社"})
    assert (unsure.status_code, unsure.json()["current"]["id"]) == (428, made.json()["id"])
    changed = admin("PUT", path, {"industry": "商社"}, If_Match=made.headers["ETag"])
    assert (changed.status_code, changed.json()["name"]) == (200, "見本商事")
    assert admin("GET", path).json() == changed.json()
    assert admin("PUT", path, {"industry": "小売"}, If_Match=made.headers["ETag"]).status_code == 412
    taken = admin("POST", "accounts", {**body, "external_id": "CRM/7"})
    assert (taken.status_code, taken.json()["errors"][0]["field"]) == (409, "external_id")


def test_the_number_of_another_tenant_makes_a_new_record(world: World, program: Any) -> None:
    theirs = program(world.member(Role.ADMIN, "aoba"))
    body = {"name": "南風", "stage": "live", "fiscal_month": 3}
    assert theirs("GET", "accounts/by-external-id/A-o").status_code == 404
    assert theirs("PUT", "accounts/by-external-id/A-o", body).status_code == 201
    with tenant_scope(world.tenant(), actor="test"):
        assert Account.objects.get(external_id="A-o").pk == world.account_id("other")


def test_pages_follow_each_other_and_filters_narrow(world: World, csm: Any) -> None:
    first = csm("GET", "accounts?limit=1").json()
    second = csm("GET", first["next"].split("/api/v1/")[1]).json()
    names = [row["name"] for row in (*first["results"], *second["results"])]
    assert sorted(names) == ["東都百貨店株式会社", "株式会社南風運輸"]
    assert second["next"] is None
    for query, found in (
        (f"csm={world.csm.pk}", 1),
        ("external_id=A-o", 1),
        ("q=%E5%8D%97%E9%A2%A8", 1),
        ("updated_since=2099-01-01T00:00:00Z", 0),
        ("updated_since=2020-01-01T00:00:00Z", 2),
    ):
        assert len(csm("GET", f"accounts?{query}").json()["results"]) == found, query
    for query, field in (
        ("limit=0", "limit"),
        ("limit=", "limit"),
        ("cursor=x", "cursor"),
        ("cursor=", "cursor"),
        ("csm=x", "csm"),
        ("color=red", "color"),
    ):
        refused = csm("GET", f"accounts?{query}")
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, field), query


def test_verbs_of_the_page(world: World, csm: Any) -> None:
    path = f"accounts/{world.account_id()}"
    assert csm("POST", f"{path}/archive", {}).status_code == 428
    archived = csm("POST", f"{path}/archive", {}, If_Match="*")
    assert (archived.status_code, archived.json().get("stage")) == (200, "churned"), archived.json()
    assert csm("POST", f"{path}/unarchive", {}, If_Match="*").json()["stage"] == "live"
