"""What is typed is saved by itself and never lost, in a real browser."""

import re
from typing import Any

from playwright.sync_api import expect

from tests.ui.stub_urls import Server, broken, conflict, held, refused


def target(desk: Any) -> Any:
    return desk.get_by_label("目標")


def state(desk: Any) -> Any:
    return desk.locator("save-state")


def block(desk: Any) -> Any:
    return desk.locator(".conflict")


def test_a_pause_saves_and_says_so(desk: Any, server: Server) -> None:
    target(desk).fill("6分10秒")
    expect(state(desk)).to_have_text("未保存の変更")
    expect(state(desk)).to_have_text("保存済み 14:32")
    [post] = server.posts
    assert post["field"] == "target"
    assert (post["value"], post["base"], post["version"]) == ("6分10秒", "6分30秒", "1")
    assert len(post["key"]) == 32
    assert post["editor"]


def test_leaving_the_field_saves_at_once(stopped: Any, server: Server) -> None:
    target(stopped).fill("6分10秒")
    target(stopped).blur()
    expect(state(stopped)).to_have_text("保存済み 14:32")


def test_an_untouched_field_sends_nothing(desk: Any, server: Server) -> None:
    target(desk).focus()
    target(desk).press("Enter")
    target(desk).blur()
    desk.wait_for_timeout(1000)
    assert server.posts == []


def test_nothing_is_sent_inside_a_conversion(desk: Any, server: Server) -> None:
    ime = desk.context.new_cdp_session(desk)
    target(desk).fill("")
    target(desk).press("Escape")
    target(desk).press("End")
    ime.send("Input.imeSetComposition", {"text": "へいきん", "selectionStart": 4, "selectionEnd": 4})
    desk.wait_for_timeout(1100)
    assert server.posts == []
    ime.send("Input.insertText", {"text": "平均"})
    expect(state(desk)).to_have_text("保存済み 14:32")
    assert [post["value"] for post in server.posts] == ["6分30秒平均"]


def test_the_enter_that_ends_a_conversion_does_not_save(stopped: Any, server: Server) -> None:
    target(stopped).fill("平均")
    target(stopped).dispatch_event("keydown", {"key": "Enter", "keyCode": 229})
    target(stopped).dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    assert server.posts == []
    target(stopped).press("Enter")
    expect(state(stopped)).to_have_text("保存済み 14:32")


def test_what_was_typed_last_wins(desk: Any, server: Server) -> None:
    server.will_answer(held)
    target(desk).fill("一")
    target(desk).press("Enter")
    for text in ("二", "三", "四"):
        target(desk).fill(text)
        target(desk).press("Enter")
    server.gate.set()
    expect(state(desk)).to_have_text("保存済み 14:32")
    expect(target(desk)).to_have_value("四")
    first, last = server.posts
    assert (first["value"], last["value"], last["base"]) == ("一", "四", "一")
    assert int(last["seq"]) > int(first["seq"])
    assert last["key"] != first["key"]


def test_fields_of_one_record_take_turns_and_share_the_newest_version(desk: Any, server: Server) -> None:
    server.will_answer(held)
    target(desk).fill("6分10秒")
    desk.get_by_label("測り方").fill("CTI週報")
    desk.get_by_label("測り方").blur()
    server.gate.set()
    expect(state(desk)).to_have_text("保存済み 14:32")
    first, second = server.posts
    assert [first["field"], second["field"]] == ["target", "method"]
    assert second["version"] == str(int(first["seq"]) + 100)


def test_two_values_stand_side_by_side_and_mine_may_stay(desk: Any, server: Server) -> None:
    server.will_answer(conflict)
    target(desk).fill("6分10秒")
    expect(block(desk)).to_contain_text("平賀さん")
    expect(state(desk)).to_have_text("ほかの人の変更と食い違っています")
    expect(target(desk)).to_have_value("6分10秒")
    block(desk).get_by_role("button", name="こちらを残す").first.click()
    expect(state(desk)).to_have_text("保存済み 14:32")
    expect(block(desk)).to_have_count(0)
    again = server.posts[-1]
    assert (again["value"], again["base"], again["version"]) == ("6分10秒", "6分20秒", "200")


def test_theirs_may_stay(desk: Any, server: Server) -> None:
    server.will_answer(conflict)
    target(desk).fill("6分10秒")
    block(desk).get_by_role("button", name="こちらを残す").last.click()
    expect(block(desk)).to_have_count(0)
    expect(target(desk)).to_have_value("6分20秒")
    assert len(server.posts) == 1


def test_typing_on_beside_a_conflict_waits_for_the_choice(desk: Any, server: Server) -> None:
    server.will_answer(conflict)
    target(desk).fill("6分10秒")
    expect(block(desk)).to_be_visible()
    target(desk).fill("6分05秒")
    desk.wait_for_timeout(1000)
    assert len(server.posts) == 1
    block(desk).get_by_role("button", name="こちらを残す").first.click()
    expect(state(desk)).to_have_text("保存済み 14:32")
    assert server.posts[-1]["value"] == "6分05秒"


def test_a_refused_value_stays_with_its_reason(desk: Any, server: Server) -> None:
    server.will_answer(refused)
    target(desk).fill("約2割")
    target(desk).blur()
    expect(desk.get_by_text("数字で入力してください。例:21")).to_be_visible()
    expect(target(desk)).to_have_value("約2割")
    expect(target(desk)).to_have_attribute("aria-invalid", "true")
    target(desk).focus()
    target(desk).blur()
    assert len(server.posts) == 1
    target(desk).fill("21")
    expect(state(desk)).to_have_text("保存済み 14:32")
    expect(desk.get_by_text("数字で入力してください。例:21")).to_have_count(0)


