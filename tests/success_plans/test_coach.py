"""What the coach says of words while they are typed: HTTP here, the marks in the browser below."""

import json
import re
from html import unescape
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import expect

from success_plans.models import ActionItem, Criterion, Objective, SuccessPlan
from tenants.roles import Role
from tests.success_plans.conftest import Browser
from tests.success_plans.test_plan_in_browser import compose, desk
from tests.world import World

__all__ = ["desk"]
VAGUE = "チャットの利用を強化する"


@pytest.fixture
def plan(plan: SuccessPlan, within: Any) -> SuccessPlan:
    """Without a criterion: its words are all that is known."""
    with within():
        Criterion.objects.all().delete()
    return plan


def objective_of(plan: SuccessPlan) -> Objective:
    return Objective.objects.get(plan=plan)


def marks_in(html: str) -> list[tuple[int, str]]:
    found = [json.loads(unescape(marks)) for marks in re.findall(r'data-marks="([^"]*)"', html)]
    return [(place, word) for marks in found for place, word in marks]


def test_vague_words_are_marked_where_they_stand_and_nothing_is_stored(
    plan: SuccessPlan, suzuki: Browser, within: Any
) -> None:
    with within():
        objective = objective_of(plan)
    answer = suzuki.post(f"objectives/{objective.pk}/coach/", {"text": VAGUE})
    assert (VAGUE.index("強化"), "強化") in marks_in(answer.content.decode())
    with within():
        assert objective_of(plan).statement == objective.statement


def test_good_words_are_not_marked(plan: SuccessPlan, suzuki: Browser, within: Any) -> None:
    with within():
        objective = objective_of(plan)
    good = "入電を月42,000件から31,500件へ2027年3月31日までに減らす"
    answer = suzuki.post(f"objectives/{objective.pk}/coach/", {"text": good})
    assert marks_in(answer.content.decode()) == []


def test_the_words_of_an_action_are_read_as_its_own(plan: SuccessPlan, suzuki: Browser, within: Any) -> None:
    with within():
        objective, item = objective_of(plan), ActionItem.objects.get(plan=plan)
    about = {"text": "活用を推進する", "action": item.pk}
    html = suzuki.post(f"objectives/{objective.pk}/coach/", about).content.decode()
    assert f'data-field="edit-action-{item.pk}-text"' in html


@pytest.mark.parametrize("of", ["x", "0190a0a0-0000-7000-8000-000000000000"])
def test_an_action_of_nowhere_is_not_found(plan: SuccessPlan, suzuki: Browser, within: Any, of: str) -> None:
    with within():
        objective = objective_of(plan)
    assert suzuki.post(f"objectives/{objective.pk}/coach/", {"text": "x", "action": of}).status_code == 404


def test_who_may_not_write_is_not_coached(plan: SuccessPlan, world: World, sign_in: Any, within: Any) -> None:
    with within():
        objective = objective_of(plan)
    answer = Browser(sign_in(world.member(Role.VIEWER))).post(
        f"objectives/{objective.pk}/coach/", {"text": VAGUE}
    )
    assert answer.status_code == 403


def wave(desk: Any) -> Any:
    return desk.locator("inline-edit.statement .wave")


def type_statement(desk: Any, text: str) -> Any:
    field = desk.get_by_label("目標", exact=True).first
    field.focus()
    field.press("Control+a")
    desk.keyboard.insert_text(text)
    return field


def test_a_word_is_marked_while_it_is_typed_and_the_mark_lies_on_it(desk: Any) -> None:
    desk.route("**/edit/**", lambda route: route.abort())  # before anything is saved
    field = type_statement(desk, VAGUE)
    expect(wave(desk)).to_have_text(["強化"])
    expect(desk.locator(".gaps q", has_text="強化")).to_be_visible()
    layer, area = wave(desk).bounding_box(), field.bounding_box()
    assert area["x"] < layer["x"] < layer["x"] + layer["width"] < area["x"] + area["width"]
    assert area["y"] < layer["y"] < layer["y"] + layer["height"] < area["y"] + area["height"]
    type_statement(desk, "入電を月42,000件から31,500件へ減らす")
    expect(wave(desk)).to_have_count(0)
    expect(desk.locator(".gaps q", has_text="強化")).to_have_count(0)


def test_a_mark_stays_on_its_word_when_words_go_before_it(desk: Any) -> None:
    field = type_statement(desk, VAGUE)
    expect(wave(desk)).to_have_text(["強化"])
    field.press("Home")
    desk.keyboard.insert_text("𠮷")  # one character, two of the browser's units
    expect(wave(desk)).to_have_text(["強化"])
    assert desk.locator("inline-edit.statement .waves").text_content() == f"𠮷{VAGUE}"
    expect(desk.locator("save-state")).to_contain_text("保存済み")


def test_an_open_conversion_is_not_judged(desk: Any) -> None:
    asked: list[str] = []
    desk.on("request", lambda request: asked.append(request.url) if "/coach/" in request.url else None)
    field = desk.get_by_label("目標", exact=True).first
    field.focus()
    field.press("Control+a")
    ime = compose(desk, "きょうか")
    desk.wait_for_timeout(700)
    assert asked == []
    ime.send("Input.insertText", {"text": "利用を強化"})
    expect(wave(desk)).to_have_text(["強化"])
    expect(desk.locator("save-state")).to_contain_text("保存済み")


def test_mending_opens_the_field_with_the_word_selected(desk: Any, plan: SuccessPlan, within: Any) -> None:
    with transaction.atomic(), within():
        Objective.objects.filter(plan=plan).update(statement=VAGUE)
    desk.reload()
    expect(wave(desk)).to_have_text(["強化"])
    desk.locator(".gaps li", has_text="強化").get_by_role("link", name="直す").click()
    chosen = "document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)"
    desk.wait_for_function(f"{chosen} === '強化'")
