"""What people do with a CTA, through its URLs: each may be said twice and taken back."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ctas.models import Cta, Status
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.world import World

FROM_ROW = {"HTTP_HX_REQUEST": "true"}


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
def client(world: World, sign_in: Any) -> Client:
    return sign_in(world.csm)


@pytest.fixture
def send(client: Client, cta: Cta) -> Any:
    def to(noun: str, method: str = "POST", *, from_row: bool = True, **fields: str) -> Any:
        headers = {**FROM_ROW, "HTTP_HX_TARGET": f"cta-{cta.pk}"} if from_row else {}
        call = client.delete if method == "DELETE" else client.post
        return call(f"/t/midori/ctas/{cta.pk}/{noun}/", fields or None, **headers)

    return to


@pytest.fixture
def state(world: World, cta: Cta) -> Any:
    def now() -> Cta:
        with tenant_scope(world.tenant()):
            return Cta.objects.get(pk=cta.pk)

    return now


def test_closing_answers_the_struck_row_with_a_way_back(
    send: Any, state: Any, client: Client, cta: Cta
) -> None:
    answer = send("closing")
    assert answer.status_code == 200
    assert "data-closed" in answer.content.decode()
    assert f"/ctas/{cta.pk}/closing/undo/" in answer.headers["HX-Trigger"]
    closed = state()
    assert (closed.status, closed.closed_by.role) == (Status.DONE, Role.CSM)
    assert client.get(f"/t/midori/ctas/{cta.pk}/row/").content == b"", "after its toast the row leaves"


def test_closing_twice_is_once(send: Any, state: Any) -> None:
    send("closing")
    first = state()
    send("closing", outcome="declined", reason="もう済んだ")
    assert (state().status, state().closed_at, state().version) == (
        first.status,
        first.closed_at,
        first.version,
    )


def test_undo_by_toast_and_by_delete(send: Any, state: Any) -> None:
    for undo in (lambda: send("closing/undo", from_row=False), lambda: send("closing", "DELETE")):
        send("closing")
        assert undo().status_code in (200, 204, 303)
        assert (state().status, state().closed_by) == (Status.TODO, None)


def test_undo_gives_back_the_state_it_had(send: Any, state: Any) -> None:
    send("start")
    send("closing")
    send("closing/undo")
    assert state().status == Status.DOING


def test_declining_needs_a_reason(send: Any, state: Any) -> None:
    refused = send("closing", outcome="declined")
    assert refused.status_code == 422 and refused.headers["HX-Retarget"].endswith(".cta-more")
    assert state().status == Status.TODO
    send("closing", outcome="declined", reason="解約が決まっている")
    assert (state().status, state().closed_reason) == (Status.DECLINED, "解約が決まっている")


def test_a_snooze_sleeps_until_its_day_and_wakes_by_undo(send: Any, state: Any) -> None:
    until = timezone.localdate() + timedelta(days=10)
    assert send("snooze", until=f"{until}", reason="先方の返事待ち").status_code == 200
    assert (state().status, state().snoozed_until) == (Status.SNOOZED, until)
    send("snooze/undo", from_row=False)
    assert (state().status, state().snoozed_until) == (Status.TODO, None)


@pytest.mark.parametrize(("days", "reason"), [(0, "待つ"), (91, "待つ"), (-1, "待つ"), (10, "")])
def test_a_snooze_needs_a_day_within_90_and_a_reason(days: int, reason: str, send: Any, state: Any) -> None:
    answer = send("snooze", until=f"{timezone.localdate() + timedelta(days=days)}", reason=reason)
    assert answer.status_code == 422
    assert state().status == Status.TODO


def test_the_ninetieth_day_is_fine(send: Any, state: Any) -> None:
    send("snooze", until=f"{timezone.localdate() + timedelta(days=90)}", reason="待つ")
    assert state().status == Status.SNOOZED


def test_starting_and_putting_back(send: Any, state: Any) -> None:
    send("start")
    assert state().status == Status.DOING
    send("start", "DELETE")
    assert state().status == Status.TODO


def test_a_flag_needs_its_reason(send: Any, state: Any) -> None:
    assert send("flag").status_code == 422
    send("flag", reason="社長から電話")
    assert (state().is_flagged, state().flag_reason) == (True, "社長から電話")
    send("flag/undo")
    assert not state().is_flagged


def test_handing_over_and_back(send: Any, state: Any, client: Client, world: World) -> None:
    seller = world.member(Role.SALES)
    answer = send("assignment", member=str(seller.pk))
    assert state().assignee == seller
    back = answer.headers["HX-Trigger"]
    assert str(world.csm.pk) in back
    client.post(f"/t/midori/ctas/{state().pk}/assignment/?member={world.csm.pk}")
    assert state().assignee == world.csm


def test_nobody_of_another_tenant_can_be_given_a_cta(send: Any, state: Any, world: World) -> None:
    assert send("assignment", member=str(world.member(Role.CSM, "aoba").pk)).status_code == 422
    assert state().assignee == world.csm


def test_without_script_the_verbs_lead_back_to_the_page(send: Any, cta: Cta) -> None:
    answer = send("closing", from_row=False)
    assert answer.status_code == 303 and answer.headers["Location"] == f"/t/midori/ctas/{cta.pk}/"


def test_the_page_tells_why_and_what_happened(send: Any, client: Client, cta: Cta) -> None:
    send("start")
    send("closing")
    text = client.get(f"/t/midori/ctas/{cta.pk}/").content.decode()
    assert "3月決算。2027年度の予算は未定" in text
    for said in ("発動しました", "対応中にしました", "完了にしました", "鈴木", "夜間の計算"):
        assert said in text, said


def test_the_list_groups_by_why_now_and_counts(client: Client, cta: Cta) -> None:
    text = client.get("/t/midori/ctas/").content.decode()
    assert "いま要対応のCTAは1件です" in text
    assert "来期予算の日程と、決める場を確かめる" in text
    assert "ここで思い出されないと" in text


@pytest.mark.parametrize(("query", "is_there"), [
    ("whose=mine", True), ("whose=team", True), ("state=asleep", False), ("state=closed", False),
    ("rule=budget_season", True), ("rule=renewal_near", False), ("rule=invented&state=nonsense", True),
])  # fmt: skip
def test_the_list_is_narrowed(query: str, is_there: bool, client: Client, cta: Cta) -> None:
    assert (str(cta.pk) in client.get(f"/t/midori/ctas/?{query}").content.decode()) is is_there


def test_a_contributor_sees_the_account_of_a_cta_they_were_given(
    sign_in: Any, world: World, cta: Cta, send: Any
) -> None:
    helper = sign_in(world.member(Role.CONTRIBUTOR))
    path = f"/t/midori/ctas/{cta.pk}/"
    assert helper.get(path).status_code == 404
    send("assignment", member=str(world.member(Role.CONTRIBUTOR).pk))
    assert helper.get(path).status_code == 200
    assert helper.post(f"{path}closing/").status_code == 303
    assert helper.get(path).status_code == 404, "once it is done there is nothing left for them there"


def test_the_list_takes_the_same_statements_for_one_and_many(client: Client, world: World, cta: Cta) -> None:
    client.get("/t/midori/ctas/?whose=team")  # the first one of a day also writes that the member was here
    with CaptureQueriesContext(connection) as few:
        client.get("/t/midori/ctas/?whose=team")
    with tenant_scope(world.tenant(), actor="job:night"):
        for year in range(20):
            Cta.objects.create(
                account=world.account(), rule="budget_season", occurrence=f"{year}", assignee=world.csm,
                evidence=cta.evidence, opened_on=cta.opened_on, due_on=cta.due_on,
            )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        client.get("/t/midori/ctas/?whose=team")
    assert len(many) == len(few)


def test_the_page_of_a_cta_says_its_steps_in_workdays(client: Client, world: World) -> None:
    with tenant_scope(world.tenant(), actor="test"):
        cta = make.row(
            Cta, world.account(), rule="sponsor_promoted", assignee=world.csm, opened_on=date(2026, 11, 20),
            evidence={"person": "若槻 智子", "on": "2026-11-01"},
        )  # fmt: skip
    text = client.get(f"/t/midori/ctas/{cta.pk}/").content.decode()
    assert "お祝いを伝える" in text and "広がった範囲で何ができるか、仮説を書く" in text
    assert 'datetime="2026-11-24"' in text, "the 21st to the 23rd are a weekend and a holiday"
    assert 'datetime="2026-11-30"' in text
