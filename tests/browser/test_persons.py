"""A person is added, opened below their line and written on there."""

from typing import Any

from playwright.sync_api import expect

from tests.world import World


def test_a_person_opens_below_their_line_and_is_edited_there(open_as: Any, world: World) -> None:
    persons = open_as(world.csm, "persons/")
    persons.get_by_label("お名前・会議体の名前").fill("大庭 正樹")
    persons.get_by_label("役割").select_option("economic_buyer")
    persons.get_by_role("button", name="加える").click()
    persons.locator(".pr > summary").click()
    title = persons.locator(".pr").get_by_label("役職", exact=True)
    title.fill("本部長")
    title.press("Tab")
    expect(persons.locator(".pr > summary")).to_contain_text("本部長")
