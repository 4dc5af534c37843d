"""A note from the keyboard: N, a line, Ctrl Enter; and away again with the toast."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.world import World


@pytest.fixture
def timeline(open_as: Any, world: World) -> Any:
    return open_as(world.csm, "timeline/")


def test_a_note_is_written_without_the_mouse_and_taken_back(timeline: Any) -> None:
    timeline.keyboard.press("n")
    expect(timeline.get_by_label("メモ", exact=True)).to_be_focused()
    timeline.keyboard.type("若槻さんと電話")
    timeline.keyboard.press("Control+Enter")
    expect(timeline.locator("#feed")).to_contain_text("若槻さんと電話")
    expect(timeline.get_by_label("メモ", exact=True)).to_have_value("")
    timeline.get_by_role("button", name="元に戻す").click()
    expect(timeline.locator("toast-dock")).to_contain_text("削除しました")
    expect(timeline.locator("#feed")).not_to_contain_text("若槻さんと電話")
    timeline.get_by_role("button", name="元に戻す").click()
    expect(timeline.locator("#feed")).to_contain_text("若槻さんと電話")


def test_a_line_is_rewritten_in_place_and_shown_as_markdown(timeline: Any) -> None:
    timeline.get_by_label("メモ", exact=True).fill("電話\n短く")
    timeline.get_by_role("button", name="残す").click()
    timeline.get_by_role("button", name="「電話」を書き直す").click()
    timeline.get_by_label("記録", exact=True).fill("**部門案**の締めは11/30")
    next_step = timeline.locator("#feed").get_by_label("次にすること", exact=True)
    next_step.fill("試算を送る")
    next_step.press("Tab")
    expect(timeline.locator('inline-edit[data-field="next_step"]')).to_have_attribute("data-state", "saved")
    timeline.get_by_role("button", name="閉じる").first.click()
    expect(timeline.locator("#feed strong")).to_have_text("部門案")
    expect(timeline.locator("#feed")).to_contain_text("試算を送る")


def test_an_empty_note_says_so_and_stays(timeline: Any) -> None:
    timeline.get_by_label("メモ", exact=True).fill(" ")
    timeline.get_by_role("button", name="残す").click()
    expect(timeline.locator("#note-err")).to_contain_text("ひとことでも書いてから")


def test_a_draft_survives_a_reload_a_closed_tab_and_a_second_one(open_as: Any, world: World) -> None:
    first = open_as(world.csm, "timeline/")
    first.get_by_label("メモ", exact=True).fill("書きかけのメモ")
    expect(first.locator("[data-draft-state]")).to_contain_text("下書きを保存しました")
    first.reload()
    expect(first.get_by_label("メモ", exact=True)).to_have_value("書きかけのメモ")
    second = first.context.new_page()
    second.goto(first.url)
    expect(second.get_by_label("メモ", exact=True)).to_have_value("書きかけのメモ")
    first.get_by_label("メモ", exact=True).fill("ひとつめの続き")
    expect(first.locator("[data-draft-state]")).to_contain_text("下書きを保存しました")
    second.get_by_label("メモ", exact=True).fill("ふたつめの続き")
    expect(second.locator("[data-draft-state]")).to_contain_text("下書きを保存しました")
    first.close()
    second.close()
    third = open_as(world.csm, "timeline/")
    expect(third.get_by_label("メモ", exact=True)).to_have_value("ふたつめの続き")
    expect(third.locator("#note-drafts")).to_contain_text("ひとつめの続き")


def test_a_page_that_is_left_at_once_keeps_what_was_typed(open_as: Any, world: World) -> None:
    page = open_as(world.csm, "timeline/")
    page.get_by_label("メモ", exact=True).fill("すぐに離れた")
    page.goto(page.url.replace("timeline/", ""))
    page.wait_for_timeout(300)
    page.go_back()
    page.reload()
    expect(page.get_by_label("メモ", exact=True)).to_have_value("すぐに離れた")


def test_a_note_that_was_noted_leaves_no_draft(timeline: Any) -> None:
    timeline.get_by_label("メモ", exact=True).fill("電話した")
    expect(timeline.locator("[data-draft-state]")).to_contain_text("下書きを保存しました")
    timeline.get_by_label("メモ", exact=True).press("Control+Enter")
    expect(timeline.locator("#feed")).to_contain_text("電話した")
    timeline.reload()
    expect(timeline.get_by_label("メモ", exact=True)).to_have_value("")
    expect(timeline.locator("#note-drafts li")).to_have_count(0)


def test_the_next_step_is_planned_and_the_list_narrowed_by_keyboard(timeline: Any) -> None:
    timeline.get_by_label("メモ", exact=True).fill("面談")
    timeline.get_by_text("示唆・次にすること・リンク").click()
    timeline.get_by_label("次にすること", exact=True).fill("試算を送る")
    timeline.get_by_role("button", name="残す").click()
    timeline.get_by_role("button", name="予定にする").press("Enter")
    expect(timeline.locator("#feed .tag", has_text="予定")).to_be_visible()
    timeline.locator("#look-kind").select_option("review")
    expect(timeline.locator("#feed")).to_contain_text("この絞り込みに合う記録はありません")
