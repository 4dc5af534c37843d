"""The basic information page: what is known, what is blank, where it came from; a new account; the archive."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Account, BudgetStatus, Contract, Fact, KeyPerson, Pin
from accounts.models.fact import FactState
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.world import World

FRAGMENT = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def client(world: World, sign_in: Any) -> Client:
    return sign_in(world.csm)


def url(world: World, rest: str = "", which: str = "mine") -> str:
    return f"/t/midori/accounts/{world.account_id(which)}/{rest}"


def fresh(world: World) -> Account:
    with tenant_scope(world.tenant()):
        return world.account()


def test_the_page_shows_the_values_and_asks_for_the_blanks(client: Client, world: World) -> None:
    text = client.get(url(world)).content.decode()
    assert "東都百貨店株式会社" in text
    assert "3,840万円" in text
    assert "どの業界の会社ですか" in text
    assert "聞くことに加える" in text


def test_who_may_not_edit_reads_the_same_page_without_controls(world: World, sign_in: Any) -> None:
    text = sign_in(world.member(Role.VIEWER)).get(url(world)).content.decode()
    assert "東都百貨店株式会社" in text
    assert "<inline-edit" not in text
    assert "hx-post" not in text


def test_asking_puts_the_question_on_the_list_and_off_again(client: Client, world: World) -> None:
    shown = client.post(url(world, "facts/industry/ask/"), **FRAGMENT).content.decode()
    assert '<a href="#f-industry">どの業界の会社ですか</a>' in shown
    with tenant_scope(world.tenant()):
        assert Fact.objects.get(field_key="industry").state == FactState.ASK
    client.post(url(world, "facts/industry/ask/"), **FRAGMENT)
    with tenant_scope(world.tenant()):
        assert Fact.objects.get(field_key="industry").state == FactState.UNKNOWN


def test_a_field_that_is_not_on_the_sheet_has_no_source(client: Client, world: World) -> None:
    assert client.get(url(world, "facts/tenant/")).status_code == 404
    assert client.post(url(world, "facts/nonsense/ask/")).status_code == 404


def test_the_source_is_made_when_somebody_looks_for_it_and_is_edited_in_place(
    client: Client, world: World
) -> None:
    assert "どこで知りましたか" in client.post(url(world, "facts/arr/provenance/")).content.decode()
    with tenant_scope(world.tenant()):
        fact = Fact.objects.get(field_key="arr")
    saved = client.post(f"/t/midori/edit/fact/{fact.pk}/", {"field": "source", "value": "契約書", "base": ""})
    assert saved.status_code == 200
    assert "契約書" in client.get(url(world, "facts/arr/")).content.decode()


def test_the_next_budget_is_recorded_once_and_then_edited(client: Client, world: World) -> None:
    page = client.get(url(world)).content.decode()
    assert "次の年度の予算に入っていますか" in page
    answer = client.post(url(world, "budgets/"), {"fiscal_year": "2027", "status": "considering"}, **FRAGMENT)
    assert "inline-edit" in answer.content.decode()
    client.post(url(world, "budgets/"), {"fiscal_year": "2027", "status": "dropped"})
    with tenant_scope(world.tenant()):
        assert BudgetStatus.objects.get(fiscal_year=2027).status == "considering"


@pytest.mark.parametrize("typed", [{"fiscal_year": "x"}, {"fiscal_year": "2027", "status": "maybe"}])
def test_a_budget_of_no_year_or_no_status_is_not_found(client: Client, world: World, typed: Any) -> None:
    assert client.post(url(world, "budgets/"), typed).status_code == 404


def test_a_lost_customer_is_archived_and_comes_back_to_its_stage(client: Client, world: World) -> None:
    assert client.post(url(world, "archive/")).status_code == 303
    assert fresh(world).stage == "churned"
    with tenant_scope(world.tenant()):
        assert not Account.objects.not_archived().filter(pk=world.account_id()).exists()
    assert "解約として保管しました" in client.get(url(world)).content.decode()
    client.post(url(world, "unarchive/"))
    assert fresh(world).stage == "live"


def test_a_new_account_is_made_once_however_often_the_form_is_sent(client: Client, world: World) -> None:
    form = {"name": "新月製薬株式会社", "fiscal_month": "12", "stage": "onboarding", "idempotency_key": "k1"}
    first = client.post("/t/midori/accounts/new/", form)
    second = client.post("/t/midori/accounts/new/", form)
    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    with tenant_scope(world.tenant()):
        made = Account.objects.get(name="新月製薬株式会社")
    assert (made.fiscal_month, made.stage) == (12, "onboarding")


def test_a_new_account_without_a_name_keeps_what_was_typed(client: Client, world: World) -> None:
    answer = client.post("/t/midori/accounts/new/", {"kana": "シンゲツ", "arr": "たくさん"}, **FRAGMENT)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "社名は空にできません" in text
    assert "数字で入力してください" in text
    assert "シンゲツ" in text


def test_the_same_corporate_number_twice_says_so(client: Client, world: World) -> None:
    with tenant_scope(world.tenant()):
        make.account(corporate_number="7000012050002")
    answer = client.post("/t/midori/accounts/new/", {"name": "重複", "corporate_number": "7000012050002"})
    assert answer.status_code == 422
    assert "同じ法人番号のお客様がもうあります" in answer.content.decode()


def test_a_pin_stands_in_the_sidebar_until_it_is_taken_off(client: Client, world: World) -> None:
    client.post(url(world, "pin/"))
    assert "ピン留めを外す" in client.get(url(world)).content.decode()
    client.post(url(world, "pin/"))
    client.post(url(world, "unpin/"))
    with tenant_scope(world.tenant()):
        assert not Pin.objects.exists()


@pytest.mark.parametrize("day", [("4", "31"), ("2", "30")])
def test_a_closing_day_that_its_month_does_not_have_is_refused(
    client: Client, world: World, day: tuple[str, str]
) -> None:
    month, on = day
    edit = f"/t/midori/edit/account/{world.account_id()}/"
    client.post(edit, {"field": "fiscal_month", "value": month, "base": "3"})
    answer = client.post(edit, {"field": "fiscal_day", "value": on, "base": ""})
    assert answer.status_code == 422
    assert answer.json()["message"] == f"{month}月に{on}日はありません"


def test_the_page_asks_the_same_number_of_questions_however_much_there_is(
    client: Client, world: World, django_assert_max_num_queries: Any
) -> None:
    with tenant_scope(world.tenant(), member=world.csm):
        account = world.account()
        for _n in range(4):
            make.row(Contract, account)
            make.row(KeyPerson, account)
    client.get(url(world))
    with django_assert_max_num_queries(24):
        client.get(url(world))


def test_a_colleague_in_the_team_may_write_until_taken_out(
    client: Client, world: World, sign_in: Any
) -> None:
    second = world.member("second-csm")
    edit, typed = (
        f"/t/midori/edit/account/{world.account_id()}/",
        {"field": "industry", "value": "小売", "base": ""},
    )
    helper = sign_in(second)
    assert helper.post(edit, typed).status_code == 403
    client.post(url(world, "team/"), {"member": str(second.pk)})
    client.post(url(world, "team/"), {"member": str(second.pk)})
    assert helper.post(edit, typed).status_code == 200
    with tenant_scope(world.tenant()):
        row = world.account().team.get()
    client.post(f"/t/midori/teams/{row.pk}/remove/")
    assert helper.post(edit, {**typed, "value": "百貨店", "base": "小売"}).status_code == 403


def test_nobody_of_another_tenant_joins_the_team(client: Client, world: World) -> None:
    stranger = world.member(Role.CSM, "aoba")
    assert client.post(url(world, "team/"), {"member": str(stranger.pk)}).status_code == 404


def test_an_older_source_does_not_stand_below_a_new_value(client: Client, world: World) -> None:
    with tenant_scope(world.tenant(), member=world.csm):
        make.row(Fact, world.account(), field_key="industry", source="有報 26/3期", source_kind="primary")
    edit = f"/t/midori/edit/account/{world.account_id()}/"
    client.post(edit, {"field": "industry", "value": "小売", "base": ""})
    assert "有報" not in client.get(url(world, "facts/industry/")).content.decode()
