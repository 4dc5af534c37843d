"""CTAs through the API: what a person may do with one on its page, and what the page's state allows."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from ctas.models import Cta
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests.world import World, ident


@pytest.fixture
def cta(world: World) -> Cta:
    with tenant_scope(world.tenant(), actor="job:night"):
        today = timezone.localdate()
        return Cta.objects.create(
            account=world.account(), rule="budget_season", occurrence="2027", assignee=world.csm,
            evidence={"ends_on": "2027-03-31", "year": 2027, "status": "undecided"},
            opened_on=today, due_on=today + timedelta(days=3),
        )  # fmt: skip


@pytest.fixture
def csm(world: World, program: Any) -> Any:
    return program(world.csm)


@pytest.fixture
def do(csm: Any, cta: Cta) -> Any:
    """``do("snooze", until=…)`` as 鈴木, whatever stands there."""
    return lambda verb, **body: csm("POST", f"ctas/{cta.pk}/{verb}", body, If_Match="*")


def day(days: int) -> str:
    return f"{timezone.localdate() + timedelta(days=days)}"


def test_a_cta_reads_as_on_its_page(world: World, csm: Any, cta: Cta, sign_in: Any) -> None:
    (row,) = csm("GET", "ctas").json()["results"]
    page = sign_in(world.csm).get(f"/t/midori/ctas/{cta.pk}/").content.decode()
    assert row["title"] in page and row["why"] in page
    assert (row["rule"], row["status"], row["assignee"]) == ("budget_season", "todo", str(world.csm.pk))
    assert row == csm("GET", f"ctas/{cta.pk}").json()


def test_it_is_started_snoozed_flagged_handed_over_and_closed(world: World, do: Any) -> None:
    manager = str(world.member(Role.MANAGER).pk)
    for verb, body, shown in (
        ("start", {}, {"status": "doing"}),
        ("put-back", {}, {"status": "todo"}),
        ("snooze", {"until": day(7), "reason": "返事待ち"}, {"status": "snoozed", "snoozed_until": day(7)}),
        ("wake", {}, {"status": "todo", "snoozed_until": None}),
        ("flag", {"reason": "解約の話が出た"}, {"is_flagged": True, "flag_reason": "解約の話が出た"}),
        ("unflag", {}, {"is_flagged": False}),
        ("assign", {"member": None}, {"assignee": None}),
        ("assign", {"member": manager}, {"assignee": manager}),
        ("close", {"outcome": "declined", "reason": "別件で対応済み"}, {"status": "declined"}),
        ("close", {"outcome": "declined", "reason": "もう一度"}, {"closed_reason": "別件で対応済み"}),
        ("reopen", {}, {"status": "todo", "closed_by": None}),
        ("close", {}, {"status": "done", "closed_by": str(world.csm.pk)}),
    ):
        answer = do(verb, **body)
        assert answer.status_code == 200, (verb, answer.json())
        assert {key: answer.json()[key] for key in shown} == shown, verb


def test_what_the_form_asks_for_is_named(do: Any) -> None:
    for verb, body, field in (
        ("snooze", {"until": day(7)}, "reason"),
        ("snooze", {"until": day(0), "reason": "待つ"}, "until"),
        ("snooze", {"until": day(91), "reason": "待つ"}, "until"),
        ("snooze", {"until": "来週", "reason": "待つ"}, "until"),
        ("close", {"outcome": "declined"}, "reason"),
        ("close", {"outcome": "won"}, "outcome"),
        ("flag", {}, "reason"),
        ("flag", {"reason": "あ" * 201}, "reason"),
        ("assign", {}, "member"),
        ("assign", {"member": str(uuid4())}, "member"),
        ("start", {"status": "done"}, "status"),
    ):
        refused = do(verb, **body)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, field), (verb, body)
    assert do("start").json()["assignee"], "an assignment without a member was refused, not taken as nobody"


def test_a_closed_one_takes_nothing_but_to_be_opened_again(do: Any) -> None:
    assert do("close").status_code == 200
    for verb, body in (
        ("start", {}),
        ("put-back", {}),
        ("wake", {}),
        ("snooze", {"until": day(7), "reason": "待つ"}),
        ("close", {"outcome": "declined", "reason": "やはり不要"}),
    ):
        refused = do(verb, **body)
        assert (refused.status_code, refused.json()["code"]) == (409, "refused"), verb
        assert "完了" in refused.json()["detail"]


def test_whoever_was_faster_counts(csm: Any, cta: Cta) -> None:
    path = f"ctas/{cta.pk}"
    tag = csm("GET", path).headers["ETag"]
    assert csm("POST", f"{path}/close", {}).status_code == 428
    assert csm("POST", f"{path}/start", {}, If_Match=tag).status_code == 200
    late = csm("POST", f"{path}/close", {}, If_Match=tag)
    assert (late.status_code, late.json()["current"]["status"]) == (412, "doing")


def test_lists_narrow(world: World, csm: Any, cta: Cta) -> None:
    def found(query: str) -> int:
        return len(csm("GET", f"ctas?{query}").json()["results"])

    assert found("status=todo&status=doing&status=snoozed") == 1
    assert found("status=done") == found("is_flagged=true") == found("rule=renewal_near") == 0
    assert found(f"account={cta.account_id}&assignee={world.csm.pk}&rule=budget_season&priority=2") == 1
    assert found(f"due_on_to={day(3)}&due_on_from={day(3)}&is_flagged=false") == 1
    assert found(f"due_on_to={day(2)}") == found(f"assignee={ident('nobody')}") == 0
    assert csm("GET", "ctas?is_flagged=yes").status_code == 400
    assert csm("GET", "ctas?is_flagged=true&is_flagged=false").status_code == 400


def test_only_rules_open_one_and_only_those_who_may_handle_it(world: World, program: Any, cta: Cta) -> None:
    admin = program(world.member(Role.ADMIN))
    assert admin("POST", "ctas", {"account": str(world.account_id())}).status_code == 405
    assert admin("PATCH", f"ctas/{cta.pk}", {"status": "done"}, If_Match="*").status_code == 405
    for role, status in ((Role.VIEWER, 403), (Role.CONTRIBUTOR, 404), (Role.SALES, 200), (Role.MANAGER, 200)):
        call = program(world.member(role))
        assert call("POST", f"ctas/{cta.pk}/flag", {"reason": "x"}, If_Match="*").status_code == status, role
        assert len(call("GET", "ctas").json()["results"]) == (0 if role is Role.CONTRIBUTOR else 1)
