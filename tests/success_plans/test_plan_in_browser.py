"""A plan written with the keyboard in a real browser, Japanese conversion included."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import transaction
from playwright.sync_api import expect

from success_plans.models import ActionItem, Criterion, Objective, SuccessPlan
from tenants.models import Membership
from tests.ui.test_parts import RULES
from tests.world import World


@pytest.fixture(autouse=True)
def _today() -> None:
    """The browser has the machine's clock, so the server keeps it too."""


@pytest.fixture
def desk(page: Any, live_server: Any, plan: SuccessPlan, world: World, sign_in: Any) -> Iterator[Any]:
    """鈴木's plan, open in her browser; fails the test when the browser complains."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    open_as(page, live_server, sign_in, world.csm, plan)
    yield page
    expected = ("Failed to load resource", "Response Status Error Code")  # answers the test asked for
    assert [text for text in complaints if not text.startswith(expected)] == []


def open_as(page: Any, live_server: Any, sign_in: Any, member: Membership, plan: SuccessPlan) -> None:
    cookie = sign_in(member).cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page.goto(f"{live_server.url}/t/midori/plans/{plan.pk}/")


def add_row(desk: Any) -> Any:
    return desk.get_by_label("足すアクション")


def texts_of_actions(desk: Any) -> list[str]:
    return [field.input_value() for field in desk.get_by_label("アクション", exact=True).all()]


def compose(page: Any, reading: str) -> Any:
    """Open a conversion in the focused field; the session commits it."""
    ime = page.context.new_cdp_session(page)
    ime.send(
        "Input.imeSetComposition",
        {"text": reading, "selectionStart": len(reading), "selectionEnd": len(reading)},
    )
    return ime


def test_enter_adds_an_action_and_the_row_is_ready_for_the_next(desk: Any, within: Any) -> None:
    add_row(desk).focus()
    desk.keyboard.type("回答を用意する")
    desk.keyboard.press("Enter")
    desk.keyboard.type("朝礼で共有する")
    desk.keyboard.press("Enter")
    expect(desk.locator("[id^=action-]")).to_have_count(3)
    assert texts_of_actions(desk) == ["シナリオを12本に広げる", "回答を用意する", "朝礼で共有する"]
    expect(add_row(desk)).to_be_focused()
    expect(add_row(desk)).to_have_value("")
    with transaction.atomic(), within():
        assert list(ActionItem.objects.order_by("position").values_list("text", flat=True))[1:] == [
            "回答を用意する",
            "朝礼で共有する",
        ]


def test_the_enter_that_ends_a_conversion_adds_nothing(desk: Any, within: Any) -> None:
    add_row(desk).focus()
    ime = compose(desk, "かいとう")
    add_row(desk).dispatch_event("keydown", {"key": "Enter", "keyCode": 229})
    ime.send("Input.insertText", {"text": "回答"})
    expect(desk.locator("save-state")).to_have_text("未保存の変更")
    expect(desk.locator("[id^=action-]")).to_have_count(1)
    desk.keyboard.press("Enter")
    expect(desk.locator("[id^=action-]")).to_have_count(2)


def test_what_could_not_be_added_comes_back_into_the_row(desk: Any) -> None:
    desk.route("**/actions/", lambda route: route.abort())
    add_row(desk).fill("回答を用意する")
    add_row(desk).press("Enter")
    expect(desk.get_by_role("alert")).to_contain_text("通信できませんでした")
    expect(add_row(desk)).to_have_value("回答を用意する")
    desk.unroute("**/actions/")
    add_row(desk).press("Enter")
    expect(desk.locator("[id^=action-]")).to_have_count(2)


def test_a_statement_is_written_in_place_with_a_conversion(desk: Any, plan: SuccessPlan, within: Any) -> None:
    field = desk.get_by_label("目標", exact=True).first
    field.focus()
    field.press("End")
    ime = compose(desk, "(つき)")
    desk.wait_for_timeout(1100)
    with transaction.atomic(), within():
        assert Objective.objects.get(plan=plan).statement == "入電を月31,500件へ減らす"
    ime.send("Input.insertText", {"text": "(月次)"})
    expect(desk.locator("save-state")).to_contain_text("保存済み")
    with transaction.atomic(), within():
        assert Objective.objects.get(plan=plan).statement == "入電を月31,500件へ減らす(月次)"


def test_the_bullet_and_the_cells_follow_what_is_saved(desk: Any) -> None:
    desk.get_by_label("いま", exact=True).fill("31500")
    desk.get_by_label("いま", exact=True).blur()
    expect(desk.locator(".bullet-cell")).to_contain_text("100%")
    expect(desk.locator(".obj .smart")).to_have_attribute(
        "aria-label", "SMART 5項目中3項目を満たす(具体性要確認、達成可能性要確認)"
    )
    desk.get_by_label("達成できる根拠", exact=True).fill("平月の値でも届く")
    desk.get_by_label("達成できる根拠", exact=True).blur()
    expect(desk.locator(".obj .smart")).to_have_attribute(
        "aria-label", "SMART 5項目中4項目を満たす(具体性要確認)"
    )


def test_ticking_shows_at_once_and_z_takes_it_back(desk: Any, within: Any) -> None:
    box = desk.get_by_role("checkbox", name="「シナリオを12本に広げる」を完了にする")
    box.check()
    expect(desk.locator("toast-dock")).to_contain_text("を完了にしました")
    expect(desk.get_by_label("状態", exact=True)).to_have_value("done")
    desk.keyboard.press("z")
    expect(desk.get_by_label("状態", exact=True)).to_have_value("todo")
    expect(box).not_to_be_checked()


def test_a_tick_the_server_refused_is_taken_back(desk: Any) -> None:
    desk.route("**/completion/", lambda route: route.fulfill(status=500))
    box = desk.get_by_role("checkbox", name="「シナリオを12本に広げる」を完了にする")
    box.click()
    expect(box).not_to_be_checked()


def test_deleting_an_action_leaves_and_the_undo_brings_it_back(desk: Any) -> None:
    desk.locator("[id^=action-]").hover()
    with desk.expect_response("**/figures/"):
        desk.get_by_role("button", name="「シナリオを12本に広げる」を削除").click()
    expect(desk.locator("[id^=action-]")).to_have_count(0)
    desk.get_by_role("button", name="元に戻す").click()
    expect(desk.locator("[id^=action-]")).to_have_count(1)


def test_objectives_change_places_by_keyboard(desk: Any) -> None:
    desk.get_by_label("足す目標").fill("自己解決率を55%へ上げる")
    desk.get_by_label("足す目標").press("Enter")
    expect(desk.locator(".obj")).to_have_count(2)
    desk.get_by_label("目標の操作").nth(1).focus()
    desk.keyboard.press("Enter")
    desk.get_by_role("button", name="上へ移す").press("Enter")
    first = desk.get_by_label("目標", exact=True).and_(desk.locator(".statement textarea")).first
    expect(first).to_have_value("自己解決率を55%へ上げる")


def test_two_people_one_figure_the_block_stands_where_it_happened(
    desk: Any, plan: SuccessPlan, world: World, within: Any
) -> None:
    desk.get_by_label("いま", exact=True).fill("38000")
    with transaction.atomic(), within():
        Criterion.objects.update(actual=37_000)
    desk.get_by_label("いま", exact=True).blur()
    block = desk.locator("td.now .conflict")
    expect(block).to_contain_text("どちらを残しますか")
    block.get_by_role("button", name="こちらを残す").first.click()
    expect(desk.locator("save-state")).to_contain_text("保存済み")
    with transaction.atomic(), within():
        assert Criterion.objects.get().actual == 38_000


@pytest.mark.parametrize("width", [1440, 390])
def test_the_pages_are_accessible_and_no_wider_than_the_window(
    desk: Any, live_server: Any, plan: SuccessPlan, world: World, width: int
) -> None:
    account = world.account_id()
    desk.set_viewport_size({"width": width, "height": 900})
    for path in (
        f"plans/{plan.pk}/",
        "plans/",
        f"accounts/{account}/plans/",
        f"accounts/{account}/plans/new/",
    ):
        desk.goto(f"{live_server.url}/t/midori/{path}")
        found = Axe().run(desk, options=RULES).response["violations"]
        assert [(path, fault["id"], fault["nodes"][0]["html"]) for fault in found] == []
        assert desk.evaluate("document.documentElement.scrollWidth") <= width, path


def test_the_fifth_of_a_recovery_plan_becomes_a_swap_that_is_undone(
    page: Any, live_server: Any, plan: SuccessPlan, world: World, sign_in: Any, within: Any
) -> None:
    with within():
        SuccessPlan.objects.filter(pk=plan.pk).update(plan_type="recovery")
        for place, text in enumerate(("二つめ", "三つめ", "四つめ"), 2):
            Objective.objects.create(account_id=plan.account_id, plan=plan, statement=text, position=place)
    open_as(page, live_server, sign_in, world.csm, plan)
    field = page.get_by_label("足す目標", exact=True)
    field.fill("五つめの目標")
    field.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_label("入れる目標")).to_have_value("五つめの目標")
    assert Axe().run(page, options=RULES).response["violations"] == []
    page.keyboard.press("Escape")
    expect(field).to_have_value("五つめの目標")  # nothing is lost by not deciding
    field.press("Enter")
    dialog.get_by_role("button", name="「三つめ」と入れ替える").click()
    expect(dialog).to_have_count(0)
    third = page.locator(".obj").nth(2).get_by_label("目標", exact=True).first
    expect(third).to_have_value("五つめの目標")
    expect(page.get_by_label("足す目標", exact=True)).to_have_value("")
    page.get_by_role("button", name="元に戻す").click()
    expect(third).to_have_value("三つめ")
    page.wait_for_timeout(400)  # the figures are asked for a moment after a toast
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("width", [1440, 390])
def test_comments_stand_at_their_field_and_are_written_and_read_without_the_mouse(
    desk: Any, width: int
) -> None:
    desk.set_viewport_size({"width": width, "height": 900})
    field, dialog = desk.locator("td [name=target]"), desk.get_by_role("dialog")
    field.focus()
    desk.keyboard.press("Control+Alt+m")
    expect(dialog.get_by_label("コメント", exact=True)).to_be_focused()
    desk.keyboard.type("いつの値ですか")
    desk.keyboard.press("Control+Enter")
    expect(dialog.locator(".thread .cm")).to_have_count(1)
    desk.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(desk.locator("#plan-comments .thread")).to_have_count(1)
    mark = desk.locator("td .talk")
    expect(mark).to_have_text("1")
    field.focus()
    desk.keyboard.press("Tab")
    expect(mark).to_be_focused()
    desk.keyboard.press("Enter")
    expect(dialog.get_by_role("heading", name="入電数 目標")).to_be_focused()
    reply = dialog.get_by_label("返事", exact=True)
    reply.focus()
    desk.keyboard.type("@渡")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    expect(reply).to_have_value("@渡辺 ")
    expect(reply).to_be_focused()
    assert Axe().run(desk, options=RULES).response["violations"] == []
    assert desk.evaluate("document.documentElement.scrollWidth") <= width
    desk.keyboard.type("年度末です")
    with desk.expect_response("**/figures/"):
        desk.keyboard.press("Control+Enter")
    expect(dialog.locator(".thread .cm")).to_have_count(2)
    desk.keyboard.press("Escape")
    expect(mark).to_have_text("2")
    expect(mark).to_be_focused()
    desk.wait_for_load_state("networkidle")
