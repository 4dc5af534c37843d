"""Keys, toasts, palette, selection and failed requests, in a real browser."""

import re
from typing import Any

from django.http import HttpResponse
from playwright.sync_api import expect

from tests.ui.stub_urls import Server, broken


def row(desk: Any, name: str) -> Any:
    return desk.locator(f"#row-{name}")


def test_j_and_k_move_a_cursor_that_stays_visible(desk: Any) -> None:
    desk.keyboard.press("j")
    desk.keyboard.press("j")
    expect(row(desk, "二")).to_have_attribute("aria-current", "true")
    desk.keyboard.press("k")
    expect(row(desk, "一")).to_have_attribute("aria-current", "true")
    expect(desk.locator("[data-row][aria-current]")).to_have_count(1)


def test_enter_opens_and_x_selects_the_row_under_the_cursor(desk: Any) -> None:
    desk.keyboard.press("j")
    desk.keyboard.press("x")
    expect(desk.get_by_label("一を選択")).to_be_checked()
    expect(desk.locator("[data-count]")).to_have_text("1件を選択")
    desk.keyboard.press("Enter")
    expect(desk).to_have_url(re.compile(r"#%E4%B8%80$"))


def test_single_keys_do_nothing_while_writing(desk: Any) -> None:
    desk.get_by_label("目標").focus()
    for key in ("n", "j", "x", "?", "z"):
        desk.keyboard.press(key)
    expect(desk.locator("dialog[open]")).to_have_count(0)
    expect(desk.locator("[data-row][aria-current]")).to_have_count(0)


def test_a_key_of_the_page_acts_and_the_list_of_keys_names_it(desk: Any) -> None:
    desk.keyboard.press("n")
    expect(desk.get_by_role("dialog", name="メモを書く")).to_be_visible()
    desk.keyboard.press("Escape")
    desk.keyboard.press("?")
    keys = desk.get_by_role("dialog", name="キー")
    expect(keys).to_contain_text("メモ")
    expect(keys).to_contain_text("次へ移動")


def test_single_keys_can_be_switched_off(desk: Any) -> None:
    desk.keyboard.press("?")
    desk.get_by_label("1文字のキーを使う").uncheck()
    desk.get_by_role("button", name="閉じる").click()
    desk.reload()
    desk.keyboard.press("n")
    expect(desk.locator("dialog[open]")).to_have_count(0)


def test_a_toast_is_announced_leaves_after_eight_seconds_and_stays_under_the_pointer(stopped: Any) -> None:
    stopped.locator("#close").click()
    toast = stopped.get_by_role("status").locator(".toast")
    expect(toast).to_contain_text("「日程を打診する」を完了にしました")
    toast.hover()
    stopped.clock.fast_forward("00:20")
    expect(toast).to_be_visible()
    stopped.mouse.move(0, 0)
    stopped.clock.fast_forward("00:09")
    expect(toast).to_have_count(0)


def test_z_takes_the_newest_change_back(desk: Any, server: Server) -> None:
    desk.locator("#close").click()
    expect(desk.locator(".toast")).to_be_visible()
    with desk.expect_response("**/undo/"):
        desk.keyboard.press("z")
    assert server.undone == 1
    expect(desk.locator(".toast")).to_have_count(0)


def test_the_palette_asks_for_what_is_typed_and_goes_where_enter_says(desk: Any, server: Server) -> None:
    desk.keyboard.press("Control+k")
    box = desk.get_by_role("combobox", name="検索・移動")
    expect(box).to_be_focused()
    box.press_sequentially("東嶺", delay=20)
    expect(desk.get_by_role("option").first).to_contain_text("東嶺ダイレクト")
    assert server.asked[-1] == "東嶺"
    box.press("ArrowDown")
    expect(desk.get_by_role("option").nth(1)).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    expect(desk).to_have_url(re.compile(r"went=2"))


def test_the_enter_that_ends_a_conversion_does_not_leave_the_page(desk: Any) -> None:
    desk.keyboard.press("Control+k")
    box = desk.get_by_role("combobox", name="検索・移動")
    box.fill("東")
    expect(desk.get_by_role("option").first).to_contain_text("東ダイレクト")
    box.dispatch_event("keydown", {"key": "Enter", "keyCode": 229})
    assert "went" not in desk.url


def test_shift_selects_the_rows_between(desk: Any) -> None:
    desk.get_by_label("一を選択").check()
    desk.get_by_label("三を選択").click(modifiers=["Shift"])
    expect(desk.locator("[data-count]")).to_have_text("3件を選択")
    expect(desk.get_by_label("すべて選択")).to_be_checked()
    desk.get_by_label("すべて選択").uncheck()
    expect(desk.locator("[data-bulk]")).to_be_hidden()


def test_a_failed_request_can_be_repeated(desk: Any, server: Server) -> None:
    server.will_answer(broken, lambda query: HttpResponse("読めた"))
    desk.locator("#fail").click()
    bar = desk.get_by_role("alert")
    expect(bar).to_contain_text("処理できませんでした")
    with desk.expect_response("**/fail/") as answer:
        bar.get_by_role("button", name="もう一度").click()
    assert answer.value.status == 200
    expect(bar).to_be_hidden()


def test_a_refused_action_says_so_in_a_toast(desk: Any, server: Server) -> None:
    server.will_answer(lambda query: HttpResponse(status=403))
    desk.locator("#fail").click()
    expect(desk.locator(".toast")).to_contain_text("この操作をする役割ではありません")


def test_the_chosen_theme_is_drawn_by_the_server_on_the_next_page(desk: Any) -> None:
    desk.get_by_label("暗").check(force=True)
    expect(desk.locator("html")).to_have_attribute("data-theme", "dark")
    desk.reload()
    expect(desk.locator("html")).to_have_attribute("data-theme", "dark")
    expect(desk.get_by_label("暗")).to_be_checked()
