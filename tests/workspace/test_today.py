"""今日: what waits, why now, and what can be done about it without leaving the page."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Account, Activity
from ctas.models import Cta
from success_plans.models import SuccessPlan
from tenants.models import Tenant
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.world import TODAY, World, build_tenant

NOW = datetime.combine(TODAY, time(11, 0), ZoneInfo("Asia/Tokyo"))
PAGE = "/t/midori/"


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with (
        patch("django.utils.timezone.localdate", return_value=TODAY),
        patch("django.utils.timezone.localtime", side_effect=lambda value=None, *zone: value or NOW),
    ):
        yield


@pytest.fixture
def cta(world: World) -> Any:
    """``cta(rule, which, **fields)`` opens one for 鈴木."""

    def create(rule: str, which: str = "mine", **fields: Any) -> Cta:
        with tenant_scope(world.tenant(), actor="test"):
            values = {"opened_on": TODAY, "due_on": TODAY, "occurrence": "x", "assignee": world.csm, **fields}
            return Cta.objects.create(account=world.account(which), rule=rule, **values)

    return create


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


def test_the_sentence_counts_what_waits_and_says_what_presses(cta: Any, world: World, sign_in: Any) -> None:
    client = sign_in(world.csm)
    assert "今日の要対応はありません。" in text(client.get(PAGE))
    season = {"ends_on": "2027-03-31", "year": 2027}
    cta("budget_season", evidence=season)
    cta("no_recent_note", "other", evidence={"days": 7})
    assert "今日の要対応は2件。うち2件は予算策定中のお客様です。" in text(client.get(PAGE))
    cta("no_recent_note", occurrence="y", due_on=TODAY - timedelta(days=1))
    assert "今日の要対応は3件。うち1件は期日を過ぎています。" in text(client.get(PAGE))
    assert "今日の要対応はありません。" in text(sign_in(world.member(Role.MANAGER)).get(PAGE))


def test_groups_say_why_now(cta: Any, world: World, sign_in: Any) -> None:
    cta("budget_season", evidence={"ends_on": "2027-03-31", "year": 2027})
    page = text(sign_in(world.csm).get(PAGE))
    assert "予算策定が始まった" in page and "ここで思い出されないと、来期予算に載りません。" in page
    assert "期末まで132日" in page and "東都百貨店株式会社" in page


def test_closing_and_undoing(cta: Any, world: World, sign_in: Any) -> None:
    found = cta("budget_season", evidence={"ends_on": "2027-03-31", "year": 2027})
    client = sign_in(world.csm)
    client.post(f"{PAGE}ctas/{found.pk}/closing/", headers={"HX-Request": "true"})
    assert "今日の要対応はありません。" in text(client.get(PAGE))
    client.post(f"{PAGE}ctas/{found.pk}/closing/undo/", headers={"HX-Request": "true"})
    assert "今日の要対応は1件。" in text(client.get(PAGE))


def test_a_note_in_one_line_ends_its_reminder(cta: Any, world: World, sign_in: Any) -> None:
    found = cta("no_recent_note", evidence={"days": 7})
    client = sign_in(world.csm)
    page = client.get(PAGE).content.decode()
    action = re.search(r'action="([^"]+/notes/)"', page)[1]
    client.post(
        action,
        {"text": "川名さんに電話。予算の件は来週回答", "then": "quick"},
        headers={"HX-Request": "true"},
    )
    with tenant_scope(world.tenant()):
        found = Cta.objects.get(pk=found.pk)
        assert (found.status, found.ending) == ("resolved", "written")
        assert Activity.objects.get().written_by == world.csm
    fragment = client.get(PAGE, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment and "いま手を打つことはありません" in fragment


def test_an_old_note_or_a_plan_ends_no_reminder(cta: Any, world: World, sign_in: Any) -> None:
    found = cta("no_recent_note", evidence={"days": 7})
    client = sign_in(world.csm)
    for on in (TODAY - timedelta(days=7), TODAY + timedelta(days=1)):
        client.post(f"{PAGE}accounts/{world.account_id()}/notes/", {"text": "記録", "on": on.isoformat()})
    with tenant_scope(world.tenant()):
        assert Cta.objects.get(pk=found.pk).is_open


def test_meetings_come_in_order_and_the_passed_ones_ask_for_a_record(world: World, sign_in: Any) -> None:
    with tenant_scope(world.tenant(), actor="test"):
        for title, on, at in (
            ("朝の定例", TODAY, time(10, 0)),
            ("予算の相談", TODAY, time(13, 30)),
            ("QBR", TODAY + timedelta(days=1), time(11, 0)),
            ("遠い先", TODAY + timedelta(days=30), None),
        ):
            make.row(Activity, world.account(), title=title, on=on, at=at, state="planned")
    page = text(sign_in(world.csm).get(PAGE))
    assert re.search(
        r"10:00 ?東都百貨店株式会社 朝の定例 ?記録を残す ?13:30 ?東都百貨店株式会社 予算の相談", page
    )
    assert "明日 11:00" in page and "遠い先" not in page


def test_plans_that_need_a_hand(world: World, sign_in: Any) -> None:
    with tenant_scope(world.tenant(), actor="test"):
        make.row(SuccessPlan, world.account(), title="下期計画", ends_on=date(2027, 3, 31))
    page = text(sign_in(world.csm).get(PAGE))
    assert "東都百貨店株式会社 下期計画" in page and "目標か成功の基準に空きがあります" in page


def test_the_strip_adds_up(world: World, sign_in: Any) -> None:
    with tenant_scope(world.tenant(), actor="test"):
        make.account(name="大口", csm=world.csm, arr=400_000_000)
        make.account(name="解約済み", csm=world.csm, arr=900_000_000, stage="churned")
    page = text(sign_in(world.csm).get(PAGE))
    assert "2社のARR 4億3,840万円" in page and "2社 未計測" in page
    assert "3社のARR" in text(sign_in(world.member(Role.VIEWER)).get(PAGE))


def test_managers_fetch_the_teams_figures(cta: Any, world: World, sign_in: Any) -> None:
    cta("no_recent_note", due_on=TODAY - timedelta(days=1))
    assert "today/team/" in sign_in(world.member(Role.MANAGER)).get(PAGE).content.decode()
    assert "today/team/" not in sign_in(world.csm).get(PAGE).content.decode()
    page = text(sign_in(world.member(Role.MANAGER)).get(PAGE + "today/team/"))
    assert re.search(r"鈴木 ?1 ?1 ?0 ?1", page)


def test_an_empty_tenant_says_what_to_do_first(world: World, sign_in: Any) -> None:
    build_tenant("shiro", "株式会社はじめ")
    admin = sign_in(world.member(Role.ADMIN, "shiro"))
    page = admin.get("/t/shiro/").content.decode()
    assert "まだ白紙です。お客様の一覧から始めます。" in page and "accounts/new/" in page
    with tenant_scope(Tenant.objects.get(slug="shiro"), actor="test"):
        assert not Account.objects.exists()
