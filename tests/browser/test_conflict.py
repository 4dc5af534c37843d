"""Two people, two browsers, one account: different fields merge, the same field asks, and nothing typed is lost."""

from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import expect

from tenants.roles import Role
from tenants.scope import tenant_scope
from tests.world import World


@pytest.fixture
def suzuki(open_as: Any, world: World) -> Any:
    return open_as(world.csm)


@pytest.fixture
def watanabe(open_as: Any, world: World) -> Any:
    return open_as(world.member(Role.MANAGER))


def write(page: Any, label: str, text: str) -> None:
    field = page.get_by_label(label, exact=True)
    field.fill(text)
    field.press("Tab")


def is_saved(page: Any) -> None:
    expect(page.locator("save-state")).to_contain_text("保存済み")


def stands(world: World, field: str) -> Any:
    with transaction.atomic(), tenant_scope(world.tenant()):
        return getattr(world.account(), field)


def test_different_fields_merge_without_a_word(suzuki: Any, watanabe: Any, world: World) -> None:
    write(watanabe, "業種", "小売")
    is_saved(watanabe)
    write(suzuki, "本社所在地", "東京都中央区")
    is_saved(suzuki)
    assert (stands(world, "industry"), stands(world, "address")) == ("小売", "東京都中央区")
    expect(suzuki.locator(".conflict")).to_have_count(0)


def test_the_same_field_asks_and_mine_can_be_kept(suzuki: Any, watanabe: Any, world: World) -> None:
    write(watanabe, "業種", "小売")
    is_saved(watanabe)
    write(suzuki, "業種", "百貨店")
    block = suzuki.locator(".conflict")
    expect(block).to_contain_text("渡辺")
    expect(block).to_contain_text("百貨店")
    expect(block).to_contain_text("小売")
    expect(suzuki.get_by_label("業種", exact=True)).to_have_value("百貨店")
    assert stands(world, "industry") == "小売"
    block.locator("[data-keep=mine]").click()
    is_saved(suzuki)
    assert stands(world, "industry") == "百貨店"


def test_the_same_field_asks_and_theirs_can_be_kept(suzuki: Any, watanabe: Any, world: World) -> None:
    write(watanabe, "業種", "小売")
    is_saved(watanabe)
    write(suzuki, "業種", "百貨店")
    suzuki.locator("[data-keep=theirs]").click()
    expect(suzuki.get_by_label("業種", exact=True)).to_have_value("小売")
    expect(suzuki.locator(".conflict")).to_have_count(0)
    assert stands(world, "industry") == "小売"


def test_a_conflict_in_one_field_stops_no_other(suzuki: Any, watanabe: Any, world: World) -> None:
    write(watanabe, "業種", "小売")
    is_saved(watanabe)
    write(suzuki, "業種", "百貨店")
    expect(suzuki.locator(".conflict")).to_be_visible()
    write(suzuki, "本社所在地", "大阪府大阪市")
    expect(suzuki.locator(".conflict")).to_be_visible()
    expect(suzuki.locator('inline-edit[data-field="address"]')).to_have_attribute("data-state", "saved")
    assert stands(world, "address") == "大阪府大阪市"


def test_the_source_below_a_value_follows_its_save(suzuki: Any) -> None:
    write(suzuki, "業種", "小売")
    is_saved(suzuki)
    expect(suzuki.locator("#f-industry .src")).to_contain_text("鈴木")


def test_the_source_is_written_where_it_is_read(suzuki: Any, world: World) -> None:
    suzuki.locator("#f-arr .prov > summary").click()
    write(suzuki, "出典", "契約書")
    is_saved(suzuki)
    suzuki.reload()
    expect(suzuki.locator("#f-arr .src")).to_contain_text("契約書")


def test_a_blank_is_put_on_the_list_of_questions(suzuki: Any) -> None:
    row = suzuki.locator("#f-industry")
    row.get_by_role("button", name="聞くことに加える").click()
    expect(suzuki.locator("#asks")).to_contain_text("どの業界の会社ですか")
    row.get_by_role("button", name="聞く予定").click()
    expect(suzuki.locator("#asks li")).to_have_count(0)