def test_without_an_answer_the_same_text_goes_out_again(stopped: Any, server: Server) -> None:
    server.will_answer(broken, broken)
    target(stopped).fill("6分10秒")
    target(stopped).blur()
    expect(state(stopped)).to_have_text("保存できませんでした。10秒後にもう一度試します")
    expect(target(stopped)).to_have_value("6分10秒")
    stopped.clock.fast_forward("00:11")
    expect(state(stopped)).to_have_text("保存できませんでした。30秒後にもう一度試します")
    stopped.clock.fast_forward("00:31")
    expect(state(stopped)).to_have_text("保存済み 14:32")
    assert len({(post["key"], post["seq"]) for post in server.posts}) == 1


def test_back_on_line_it_saves_by_itself(desk: Any, server: Server) -> None:
    desk.context.set_offline(True)
    target(desk).fill("6分10秒")
    target(desk).blur()
    expect(state(desk)).to_have_text("オフライン。書いた内容はこのページに残っています")
    expect(desk.locator("offline-bar")).to_be_visible()
    desk.context.set_offline(False)
    expect(state(desk)).to_have_text("保存済み 14:32")
    expect(desk.locator("offline-bar")).to_be_hidden()
    assert len(server.posts) == 1


def test_escape_brings_back_what_the_server_has(stopped: Any, server: Server) -> None:
    target(stopped).fill("6分10秒")
    target(stopped).press("Escape")
    expect(target(stopped)).to_have_value("6分30秒")
    target(stopped).blur()
    assert server.posts == []


def test_leaving_the_page_is_questioned_only_while_something_is_unsaved(desk: Any, server: Server) -> None:
    leaves = "() => dispatchEvent(new Event('beforeunload', { cancelable: true }))"
    assert desk.evaluate(leaves)
    target(desk).fill("6分10秒")
    assert not desk.evaluate(leaves)
    expect(state(desk)).to_have_text("保存済み 14:32")
    assert desk.evaluate(leaves)


def test_a_figure_rests_in_its_written_form(desk: Any, server: Server) -> None:
    money = desk.get_by_label("ARR")
    face = desk.locator("inline-edit[data-field=arr] .face")
    expect(face).to_be_visible()
    expect(face).to_have_text("3,840万円")
    money.click()
    expect(face).to_be_hidden()
    money.fill("4000")
    money.blur()
    expect(face).to_have_text("〈4000〉")
    expect(face).to_be_visible()


def test_a_blank_shows_its_question_until_it_is_written(desk: Any, server: Server) -> None:
    face = desk.locator("inline-edit[data-field=contact] .face")
    expect(face).to_have_text("誰と交渉したか")
    expect(face).to_be_visible()
    face.click(force=True)
    desk.keyboard.type("購買部 秋山さん")
    desk.get_by_label("購買の窓口").blur()
    expect(state(desk)).to_have_text("保存済み 14:32")
    expect(face).to_be_hidden()
    desk.get_by_label("購買の窓口").fill("")
    desk.get_by_label("購買の窓口").blur()
    expect(face).to_be_visible()
    expect(face).to_have_text("誰と交渉したか")


def test_lines_are_written_with_enter_and_saved_with_ctrl_enter(stopped: Any, server: Server) -> None:
    method = stopped.get_by_label("測り方")
    method.press("End")
    method.press("Enter")
    stopped.keyboard.type("毎月5日")
    assert server.posts == []
    method.press("Control+Enter")
    expect(state(stopped)).to_have_text("保存済み 14:32")
    assert server.posts[0]["value"] == "CTI月報\n毎月5日"


def test_what_is_typed_survives_a_swap_of_its_surroundings(desk: Any, server: Server) -> None:
    target(desk).fill("6分10秒")
    with desk.expect_response(lambda answer: answer.request.method == "GET"):
        desk.evaluate("document.querySelector('#reload').click()")
    expect(target(desk)).to_be_focused()
    expect(target(desk)).to_have_value("6分10秒")
    expect(state(desk)).to_have_text("保存済み 14:32")
    expect(target(desk)).to_have_value("6分10秒")
    assert {post["value"] for post in server.posts} == {"6分10秒"}


def test_a_conflict_survives_a_swap_of_its_surroundings(desk: Any, server: Server) -> None:
    server.will_answer(conflict)
    target(desk).fill("6分10秒")
    expect(block(desk)).to_be_visible()
    with desk.expect_response(lambda answer: answer.request.method == "GET"):
        desk.evaluate("document.querySelector('#reload').click()")
    expect(block(desk)).to_be_visible()
    expect(target(desk)).to_have_value("6分10秒")
    block(desk).get_by_role("button", name="こちらを残す").first.click()
    expect(state(desk)).to_have_text("保存済み 14:32")
    assert server.posts[-1]["base"] == "6分20秒"


def test_a_link_waits_until_what_was_typed_is_saved(desk: Any, server: Server) -> None:
    server.will_answer(held)
    questions: list[str] = []
    desk.on("dialog", lambda dialog: (questions.append(dialog.type), dialog.dismiss()))
    target(desk).fill("6分10秒")
    desk.get_by_role("link", name="ほかの画面へ").click()
    expect(state(desk)).to_have_text("保存中…")
    assert "went" not in desk.url
    server.gate.set()
    expect(desk).to_have_url(re.compile("went=3"))
    assert questions == []
    assert [post["value"] for post in server.posts] == ["6分10秒"]


def test_a_link_does_not_leave_a_conflict_behind(desk: Any, server: Server) -> None:
    server.will_answer(conflict)
    target(desk).fill("6分10秒")
    desk.get_by_role("link", name="ほかの画面へ").click()
    expect(block(desk)).to_be_visible()
    assert "went" not in desk.url
