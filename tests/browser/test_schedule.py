"""The schedule by keyboard alone and by dragging: what is moved is saved, taken back, and never written over."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import expect

from success_plans.models import ActionItem, Objective, SuccessPlan
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests.browser.test_maps import tab_to
from tests.world import World

TODAY = date.today()  # noqa: DTZ011  the browsers have the machine's clock
FROM, UNTIL = TODAY - timedelta(days=20), TODAY + timedelta(days=30)


@pytest.fixture
def action(world: World) -> ActionItem:
    with transaction.atomic(), tenant_scope(world.tenant(), member=world.csm):
        own: dict[str, Any] = {"account": world.account()}
        long = {"starts_on": TODAY - timedelta(days=200), "ends_on": TODAY + timedelta(days=200)}
        own["plan"] = SuccessPlan.objects.create(title="今期", state="active", **long, **own)
        own["objective"] = Objective.objects.create(statement="入電を減らす", **own)
        found: ActionItem = ActionItem.objects.create(
            text="シナリオを広げる", starts_on=FROM, due_on=UNTIL, **own
        )
    return found


def days_of(world: World, action: ActionItem) -> tuple[date, date]:
    with transaction.atomic(), tenant_scope(world.tenant()):
        action.refresh_from_db()
    return action.starts_on, action.due_on


def moved(page: Any, text: str = "シナリオを広げる 動かしました") -> None:
    expect(page.locator("year-chart [data-says]")).to_contain_text(text)
    expect(page.locator("save-state").first).to_contain_text("保存済み")


def test_an_action_is_moved_resized_and_taken_back_without_a_mouse(
    open_as: Any, world: World, action: ActionItem
) -> None:
    page = open_as(world.csm, "schedule/")
    tab_to(page, f"action-{action.pk}")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowLeft")
    moved(page)
    assert days_of(world, action) == (FROM + timedelta(days=6), UNTIL + timedelta(days=6))
    expect(page.locator(f"#action-{action.pk}")).to_be_focused()
    page.keyboard.press("]")
    page.keyboard.press(",")
    until = UNTIL + timedelta(days=7)
    moved(page, f"動かしました {FROM + timedelta(days=5):%Y/%m/%d}–{until:%Y/%m/%d}")
    assert days_of(world, action) == (FROM + timedelta(days=5), until)
    page.get_by_role("button", name="元に戻す").last.click()
    moved(page, f"動かしました {FROM + timedelta(days=6):%Y/%m/%d}")
    assert days_of(world, action) == (FROM + timedelta(days=6), UNTIL + timedelta(days=6))


def test_a_bar_is_dragged_and_so_is_its_end(open_as: Any, world: World, action: ActionItem) -> None:
    page = open_as(world.csm, "schedule/?span=half")
    bar = page.locator(f"#action-{action.pk}")
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    per_day = box["width"] / 51
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 - 10 * per_day, box["y"] + 5, steps=4)
    page.mouse.up()
    moved(page)
    assert days_of(world, action) == (FROM - timedelta(days=10), UNTIL - timedelta(days=10))
    assert page.url.endswith("schedule/?span=half"), "the end of a drag is no click"
    box = bar.bounding_box()
    page.mouse.move(box["x"] + box["width"] - 3, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 3 + 4 * per_day, box["y"] + 5, steps=4)
    page.mouse.up()
    moved(page, f"動かしました {FROM - timedelta(days=10):%Y/%m/%d}–{UNTIL - timedelta(days=6):%Y/%m/%d}")
    assert days_of(world, action) == (FROM - timedelta(days=10), UNTIL - timedelta(days=6))


def test_two_people_who_move_the_same_action_are_asked(
    open_as: Any, world: World, action: ActionItem
) -> None:
    suzuki, watanabe = open_as(world.csm, "schedule/"), open_as(world.member(Role.MANAGER), "schedule/")
    watanabe.locator(f"#action-{action.pk}").focus()
    watanabe.keyboard.press("Shift+ArrowRight")
    moved(watanabe)
    suzuki.locator(f"#action-{action.pk}").focus()
    suzuki.keyboard.press("ArrowRight")
    block = suzuki.locator(".conflict")
    expect(block).to_contain_text("渡辺")
    theirs = (FROM + timedelta(days=7), UNTIL + timedelta(days=7))
    assert days_of(world, action) == theirs
    block.locator("[data-keep=mine]").click()
    moved(suzuki)
    assert days_of(world, action) == (FROM + timedelta(days=1), UNTIL + timedelta(days=1))
    expect(suzuki.locator(".conflict")).to_have_count(0)


def test_a_narrow_screen_opens_at_today_under_labels_that_stay(
    open_as: Any, world: World, action: ActionItem
) -> None:
    page = open_as(world.csm)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(page.url + "schedule/")
    chart = page.locator(".gantt-wrap")
    now = page.locator(".g-lines .now").bounding_box()
    frame = chart.bounding_box()
    assert frame["x"] + 100 <= now["x"] <= frame["x"] + frame["width"]
    label = page.locator(".g-lane > header").first
    assert abs(label.bounding_box()["x"] - frame["x"]) < 3


def test_the_year_is_one_page_of_paper(open_as: Any, world: World, action: ActionItem) -> None:
    page = open_as(world.csm, "schedule/")
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") == 1
