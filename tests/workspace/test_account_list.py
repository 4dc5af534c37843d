"""The account list through its door: what is shown, in which order, for whom."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest

from accounts.models import Account, Activity, ActivityPerson, Contract, KeyPerson, PersonRole
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.world import TODAY, World

LIST = "/t/midori/accounts/"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with patch("django.utils.timezone.localdate", return_value=TODAY):
        yield


@pytest.fixture
def own(world: World) -> Iterator[Any]:
    """``own(name, **fields)`` makes an account of 鈴木's, inside the tenant's scope."""
    with tenant_scope(world.tenant(), actor="test"):
        Account.objects.all().delete()
    scope = tenant_scope(world.tenant(), actor="test")
    scope.__enter__()

    def create(name: str, renews_on: date | None = None, **fields: Any) -> Account:
        account = make.account(name=name, csm=world.csm, **fields)
        if renews_on:
            make.row(Contract, account, starts_on=None, renews_on=renews_on)
        return account

    yield create


def names(response: Any) -> list[str]:
    return re.findall(r"data-open>([^<]+)</a>", response.content.decode())


def test_accounts_stand_by_budget_season_then_renewal(own: Any, world: World, sign_in: Any) -> None:
    own("期先", fiscal_month=9)
    own("確定後", fiscal_month=12)
    own("策定中、後の更新", date(2027, 9, 30), fiscal_month=3)
    own("策定中、先の更新", date(2027, 3, 31), fiscal_month=3)
    own("策定中、更新日なし", fiscal_month=3)
    own("半年以内", fiscal_month=5)
    own("決算月なし", fiscal_month=None)
    own("策定中、2月決算", fiscal_month=2)
    page = sign_in(world.csm).get(LIST)
    assert names(page) == [
        "策定中、2月決算", "策定中、先の更新", "策定中、後の更新", "策定中、更新日なし",
        "確定後", "半年以内", "期先", "決算月なし",
    ]  # fmt: skip
    titles = re.findall(r'colspan="11">([^<]+?) <span class="num">(\d+)', page.content.decode())
    assert titles == [
        ("予算策定中", "4"), ("予算確定の間際・確定後", "1"), ("半年以内に予算期", "1"), ("予算期は先", "1"),
        ("決算月が未入力", "1"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("sort=renewal", ["三", "一", "二"]),
        ("sort=arr", ["二", "一", "三"]),
        ("sort=name", ["一", "二", "三"]),
        ("q=運輸", ["二"]),
        ("q=渡会", ["三"]),
        ("month=12", ["二"]),
        ("month=unknown&month=3", ["一", "三"]),
        ("industry=運輸", ["二"]),
        ("stage=onboarding", ["三"]),
        ("tier=low&tier=mid", ["一"]),
        ("csm=nobody", []),
        ("view=season", ["一"]),
        ("view=renewal", ["三"]),
        ("sort=nonsense&view=nonsense&month=99&csm=x&after=forged", ["一", "二", "三"]),
    ],
)
def test_order_filters_and_search(
    own: Any, world: World, sign_in: Any, query: str, expected: list[str]
) -> None:
    own("一", date(2027, 6, 30), fiscal_month=3, kana="ア", arr=5_000_000, tier="low")
    own("二", fiscal_month=12, kana="イ", arr=9_000_000, industry="運輸", tier="high")
    third = own("三", date(2027, 1, 31), fiscal_month=None, kana="ウ", arr=None, stage="onboarding")
    make.row(KeyPerson, third, name="渡会 恵")
    assert names(sign_in(world.csm).get(f"{LIST}?{query}")) == expected


def test_pages_go_forth_and_back_without_losing_or_repeating_a_row(
    own: Any, world: World, sign_in: Any
) -> None:
    for number in range(123):
        renewal = None if number % 5 == 0 else TODAY + timedelta(days=number % 7)
        month = None if number % 11 == 0 else number % 12 + 1
        own(f"会社{number:03}", renewal, fiscal_month=month, arr=None if number % 4 == 0 else number % 3)
    client = sign_in(world.csm)
    for sort in ("budget", "renewal", "arr", "name"):
        pages, address = [], f"{LIST}?sort={sort}"
        while address:
            page = client.get(address).content.decode()
            pages.append(re.findall(r"data-open>([^<]+)</a>", page))
            address, before = link(page, "next"), link(page, "prev")
        assert [len(found) for found in pages] == [50, 50, 23]
        assert len({name for found in pages for name in found}) == 123
        back = client.get(before).content.decode()
        assert re.findall(r"data-open>([^<]+)</a>", back) == pages[1]
        assert names(client.get(link(back, "prev"))) == pages[0]


def link(page: str, rel: str) -> str:
    found = re.search(rf'rel="{rel}" href="([^"]+)"', page)
    return LIST + found[1].replace("&amp;", "&") if found else ""


def test_seals_say_whether_we_know_and_have_met_who_decides(own: Any, world: World, sign_in: Any) -> None:
    account = own("印", fiscal_month=3)
    boss = make.row(KeyPerson, account, name="大庭")
    gone = make.row(KeyPerson, account, name="三枝", state="transferred", state_since=date(2026, 11, 1))
    make.row(PersonRole, account, person=boss, kind="economic_buyer")
    make.row(PersonRole, account, person=gone, kind="champion")
    met = make.row(Activity, account, on=TODAY - timedelta(days=31), state="held")
    make.row(ActivityPerson, account, activity=met, person=boss)
    client = sign_in(world.csm)
    page = client.get(LIST).content.decode()
    assert "決裁者 大庭 30日以上接触なし" in page
    assert "推進者 三枝 異動・離脱" in page
    Activity.objects.filter(pk=met.pk).update(on=TODAY - timedelta(days=30))
    assert "決裁者 大庭 30日以内に接触" in client.get(LIST).content.decode()
    make.row(PersonRole, account, person=boss, kind="champion", starts_on=TODAY)
    assert "推進者 大庭 30日以内に接触" in client.get(LIST).content.decode()


def test_the_holes_and_silence_views_and_their_counts(own: Any, world: World, sign_in: Any) -> None:
    full, hollow = own("よく知る", fiscal_month=3), own("穴がある", fiscal_month=3)
    for kind in ("economic_buyer", "champion"):
        make.row(PersonRole, full, person=make.row(KeyPerson, full), kind=kind, starts_on=None, ends_on=None)
    Account.objects.update(created_at="2026-01-01T00:00Z")
    make.row(Activity, full, on=TODAY - timedelta(days=6), state="held")
    make.row(Activity, hollow, on=TODAY - timedelta(days=7), state="held")
    make.row(Activity, hollow, on=TODAY + timedelta(days=1), state="planned")
    client = sign_in(world.csm)
    assert names(client.get(LIST + "?view=holes")) == ["穴がある"]
    assert names(client.get(LIST + "?view=silent")) == ["穴がある"]
    tabs = re.sub(r"<[^>]+>", "", client.get(LIST).content.decode())
    assert "担当すべて 2" in tabs and "決裁者・推進者に穴 1" in tabs and "1週間記録なし 1" in tabs


def test_whose_accounts_each_role_sees_first(own: Any, world: World, sign_in: Any) -> None:
    own("鈴木の")
    make.account(name="代理の", deputy=world.csm)
    make.account(name="だれのでもない", commercial_owner=world.member(Role.SALES))
    make.account(name="解約した", csm=world.csm, stage="churned")
    assert set(names(sign_in(world.csm).get(LIST))) == {"鈴木の", "代理の"}
    assert names(sign_in(world.csm).get(LIST + "?stage=churned")) == ["解約した"]
    assert names(sign_in(world.member(Role.SALES)).get(LIST)) == ["だれのでもない"]
    assert len(names(sign_in(world.member(Role.MANAGER)).get(LIST))) == 3
    assert len(names(sign_in(world.csm).get(LIST + "?view=team"))) == 3
    assert names(sign_in(world.member(Role.CONTRIBUTOR)).get(LIST)) == []


def test_a_fragment_is_only_the_list(own: Any, world: World, sign_in: Any) -> None:
    own("断片")
    page = sign_in(world.csm).get(LIST, headers={"HX-Request": "true"}).content.decode()
    assert "断片" in page and "<html" not in page and 'hx-swap-oob="true"' in page


def test_choices_come_when_a_menu_opens(own: Any, world: World, sign_in: Any) -> None:
    own("業", industry="運輸")
    client = sign_in(world.csm)
    assert 'value="運輸"' in client.get(LIST + "choices/industry/").content.decode()
    assert "鈴木" in client.get(LIST + "choices/csm/").content.decode()
    assert client.get(LIST + "choices/password/").status_code == 404


def test_nothing_matches_says_what_to_do(own: Any, world: World, sign_in: Any) -> None:
    page = sign_in(world.csm).get(LIST + "?q=ないもの").content.decode()
    assert "合うアカウントはありません" in page


@pytest.mark.parametrize(
    "asked", ["q=青葉", "q=青葉&industry=小売", "q=青葉&sort=name", "q=日ノ出", "q=ない"]
)
def test_a_search_with_many_hits_shows_what_one_with_few_shows(
    own: Any, world: World, sign_in: Any, asked: str
) -> None:
    """With many hits the list is walked, and only some are counted unless filters leave few of them."""
    for number in range(6):
        own(f"青葉{number}", fiscal_month=1 + number, industry="小売" if number % 3 else "運輸")
        own(f"日ノ出{number}", fiscal_month=None)
    client = sign_in(world.csm)
    few = client.get(f"{LIST}?{asked}")
    with patch("accounts.search.MANY", 2):
        many = client.get(f"{LIST}?{asked}")
    assert names(many) == names(few)
    foot = re.compile(r"<tfoot>.*?</tfoot>", re.DOTALL)
    assert foot.findall(many.content.decode()) == foot.findall(few.content.decode())
