"""The history of an account: everything on it, by whom, in the field's own words, and back again one field at a time."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Account, Activity, Contract, KeyPerson
from success_plans.models import SuccessPlan
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.world import World

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def client(world: World, sign_in: Any) -> Client:
    return sign_in(world.csm)


def url(world: World, rest: str = "") -> str:
    return f"/t/midori/accounts/{world.account_id()}/history/{rest}"


def edit(client: Client, world: World, field: str, value: str, base: str) -> None:
    path = f"/t/midori/edit/account/{world.account_id()}/"
    assert client.post(path, {"field": field, "value": value, "base": base}).status_code == 200


def shown(client: Client, world: World, rest: str = "") -> str:
    """The words of the table, one space between them."""
    html = client.get(url(world, rest)).content.decode().split('<div class="sheet')[1].split("</table>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_a_change_stands_there_with_both_values_in_the_words_of_the_field(
    client: Client, world: World
) -> None:
    edit(client, world, "arr", "4,000", "3,840")
    edit(client, world, "tier", "low", "high")
    text = shown(client, world)
    assert "鈴木 ARR 3,840万円 → 4,000万円 戻す" in text
    assert "鈴木 顧客層 ハイタッチ → ロータッチ 戻す" in text


def test_the_source_that_moves_with_a_value_is_no_line_of_its_own(client: Client, world: World) -> None:
    edit(client, world, "industry", "小売", "")
    assert "出典" not in shown(client, world)
    client.post(f"/t/midori/accounts/{world.account_id()}/facts/kana/ask/")
    assert "よみ" in shown(client, world)


def test_what_hangs_on_the_account_is_there_plans_included(client: Client, world: World) -> None:
    with tenant_scope(world.tenant(), member=world.csm):
        account = world.account()
        make.row(KeyPerson, account, name="大庭 正樹")
        make.row(SuccessPlan, account, title="下期の計画")
        contract = make.row(Contract, account, name="基本契約")
        contract.put_in_bin()
        make.row(KeyPerson, world.account("other"), name="よそのひと")
    text = shown(client, world)
    assert "キーパーソン「大庭 正樹」 加えました" in text
    assert "サクセスプラン「下期の計画」 加えました" in text
    assert "契約「基本契約」 ごみ箱に入れました" in text
    assert "よそのひと" not in text


def test_imports_and_the_nightly_job_are_told_from_people(client: Client, world: World) -> None:
    edit(client, world, "industry", "小売", "")
    for actor, capital in (("import:x", 1), ("job:night", 2)):
        with tenant_scope(world.tenant(), actor=actor):
            Account.objects.filter(pk=world.account_id()).update(capital=capital * 10**8)
    text = shown(client, world)
    assert "取り込み 資本金 空欄 → 1億円 戻す" in text
    assert "夜間の計算 資本金 1億円 → 2億円 計算の値は戻せません" in text
    assert "業種" not in shown(client, world, "?who=import")
    assert "資本金" not in shown(client, world, "?who=member")


def revert_path(client: Client, world: World, label: str) -> str:
    html = client.get(url(world)).content.decode()
    found = re.search(rf'hx-get="([^"]+)"[^>]*aria-label="{label}を前の値に戻す"', html)
    assert found
    return found[1].replace("&amp;", "&")


def test_a_field_is_put_back_alone_after_its_effect_was_shown(client: Client, world: World) -> None:
    edit(client, world, "stage", "onboarding", "live")
    edit(client, world, "kana", "トウト", "トウトヒャッカテン")
    path = revert_path(client, world, "段階")
    panel = client.get(path, **HTMX).content.decode()
    assert "<b>契約中</b>" in panel
    assert "「段階に入った日」" in panel
    answer = client.post(path, {"base": "onboarding"}, **HTMX)
    assert answer.headers["HX-Refresh"] == "true"
    with tenant_scope(world.tenant()):
        account = world.account()
    assert (account.stage, account.kana) == ("live", "トウト")
    page = client.get(url(world)).content.decode()
    undo = re.search(r'data-undo="([^"]+)"', page)
    assert undo
    client.post(undo[1].replace("&amp;", "&"), **HTMX)
    with tenant_scope(world.tenant()):
        assert world.account().stage == "onboarding"


def test_what_changed_since_the_panel_opened_is_not_run_over(client: Client, world: World) -> None:
    edit(client, world, "industry", "小売", "")
    path = revert_path(client, world, "業種")
    edit(client, world, "industry", "百貨店", "小売")
    answer = client.post(path, {"base": "小売"}, **HTMX)
    assert answer.status_code == 409
    assert "百貨店" in answer.content.decode()
    with tenant_scope(world.tenant()):
        assert world.account().industry == "百貨店"


def test_a_value_that_others_took_meanwhile_says_so(client: Client, world: World) -> None:
    edit(client, world, "edinet_code", "E00001", "")
    edit(client, world, "edinet_code", "", "E00001")
    path = revert_path(client, world, "EDINETコード")
    with tenant_scope(world.tenant()):
        make.account(edinet_code="E00001")
    answer = client.post(path, {"base": ""}, **HTMX)
    assert answer.status_code == 422
    assert "同じEDINETコードのお客様がもうあります" in answer.content.decode()


@pytest.mark.parametrize(
    "query", ["", "?field=kana&event=x", "?field=tenant&event={id}", "?field=kana&event={id}"]
)
def test_only_changes_of_this_record_can_be_taken_back(client: Client, world: World, query: str) -> None:
    query = query.format(id=world.account_id("other"))
    assert client.get(f"/t/midori/revert/account/{world.account_id()}/{query}").status_code == 404


def test_who_may_read_only_sees_no_way_back(world: World, client: Client, sign_in: Any) -> None:
    edit(client, world, "kana", "トウト", "トウトヒャッカテン")
    viewer = sign_in(world.member(Role.VIEWER))
    assert "戻す" not in shown(viewer, world)
    path = revert_path(client, world, "よみ")
    assert viewer.post(path, {"base": "トウト"}).status_code == 403


def test_the_page_asks_the_same_number_of_questions_however_much_happened(
    client: Client, world: World
) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(url(world))
        return len(caught)

    happen(world, 2)
    statements()
    few = statements()
    happen(world, 10)
    assert statements() == few


def happen(world: World, number: int) -> None:
    with tenant_scope(world.tenant(), member=world.csm):
        account = world.account()
        for _n in range(number):
            for model in (KeyPerson, Contract, SuccessPlan):
                make.row(model, account)
            activity = make.row(Activity, account, written_by=world.csm)
            activity.put_in_bin()


def test_pages_follow_each_other_without_a_gap(client: Client, world: World) -> None:
    with tenant_scope(world.tenant(), member=world.csm):
        for n in range(75):
            make.row(KeyPerson, world.account(), name=f"人{n:03}")
    first = client.get(url(world)).content.decode()
    more = re.search(r'href="(\?before=[^"]+)"', first)
    assert more
    second = client.get(url(world, more[1])).content.decode()
    names = re.findall(r"「(人\d{3})」", "".join(page.split("</table>")[0] for page in (first, second)))
    assert sorted(set(names)) == [f"人{n:03}" for n in range(75)]


def test_what_a_program_made_in_one_go_is_one_line(client: Client, world: World) -> None:
    with tenant_scope(world.tenant(), actor="import:x"):
        for _n in range(5):
            make.row(KeyPerson, world.account())
        make.row(Contract, world.account())
    assert "取り込み 契約 1、キーパーソン 5 加えました" in shown(client, world)
