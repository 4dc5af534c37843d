"""Ctrl K: two Japanese characters are enough, and nobody finds another tenant's names."""

import re
from typing import Any

import pytest

from accounts.models import Activity, KeyPerson, Pin
from success_plans.models import SuccessPlan
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.world import World

PALETTE = "/t/midori/palette/"


ONWARD = "を記録から探す"


def labels(response: Any) -> list[str]:
    """What was found; the last line of every answer leads on to the search in records."""
    found = re.findall(r"</svg><span>([^<]+)</span>", response.content.decode())
    return found[:-1] if found and found[-1].endswith(ONWARD) else found


@pytest.fixture
def rows(world: World) -> None:
    with tenant_scope(world.tenant(), actor="test"):
        mine = world.account("mine")
        make.row(KeyPerson, mine, name="渡会 恵", kana="ワタライ メグミ", department="情報戦略部")
        make.row(KeyPerson, mine, name="大庭 健", kana="オオバ ケン", department="営業本部")
        make.row(SuccessPlan, mine, title="問い合わせ半減計画", ends_on="2027-03-31")
    with tenant_scope(world.tenant("aoba"), actor="test"):
        make.row(KeyPerson, world.account("foreign"), name="渡会 秘", kana="ワタライ ヒミツ")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("百貨", ["東都百貨店株式会社", "問い合わせ半減計画"]),
        ("わたら", ["東都百貨店株式会社", "渡会 恵", "問い合わせ半減計画"]),
        ("半減", ["問い合わせ半減計画"]),
        ("アカウント", ["アカウント"]),
        ("存在しない", []),
    ],
)
def test_names_are_found(rows: None, world: World, sign_in: Any, query: str, expected: list[str]) -> None:
    assert labels(sign_in(world.csm).get(PALETTE, {"q": query})) == expected


def test_a_contributor_finds_only_where_work_waits(rows: None, world: World, sign_in: Any) -> None:
    assert labels(sign_in(world.member(Role.CONTRIBUTOR)).get(PALETTE, {"q": "百貨"})) == []


def test_without_a_question_the_last_accounts_and_the_pages(world: World, sign_in: Any) -> None:
    with tenant_scope(world.tenant(), actor="test"):
        make.row(Activity, world.account("other"), written_by=world.csm)
    assert labels(sign_in(world.csm).get(PALETTE))[:4] == [
        "株式会社南風運輸",
        "今日",
        "お知らせ",
        "アカウント",
    ]


def test_pinned_accounts_stand_in_the_sidebar(world: World, sign_in: Any) -> None:
    with tenant_scope(world.tenant(), actor="test"):
        Pin.objects.create(account=world.account("other"), member=world.csm)
    page = sign_in(world.csm).get("/t/midori/accounts/").content.decode()
    assert re.search(r'aria-labelledby="pins-h">.*南風運輸', page, re.DOTALL)
    other = sign_in(world.member(Role.MANAGER)).get("/t/midori/accounts/").content.decode()
    assert "pins-h" not in other
