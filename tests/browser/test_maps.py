"""The stakeholder map by keyboard alone and by dragging: every person and line is reached, and what is moved stays."""

from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import expect

from accounts.models import KeyPerson, PersonTie
from tenants.scope import tenant_scope
from tests import make
from tests.world import World


@pytest.fixture
def people(world: World) -> dict[str, Any]:
    with transaction.atomic(), tenant_scope(world.tenant(), member=world.csm):
        account = world.account()
        boss = make.row(KeyPerson, account, name="大庭 正樹", state="active")
        champion = make.row(KeyPerson, account, name="若槻 智子", state="active", reports_to=boss)
        sceptic = make.row(KeyPerson, account, name="戸川 亮", state="active")
        tie = make.row(PersonTie, account, person=sceptic, to=champion, kind="conflict", label="停止に慎重")
    return {"boss": boss, "champion": champion, "sceptic": sceptic, "tie": tie}


def place_of(world: World, person: KeyPerson) -> tuple[int | None, int | None]:
    with transaction.atomic(), tenant_scope(world.tenant()):
        person.refresh_from_db()
    return person.map_x, person.map_y


def tab_to(page: Any, target: str) -> None:
    """By Tab alone, from the top of the page."""
    for _n in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement?.id") == target:
            return
    raise AssertionError(f"{target} is not reached by Tab")


def test_people_and_lines_are_reached_and_changed_without_a_mouse(
    open_as: Any, world: World, people: dict[str, Any]
) -> None:
    page = open_as(world.csm, "map/")
    node = f"node-{people['champion'].pk}"
    tab_to(page, node)
    before = (
        page.locator(f"#{node}").get_attribute("data-x"),
        page.locator(f"#{node}").get_attribute("data-y"),
    )
    for _n in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator("stakeholder-map [data-says]")).to_contain_text("若槻 智子 動かしました")
    assert place_of(world, people["champion"]) == (int(before[0]) + 60, int(before[1]) + 24)
    expect(page.locator(f"#{node}")).to_be_focused()
    page.keyboard.press("Enter")
    side = page.locator("#map-side")
    expect(side).to_contain_text("若槻 智子")
    expect(side).to_contain_text("戸川 亮から若槻 智子へ 対立・慎重")
    tab_to(page, f"tie-{people['tie'].pk}")
    page.keyboard.press("Enter")
    expect(side.get_by_label("ひとこと")).to_have_value("停止に慎重")
    side.get_by_label("関係", exact=True).select_option("influence")
    expect(page.locator(f"#tie-{people['tie'].pk}.tie--influence")).to_have_count(1)


def test_what_is_dragged_stays_and_its_lines_follow(
    open_as: Any, world: World, people: dict[str, Any]
) -> None:
    page = open_as(world.csm, "map/")
    node = page.locator(f"#node-{people['sceptic'].pk}")
    shaft = page.locator(f"#tie-{people['tie'].pk} .shaft")
    line, box = shaft.get_attribute("d"), node.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 140, box["y"] + 90, steps=5)
    page.mouse.up()
    expect(page.locator("stakeholder-map [data-says]")).to_contain_text("戸川 亮 動かしました")
    expect(shaft).not_to_have_attribute("d", line)
    assert place_of(world, people["sceptic"]) != (None, None)
    expect(page.locator("#map-side")).to_contain_text("見方と動かし方")


def test_the_picture_is_handed_out_as_png_and_svg(open_as: Any, world: World, people: dict[str, Any]) -> None:
    page = open_as(world.csm, "map/")
    for name, magic in (("PNG", b"\x89PNG"), ("SVG", b"<svg")):
        with page.expect_download() as caught:
            page.get_by_text(name, exact=True).click()
        content = caught.value.path().read_bytes()
        assert content.lstrip().startswith(magic)
        assert len(content) > 1_500
