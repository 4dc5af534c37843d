"""Plans and what hangs on them, through the API: made, read, changed, moved, thrown away, by whom."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import KeyPerson
from success_plans.models import ActionItem, Criterion, Objective, SuccessPlan
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.world import World

PLAN = {"title": "2026年度下期", "starts_on": "2026-10-01", "ends_on": "2027-03-31"}


@pytest.fixture
def csm(world: World, program: Any) -> Any:
    return program(world.csm)


@pytest.fixture
def made(world: World, csm: Any) -> dict[str, Any]:
    """A plan with an objective, a criterion and an action, all made by a program."""
    found = {}
    body = {**PLAN, "account": str(world.account_id()), "external_id": "CS-1", "plan_type": "recovery"}
    for name, given in (
        ("plans", lambda: body),
        ("objectives", lambda: {"plan": found["plans"]["id"], "statement": "入電を減らす"}),
        (
            "criteria",
            lambda: {"objective": found["objectives"]["id"], "metric": "入電数", "direction": "down"},
        ),
        ("actions", lambda: {"objective": found["objectives"]["id"], "text": "台本を見直す"}),
    ):
        answer = csm("POST", name, given())
        assert answer.status_code == 201, answer.json()
        found[name] = answer.json()
    return found


def scope(world: World) -> Any:
    return tenant_scope(world.tenant(), actor="test")


def test_a_program_makes_what_a_page_makes(world: World, csm: Any, made: dict[str, Any]) -> None:
    plan, objective, criterion, action = (
        made[name] for name in ("plans", "objectives", "criteria", "actions")
    )
    assert (plan["state"], plan["plan_type"], plan["smart"]["S"]) == ("draft", "recovery", "none")
    assert (objective["position"], objective["account"]) == (1, str(world.account_id()))
    assert criterion["due_on"] == "2027-03-31", "a criterion is due with its plan unless a day is named"
    assert (action["state"], action["plan"]) == ("todo", plan["id"])
    with scope(world):
        event = ActionItem.objects.get().events.get()
        assert (event.pgh_actor, event.pgh_label) == (f"api:{world.csm.pk}", "insert")
    read = csm("GET", f"plans/{plan['id']}").json()
    assert (read["objective_count"], read["smart"]["S"], read["smart"]["T"]) == (1, "warn", "ok")


def test_an_actual_moves_the_progress(csm: Any, made: dict[str, Any]) -> None:
    path = f"criteria/{made['criteria']['id']}"
    tag = csm("GET", path).headers["ETag"]
    body = {"baseline": 42_000, "actual": "38640", "target": 31_500.0}
    changed = csm("PATCH", path, body, If_Match=tag)
    assert changed.status_code == 200, changed.json()
    assert (changed.json()["actual"], changed.json()["progress"]) == ("38640", 0.32)
    again = csm("PATCH", path, {"actual": 1}, If_Match=tag)
    assert (again.status_code, again.json()["current"]["actual"]) == (412, "38640")


def test_a_plan_goes_its_way_and_no_other(world: World, program: Any, csm: Any, made: dict[str, Any]) -> None:
    path = f"plans/{made['plans']['id']}"
    refused = csm("POST", f"{path}/complete", {}, If_Match="*")
    assert (refused.status_code, refused.json()["code"]) == (409, "refused")
    assert "下書き" in refused.json()["detail"]
    manager = program(world.member(Role.MANAGER))
    for who, verb, body, state in (
        (csm, "submit", {}, "submitted"),
        (csm, "submit", {}, "submitted"),
        (manager, "return", {"reason": "はじめの値は、いくつですか"}, "returned"),
        (csm, "submit", {}, "submitted"),
        (csm, "withdraw", {}, "returned"),
        (csm, "submit", {}, "submitted"),
        (manager, "approve", {"reason": ""}, "approved"),
        (csm, "activate", {}, "active"),
        (csm, "activate", {}, "active"),
        (csm, "complete", {}, "completed"),
        (csm, "reopen", {}, "active"),
        (csm, "reopen", {"to": "draft"}, "draft"),
        (csm, "cancel", {}, "cancelled"),
        (csm, "reopen", {}, "draft"),
        (csm, "reopen", {"to": "active"}, "active"),
    ):
        answer = who("POST", f"{path}/{verb}", body, If_Match="*")
        assert (answer.status_code, answer.json().get("state")) == (200, state), verb
    found = csm("GET", f"plan-reviews?plan={made['plans']['id']}&outcome=returned").json()["results"]
    assert [review["reason"] for review in found] == ["はじめの値は、いくつですか"]
    assert csm("POST", f"{path}/approve", {"reason": ""}, If_Match="*").status_code == 403
    wrong = csm("POST", f"{path}/reopen", {"to": "completed"}, If_Match="*")
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "to")


def test_who_does_it_is_one_of_ours_or_of_theirs(world: World, csm: Any, made: dict[str, Any]) -> None:
    with scope(world):
        theirs = make.row(KeyPerson, world.account())
        elsewhere = make.row(KeyPerson, world.account("other"))
    path = f"actions/{made['actions']['id']}"
    for doer in (f"member:{world.csm.pk}", f"person:{theirs.pk}", None):
        answer = csm("PATCH", path, {"assignee": doer}, If_Match="*")
        assert (answer.status_code, answer.json()["assignee"]) == (200, doer)
        if doer:
            assert [row["id"] for row in csm("GET", f"actions?assignee={doer}").json()["results"]] == [
                made["actions"]["id"]
            ]
    for wrong in (str(world.csm.pk), f"person:{elsewhere.pk}", f"member:{uuid4()}", "member:", 7):
        refused = csm("PATCH", path, {"assignee": wrong}, If_Match="*")
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "assignee"), wrong
    direct = csm("POST", "actions", {
        "objective": made["objectives"]["id"], "text": "確認する", "assignee": f"person:{theirs.pk}", "state": "done",
    })  # fmt: skip
    assert (direct.status_code, direct.json()["assignee"]) == (201, f"person:{theirs.pk}")
    assert direct.json()["done_on"] == f"{timezone.localdate()}"


def test_lists_narrow_by_what_a_page_narrows_by(world: World, csm: Any, made: dict[str, Any]) -> None:
    def found(query: str) -> int:
        return len(csm("GET", query).json()["results"])

    plan, objective = made["plans"]["id"], made["objectives"]["id"]
    csm("PATCH", f"actions/{made['actions']['id']}", {"due_on": "2026-12-01", "state": "doing"}, If_Match="*")
    assert found(f"plans?account={world.account_id()}&state=draft&plan_type=recovery") == 1
    assert found("plans?state=active") == 0
    assert found("plans?state=active&state=draft") == 1
    assert found(f"plans?csm={world.csm.pk}&ends_on_to=2027-03-31&ends_on_from=2027-03-31") == 1
    assert found(f"plans?csm={world.member(Role.ADMIN).pk}") == 0
    assert found("plans?external_id=CS-1&external_id=CS-2") == 1
    assert found(f"objectives?plan={plan}") == found(f"criteria?objective={objective}") == 1
    assert found("actions?state=doing&due_on_from=2026-12-01&due_on_to=2026-12-01") == 1
    assert found("actions?due_on_from=2026-12-02") == 0
    assert found("actions?updated_since=2099-01-01T00:00:00Z") == 0
    for query, field in (
        ("plans?state=open", "state"),
        ("actions?due_on_from=12/1", "due_on_from"),
        ("actions?assignee=x", "assignee"),
        ("plans?q=x", "q"),
        ("plans?limit=1&limit=2", "limit"),
        ("plans?" + "&".join(["external_id=x"] * 51), "external_id"),
    ):
        refused = csm("GET", query)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, field), query


def test_the_same_upsert_again_changes_nothing(world: World, csm: Any, made: dict[str, Any]) -> None:
    path, body = "plans/by-external-id/CS-1", {**PLAN, "account": str(world.account_id())}
    same = csm("PUT", path, {**body, "plan_type": "recovery"}, If_Match="*")
    assert (same.status_code, same.json()["version"]) == (200, made["plans"]["version"])
    for key, value in (("account", str(world.account_id("other"))), ("plan_type", "account")):
        moved = csm("PUT", path, {**body, key: value, "title": "別の題"}, If_Match="*")
        assert (moved.status_code, moved.json()["errors"][0]["field"]) == (400, key)
    assert csm("GET", path).json()["title"] == PLAN["title"]
    for name, parent, rest in (
        ("objectives", {"plan": made["plans"]["id"]}, {"statement": "解約を減らす"}),
        ("criteria", {"objective": made["objectives"]["id"]}, {"metric": "解約率"}),
        ("actions", {"objective": made["objectives"]["id"]}, {"text": "聞き取る"}),
        ("activities", {"account": str(world.account_id())}, {"title": "電話した"}),
    ):
        answers = [
            csm("PUT", f"{name}/by-external-id/N-1", {**parent, **rest}, If_Match=m) for m in ("", "*", "*")
        ]
        assert [answer.status_code for answer in answers] == [201, 200, 200], (name, answers[0].json())
        assert len({answer.json()["id"] for answer in answers}) == 1


def test_a_body_that_will_not_do_is_told_before_the_version(
    world: World, csm: Any, made: dict[str, Any]
) -> None:
    for method, path in (
        ("PATCH", f"plans/{made['plans']['id']}"),
        ("PUT", "plans/by-external-id/CS-1"),
        ("PUT", "plans/by-external-id/CS-2"),
        ("POST", f"plans/{made['plans']['id']}/reopen"),
    ):
        refused = csm(method, path, {"title": 7, "to": 7}, If_Match='"99"')
        assert refused.status_code == 400, path


def test_what_is_wrong_with_a_plan_is_named(world: World, csm: Any) -> None:
    body = {**PLAN, "account": str(world.account_id()), "ends_on": "2026-09-30"}
    refused = csm("POST", "plans", body)
    assert (refused.status_code, refused.json()["errors"]) == (
        400,
        [{"field": "ends_on", "message": "おわりは、はじめより後にしてください", "pointer": "/ends_on"}],
    )
    missing = csm("POST", "plans", {"account": str(world.account_id()), "state": "active"})
    assert {fault["field"] for fault in missing.json()["errors"]} == {"state"}
    blank = csm("POST", "plans", {"account": str(world.account_id())})
    assert {fault["field"] for fault in blank.json()["errors"]} == {"title", "starts_on", "ends_on"}


def test_objectives_change_places(csm: Any, made: dict[str, Any]) -> None:
    plan = made["plans"]["id"]
    second = csm("POST", "objectives", {"plan": plan, "statement": "二つめ"}).json()
    assert second["position"] == 2
    moved = csm("PATCH", f"objectives/{second['id']}", {"position": 1}, If_Match="*")
    assert (moved.status_code, moved.json()["position"]) == (200, 1)
    assert csm("GET", f"objectives/{made['objectives']['id']}").json()["position"] == 2


def test_below_a_plan_in_the_bin_nothing_is_listed_until_it_comes_back(
    world: World, program: Any, csm: Any, made: dict[str, Any]
) -> None:
    path = f"plans/{made['plans']['id']}"
    assert csm("DELETE", path, If_Match="*").status_code == 204
    below = ("objectives", "criteria", "actions")
    (gone,) = csm("GET", "plans?in_bin=true&updated_since=2020-01-01T00:00:00Z").json()["results"]
    assert (gone["id"], gone["deleted_at"] is None) == (made["plans"]["id"], False)
    assert csm("GET", "plans?in_bin=maybe").status_code == 400
    viewer = program(world.member(Role.VIEWER))
    assert viewer("GET", "plans").status_code == 200
    assert viewer("GET", "plans?in_bin=true").status_code == 403, "the bin is not for everybody"
    assert [csm("GET", name).json()["results"] for name in ("plans", *below)] == [[]] * 4
    assert csm("POST", "objectives", {"plan": made["plans"]["id"], "statement": "x"}).status_code == 400
    assert csm("POST", f"{path}/restore", If_Match="*").status_code == 200
    assert [len(csm("GET", name).json()["results"]) for name in ("plans", *below)] == [1] * 4


def test_a_contributor_says_how_far_their_own_action_is_and_nothing_else(
    world: World, program: Any, csm: Any, made: dict[str, Any]
) -> None:
    helper = world.member(Role.CONTRIBUTOR)
    call, path = program(helper), f"actions/{made['actions']['id']}"
    assert call("GET", path).status_code == 404
    assert call("GET", "actions").json()["results"] == []
    csm("PATCH", path, {"assignee": f"member:{helper.pk}"}, If_Match="*")
    assert [row["id"] for row in call("GET", "actions").json()["results"]] == [made["actions"]["id"]]
    done = call("PATCH", path, {"state": "done", "quantity": "12本"}, If_Match="*")
    assert (done.status_code, done.json()["done_on"]) == (200, f"{timezone.localdate()}")
    refused = call("PATCH", path, {"text": "やめる", "state": "dropped"}, If_Match="*")
    assert (refused.status_code, [fault["field"] for fault in refused.json()["errors"]]) == (403, ["text"])
    assert call("GET", path).json()["state"] == "done", "nothing of a refused body is kept"
    assert call("DELETE", path, If_Match="*").status_code == 403
    assert call("PATCH", f"plans/{made['plans']['id']}", {"title": "x"}, If_Match="*").status_code == 403


@pytest.mark.parametrize(
    ("model", "name", "key"),
    [
        (SuccessPlan, "objectives", "plan"),
        (Objective, "criteria", "objective"),
        (Objective, "actions", "objective"),
    ],
)
def test_a_parent_of_another_tenant_is_like_none(
    world: World, csm: Any, model: Any, name: str, key: str
) -> None:
    with tenant_scope(world.tenant("aoba"), actor="test"):
        theirs = make.row(model, world.account("foreign"))
    words = {"statement": "x"} if name == "objectives" else {"metric" if name == "criteria" else "text": "x"}
    answers = [csm("POST", name, {key: str(pk), **words}) for pk in (theirs.pk, uuid4())]
    assert {answer.status_code for answer in answers} == {400}
    assert answers[0].content == answers[1].content
    lists = [csm("GET", f"{name}?{key}={pk}").json() for pk in (theirs.pk, uuid4())]
    assert lists[0] == lists[1]
    with tenant_scope(world.tenant("aoba"), actor="test"):
        assert Criterion.objects.count() == ActionItem.objects.count() == 0


def test_dates_are_days(csm: Any, made: dict[str, Any]) -> None:
    path = f"plans/{made['plans']['id']}"
    kept = csm("PATCH", path, {"ends_on": "2027-02-28"}, If_Match="*").json()
    assert date.fromisoformat(kept["ends_on"]) == date(2027, 2, 28)
    for wrong in ("2027-02-29", "2027/02/28", "2027-02-28T00:00:00Z", 20270228, ""):
        refused = csm("PATCH", path, {"ends_on": wrong}, If_Match="*")
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "/ends_on"), wrong
