"""The sheet as a template of the tenant's own: editions, fields without a column, and values that grow old."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Account, Fact, SheetEdition, SheetField
from accounts.models.fact import FactState
from accounts.sheet import editions
from accounts.sheet.reading import row_of, sheet_of
from accounts.sheet.standard import standard_fields
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.world import World

NEW = {"label": "席数", "section": "setup", "kind": "number", "question": "何席ですか", "owner": "sales", "needed_by": "all", "months": "6"}  # fmt: skip


@pytest.fixture
def admin(world: World, sign_in: Any) -> Client:
    return sign_in(world.member(Role.ADMIN))


@pytest.fixture
def csm(world: World, sign_in: Any) -> Client:
    return sign_in(world.csm)


def page(client: Client, world: World) -> str:
    return client.get(f"/t/midori/accounts/{world.account_id()}/").content.decode()


def settings(client: Client, rest: str = "", **form: Any) -> Any:
    return client.post(f"/t/midori/settings/sheet/{rest}", form)


def save(client: Client, world: World, field: str, value: str, base: str = "") -> Any:
    url = f"/t/midori/edit/account/{world.account_id()}/"
    return client.post(url, {"field": field, "value": value, "base": base})


def add_seats(admin: Client, *, everyone: bool = True) -> None:
    assert settings(admin, "fields/", **NEW).status_code == 303
    assert settings(admin, "publication/", **({"everyone": "on"} if everyone else {})).status_code == 303


def test_a_new_field_is_asked_once_its_edition_is_published(admin: Client, csm: Client, world: World) -> None:
    assert settings(admin, "fields/", **NEW).status_code == 303
    assert "何席ですか" not in page(csm, world)
    settings(admin, "publication/", everyone="on")
    html = page(csm, world)
    assert "何席ですか" in html
    assert 'data-field="own_1"' in html


def test_a_new_field_is_written_in_place_and_keeps_its_source_and_history(
    admin: Client, csm: Client, world: World
) -> None:
    add_seats(admin)
    saved = save(csm, world, "own_1", "1,200").json()
    assert (saved["value"], saved["display"]) == ("1200", "1,200")
    with tenant_scope(world.tenant()):
        fact = Fact.objects.get(field_key="own_1")
    assert (fact.value, fact.state, fact.author_id) == ("1200", FactState.KNOWN, world.csm.pk)
    csm.post(f"/t/midori/edit/fact/{fact.pk}/", {"field": "source", "value": "若槻さん", "base": ""})
    assert "若槻さん" in csm.get(f"/t/midori/accounts/{world.account_id()}/facts/own_1/").content.decode()
    save(csm, world, "own_1", "1300", "1200")
    history = csm.get(f"/t/midori/accounts/{world.account_id()}/history/").content.decode()
    assert "席数" in history
    assert "1300" in history


def test_a_value_that_does_not_fit_the_kind_is_refused_with_a_reason(
    admin: Client, csm: Client, world: World
) -> None:
    add_seats(admin)
    refused = save(csm, world, "own_1", "たくさん")
    assert (refused.status_code, refused.json()["message"]) == (422, "数字で入力してください。例:21")
    assert save(csm, world, "dynamics", "知らない動き").status_code == 422
    assert save(csm, world, "own_2", "1").status_code == 404


def test_two_writers_of_one_field_without_a_column_see_each_other(
    admin: Client, csm: Client, world: World, sign_in: Any
) -> None:
    add_seats(admin)
    assert save(csm, world, "own_1", "10").status_code == 200
    other = save(sign_in(world.member(Role.MANAGER)), world, "own_1", "20")
    assert (other.status_code, other.json()["theirs"]) == (409, "10")
    assert world.csm.name.split()[0] in other.json()["html"]


def test_a_value_written_through_its_fact_is_seen_by_the_page_that_was_open(
    csm: Client, world: World
) -> None:
    save(csm, world, "business", "通販")
    with tenant_scope(world.tenant()):
        before, fact = world.account().version, Fact.objects.get(field_key="business")
    written = csm.post(f"/t/midori/edit/fact/{fact.pk}/", {"field": "value", "value": "物流", "base": "通販"})
    assert written.status_code == 200
    with tenant_scope(world.tenant()):
        assert world.account().version == before + 1
    assert save(csm, world, "business", "小売", "通販").status_code == 409


def test_accounts_left_behind_keep_their_questions_and_can_be_renewed(
    admin: Client, csm: Client, world: World
) -> None:
    add_seats(admin, everyone=False)
    assert "何席ですか" not in page(csm, world)
    assert "第1版で聞いています" in page(csm, world)
    csm.post(f"/t/midori/accounts/{world.account_id()}/sheet/renewal/")
    assert "何席ですか" in page(csm, world)
    with tenant_scope(world.tenant()):
        new = make.account()
        assert "own_1" in editions.template_of(new).by_key


def test_a_retired_field_stays_where_it_was_answered(admin: Client, csm: Client, world: World) -> None:
    save(csm, world, "concept", "応対を誇りに")
    settings(admin, "draft/")
    with tenant_scope(world.tenant()):
        draft = editions.draft_or_none()
        retired = {key: SheetField.objects.get(of=draft, key=key).pk for key in ("concept", "levers")}
    for pk in retired.values():
        settings(admin, f"fields/{pk}/retirement/")
    settings(admin, "publication/", everyone="on")
    html = page(csm, world)
    assert "応対を誇りに" in html
    assert "いまは聞かない項目" in html
    assert "その動きを起こせるのは誰ですか" not in html


def test_a_renamed_question_reaches_the_page_and_old_editions_keep_their_word(
    admin: Client, csm: Client, world: World
) -> None:
    settings(admin, "draft/")
    with tenant_scope(world.tenant()):
        field = SheetField.objects.get(of=editions.draft_or_none(), key="industry")
    written = admin.post(
        f"/t/midori/edit/sheet_field/{field.pk}/", {"field": "question", "value": "何の業界ですか", "base": field.question}
    )  # fmt: skip
    assert written.status_code == 200
    settings(admin, "publication/")
    assert "どの業界の会社ですか" in page(csm, world)
    csm.post(f"/t/midori/accounts/{world.account_id()}/sheet/renewal/")
    assert "何の業界ですか" in page(csm, world)


def test_a_published_edition_does_not_change(admin: Client, world: World) -> None:
    add_seats(admin)
    with tenant_scope(world.tenant()):
        field = SheetField.objects.get(key="own_1")
    refused = admin.post(
        f"/t/midori/edit/sheet_field/{field.pk}/", {"field": "label", "value": "座席", "base": "席数"}
    )
    assert refused.status_code == 422
    assert settings(admin, f"fields/{field.pk}/retirement/").status_code == 422
    assert settings(admin, f"fields/{field.pk}/position/", to="up").status_code == 422


def test_a_field_moves_within_its_section(admin: Client, world: World) -> None:
    settings(admin, "draft/")

    def order() -> list[str]:
        with tenant_scope(world.tenant()):
            rows = SheetField.objects.filter(section="setup").order_by("position")
            return list(rows.filter(of__published_at=None).values_list("key", flat=True))

    assert order() == ["counterpart", "proposed_setup"]
    with tenant_scope(world.tenant()):
        pk = SheetField.objects.get(key="counterpart", of__published_at=None).pk
    settings(admin, f"fields/{pk}/position/", to="down")
    assert order() == ["proposed_setup", "counterpart"]
    settings(admin, f"fields/{pk}/position/", to="down")
    assert order() == ["proposed_setup", "counterpart"]


def test_a_draft_can_be_given_up_and_begun_twice_is_one(admin: Client, world: World) -> None:
    settings(admin, "draft/")
    settings(admin, "draft/")
    with tenant_scope(world.tenant()):
        assert SheetEdition.objects.filter(published_at=None).count() == 1
    settings(admin, "draft/discard/")
    with tenant_scope(world.tenant()):
        assert list(SheetEdition.objects.values_list("number", flat=True)) == [1]


def test_the_same_form_sent_twice_adds_one_field(admin: Client, world: World) -> None:
    for _again in range(2):
        settings(admin, "fields/", **NEW, idempotency_key="7d3f4c9c-4f5c-4cf0-8f55-0d8a36a3a9f1")
    with tenant_scope(world.tenant()):
        assert SheetField.objects.filter(label="席数").count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"label": ""}, "項目名"),
        ({"months": "0"}, "1以上の数で入力してください"),
        ({"months": "一年"}, "数字で入力してください"),
        ({"kind": "choice", "choices": " \n"}, "選択肢を1行に1つ書いてください"),
        ({"kind": "column"}, "書き方を選んでください"),
    ],
)
def test_what_makes_no_field_is_said(admin: Client, world: World, change: dict[str, str], said: str) -> None:
    answer = settings(admin, "fields/", **{**NEW, **change})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    with tenant_scope(world.tenant()):
        assert not SheetField.objects.filter(key__startswith="own_").exists()


def test_only_an_admin_changes_the_sheet(world: World, sign_in: Any) -> None:
    manager = sign_in(world.member(Role.MANAGER))
    assert manager.get("/t/midori/settings/sheet/").status_code == 200
    assert settings(manager, "draft/").status_code == 403
    assert sign_in(world.csm).get("/t/midori/settings/sheet/").status_code == 403


def test_the_other_tenant_has_its_own_sheet(admin: Client, world: World) -> None:
    add_seats(admin)
    with tenant_scope(world.tenant("aoba")):
        assert "own_1" not in editions.template().by_key


def test_a_value_fades_after_the_months_of_its_field(csm: Client, world: World) -> None:
    save(csm, world, "business", "通販")
    today = timezone.localdate()
    with tenant_scope(world.tenant()):
        facts = Fact.objects.filter(field_key="business")
        facts.update(as_of=today - timedelta(days=364))
        assert row_of(world.account(), "business").is_known
        known = sheet_of(world.account()).known
        facts.update(as_of=today - timedelta(days=370))
        row = row_of(world.account(), "business")
        assert (row.is_faded, row.is_known, row.lattice) == (True, False, "old")
        assert sheet_of(world.account()).known == known - 1
    assert "のまま" in page(csm, world)


def test_what_does_not_change_with_the_years_does_not_fade(world: World) -> None:
    with tenant_scope(world.tenant()):
        Account.objects.filter(pk=world.account_id()).update(
            kana="トウト", created_at=timezone.now() - timedelta(days=4000)
        )
        assert row_of(world.account(), "kana").is_known


def test_the_tier_says_which_blanks_count(world: World) -> None:
    def counted(tier: str) -> set[str]:
        Account.objects.filter(pk=world.account_id()).update(tier=tier)
        sheet = sheet_of(world.account())
        return {row.key for section in sheet.sections for row in section.counted}

    with tenant_scope(world.tenant()):
        low, mid, high = (counted(tier) for tier in ("low", "mid", "high"))
        assert counted("") == low
    assert low < mid < high
    assert "powers" in high - mid
    assert "dynamics" in mid - low
    assert "edinet_code" not in high


def test_the_standard_sheet_has_every_question_once(world: World) -> None:
    with tenant_scope(world.tenant()):
        fields = standard_fields()
    assert len({field.key for field in fields}) == len(fields)
    assert all(field.label and field.question for field in fields if not field.is_column)
