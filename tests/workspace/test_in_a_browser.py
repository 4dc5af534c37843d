"""The list and 今日 under a keyboard, in a real browser."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import Account
from ctas.models import Cta
from tenants.models import Membership
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(page: Any, live_server: Any) -> Iterator[Any]:
    """``desk(member, path)`` opens a page as that person; fails when the browser complains."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)

    def opened(member: Membership, path: str) -> Any:
        client = Client()
        client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
        )
        page.goto(f"{live_server.url}/t/midori/{path}")
        return page

    yield opened
    assert complaints == []


@pytest.fixture
def three(world: World) -> None:
    with tenant_scope(world.tenant(), actor="test"):
        Account.objects.filter(pk=world.account_id("other")).update(csm=world.csm)
        make.account(name="会社ろ", csm=world.csm, fiscal_month=5)


def csm_of(world: World, which: str) -> str:
    with tenant_scope(world.tenant()):
        return str(Account.objects.get(pk=world.account_id(which)).csm)


def test_choosing_by_keyboard_handing_over_and_taking_back(three: None, world: World, desk: Any) -> None:
    page = desk(world.member(Role.MANAGER), "accounts/")
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    bar = page.locator(".bulk")
    assert "2" in bar.inner_text()
    bar.locator("select").select_option(label="小林")
    bar.get_by_role("button", name="替える").click()
    page.get_by_text("2社の担当を小林さんに替えました").wait_for()
    assert csm_of(world, "mine") == csm_of(world, "other") == "小林"
    page.locator("body").click(position={"x": 5, "y": 5})
    page.keyboard.press("z")
    page.get_by_text("2社の担当を元に戻しました").wait_for()
    assert csm_of(world, "mine") == "鈴木"


def test_filtering_keeps_the_cursor_in_the_field_and_the_address_honest(
    three: None, world: World, desk: Any
) -> None:
    page = desk(world.csm, "accounts/")
    page.keyboard.press("/")
    page.keyboard.type("百貨")
    page.get_by_text("会社ろ").wait_for(state="detached")
    assert page.evaluate("document.activeElement.name") == "q"
    assert "q=%E7%99%BE%E8%B2%A8" in page.url
    assert page.locator("[data-row]").count() == 1
    page.locator("summary", has_text="決算月").click()
    page.get_by_label("12月").check()
    page.get_by_text("合うアカウントはありません").wait_for()
    assert "month=12" in page.locator("#exports a").first.get_attribute("href")


def test_number_keys_change_the_view_and_enter_opens_an_account(three: None, world: World, desk: Any) -> None:
    page = desk(world.csm, "accounts/")
    page.keyboard.press("6")
    page.wait_for_url("**/accounts/?view=team")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/accounts/*-*/")


def test_ticking_off_taking_back_and_writing_a_line(world: World, desk: Any) -> None:
    today = timezone.localdate()
    with tenant_scope(world.tenant(), actor="test"):
        common = {"assignee": world.csm, "opened_on": today, "due_on": today + timedelta(days=1)}
        evidence = {"ends_on": (today + timedelta(days=100)).isoformat(), "year": 2027}
        budget = Cta.objects.create(
            account=world.account(), rule="budget_season", occurrence="2027", evidence=evidence, **common
        )
        silent = Cta.objects.create(account=world.account(), rule="no_recent_note", occurrence="x", **common)
    page = desk(world.csm, "")
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.get_by_text("完了にしました").wait_for()
    assert not fresh(world, budget).is_open
    page.keyboard.press("z")
    page.locator(f"#cta-{budget.pk}:not([data-closed])").wait_for()
    assert fresh(world, budget).is_open
    page.wait_for_load_state("networkidle")
    page.keyboard.press("n")
    page.keyboard.type("川名さんに電話")
    page.keyboard.press("Enter")
    page.get_by_text("記録しました").wait_for()
    page.locator(f"#cta-{silent.pk}[data-done]").wait_for()
    assert fresh(world, silent).ending == "written"


def fresh(world: World, cta: Cta) -> Cta:
    with tenant_scope(world.tenant()):
        return Cta.objects.get(pk=cta.pk)


def test_ctrl_k_finds_by_two_characters(three: None, world: World, desk: Any) -> None:
    page = desk(world.csm, "accounts/")
    page.keyboard.press("Control+k")
    page.keyboard.type("百貨")
    page.locator('[role="option"]', has_text="東都百貨店株式会社").first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/accounts/{world.account_id()}/")


@pytest.mark.parametrize("path", ["", "accounts/?view=team"])
def test_axe_finds_nothing(three: None, world: World, desk: Any, path: str) -> None:
    page = desk(world.member(Role.MANAGER), path)
    page.wait_for_load_state("networkidle")
    found = Axe().run(page).response["violations"]
    assert [(violation["id"], violation["nodes"][0]["html"]) for violation in found] == []
