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
    timeline.get_by_label("次にすること", exact=True).fill("試算を送る")
    timeline.get_by_label("次にすること", exact=True).press("Tab")
    expect(timeline.locator('inline-edit[data-field="next_step"]')).to_have_attribute("data-state", "saved")
    timeline.get_by_role("button", name="閉じる").first.click()
    expect(timeline.locator("#feed strong")).to_have_text("部門案")
    expect(timeline.locator("#feed")).to_contain_text("試算を送る")


def test_an_empty_note_says_so_and_stays(timeline: Any) -> None:
    timeline.get_by_label("メモ", exact=True).fill(" ")
    timeline.get_by_role("button", name="残す").click()
    expect(timeline.locator("#note-err")).to_contain_text("ひとことでも書いてから")
