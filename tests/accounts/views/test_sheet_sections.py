"""Sections of the sheet that an admin makes: asked, counted and told like the standard ones; old editions keep theirs."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import Account, Fact, Resolution, SheetEdition, SheetField, SheetSection
from accounts.sheet import editions
from accounts.sheet.counting import count_accounts, count_all
from accounts.sheet.reading import sheet_of
from accounts.sheet.standard import STANDARD
from ctas import registry
from ctas.models import Cta
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.api.program import Program
from tests.ctas.verbs import run
from tests.world import TODAY, World

FIELD = {"label": "審査の基準", "section": "own_1", "kind": "textarea", "question": "何を満たせば通りますか", "owner": "sales", "needed_by": "all", "months": "6"}  # fmt: skip


@pytest.fixture
def admin(world: World, sign_in: Any) -> Client:
    return sign_in(world.member(Role.ADMIN))


@pytest.fixture
def csm(world: World, sign_in: Any) -> Client:
    return sign_in(world.csm)


def settings(client: Client, rest: str = "", **form: Any) -> Any:
    return client.post(f"/t/midori/settings/sheet/{rest}", form)


def edit(client: Client, part: Any, field: str, value: str, base: str) -> Any:
    kind = "sheet_section" if isinstance(part, SheetSection) else "sheet_field"
    return client.post(f"/t/midori/edit/{kind}/{part.pk}/", {"field": field, "value": value, "base": base})


def save(client: Client, world: World, field: str, value: str) -> Any:
    url = f"/t/midori/edit/account/{world.account_id()}/"
    return client.post(url, {"field": field, "value": value, "base": ""})


def page(client: Client, world: World) -> str:
    return client.get(f"/t/midori/accounts/{world.account_id()}/").content.decode()


def drafted(model: Any, key: str) -> Any:
    return model.objects.get(of=editions.draft_or_none(), key=key)


def add_review(admin: Client, *, everyone: bool = True, **field: str) -> None:
    """A section of its own with one field, in force."""
    assert settings(admin, "sections/", title="セキュリティ審査", meter="organisation").status_code == 303
    assert settings(admin, "fields/", **{**FIELD, **field}).status_code == 303
    assert settings(admin, "publication/", **({"everyone": "on"} if everyone else {})).status_code == 303


def titles(account: Account) -> list[str]:
    return [str(section.title) for section in sheet_of(account).sections]


def test_a_section_of_ones_own_is_asked_counted_and_told_everywhere(
    admin: Client, csm: Client, world: World
) -> None:
    with tenant_scope(world.tenant()):
        count_all()
        before = Resolution.objects.get(account=world.account_id())
    add_review(admin)
    html = page(csm, world)
    assert 'id="own_1-h"' in html
    assert "セキュリティ審査" in html
    assert "何を満たせば通りますか" in html
    with tenant_scope(world.tenant()):
        now = Resolution.objects.get(account=world.account_id())
    assert (now.organisation_total, now.operation_total) == (
        before.organisation_total + 1,
        before.operation_total,
    )
    assert "審査の基準" in admin.get("/t/midori/blanks/?who=all").content.decode()
    save(csm, world, "own_1", "ISMAPと社内規程")
    with tenant_scope(world.tenant()):
        assert (
            Resolution.objects.get(account=world.account_id()).organisation_known
            == now.organisation_known + 1
        )
    file = csm.get("/t/midori/accounts/export.csv")
    assert (
        "ISMAPと社内規程" in (b"".join(file.streaming_content) if file.streaming else file.content).decode()
    )


def test_programs_learn_what_a_key_is_called_and_where_it_stands(admin: Client, world: World) -> None:
    add_review(admin)
    ask = Program(world.csm)
    (section,) = ask("GET", "sheet-sections?key=own_1").json()["results"]
    assert (section["title"], section["meter"], section["edition"]) == ("セキュリティ審査", "organisation", 2)
    (field,) = ask("GET", "sheet-fields?key=own_1").json()["results"]
    assert (field["label"], field["section"]) == ("審査の基準", "own_1")
    settings(admin, "sections/", title="まだ誰にも聞かない区分", meter="operation")
    assert len(ask("GET", "sheet-sections").json()["results"]) == 2 * len(STANDARD) + 1


def test_a_renamed_section_reaches_the_page_and_old_editions_keep_their_word(
    admin: Client, csm: Client, world: World
) -> None:
    settings(admin, "draft/")
    with tenant_scope(world.tenant()):
        section = drafted(SheetSection, "policy")
    assert edit(admin, section, "title", "打ち手", "方針").status_code == 200
    settings(admin, "publication/")
    with tenant_scope(world.tenant()):
        assert "方針" in titles(world.account())
        Account.objects.filter(pk=world.account_id()).update(sheet_edition=None)
        assert "打ち手" in titles(world.account())
        assert "方針" not in titles(world.account())
        assert "打ち手" in list(section.events.values_list("title", flat=True))


def test_sections_are_put_in_order(admin: Client, world: World) -> None:
    add_review(admin)
    settings(admin, "draft/")

    def order() -> list[str]:
        with tenant_scope(world.tenant()):
            rows = SheetSection.objects.filter(of__published_at=None).order_by("position")
            return list(rows.values_list("key", flat=True))

    assert order()[-2:] == ["team", "own_1"]
    with tenant_scope(world.tenant()):
        own, first = drafted(SheetSection, "own_1").pk, drafted(SheetSection, "company").pk
    settings(admin, f"sections/{own}/position/", to="up")
    assert order()[-2:] == ["own_1", "team"]
    settings(admin, f"sections/{first}/position/", to="up")
    assert order()[0] == "company"
    assert settings(admin, f"sections/{own}/position/", to="aside").status_code == 422
    settings(admin, "publication/", everyone="on")
    with tenant_scope(world.tenant()):
        assert titles(world.account())[-2:] == ["セキュリティ審査", "体制"]


def test_fields_move_to_a_section_of_ones_own_with_what_was_answered(
    admin: Client, csm: Client, world: World
) -> None:
    save(csm, world, "dynamics", "合議で決めてから動く")
    settings(admin, "sections/", title="動かし方", meter="organisation")
    with tenant_scope(world.tenant()):
        field = drafted(SheetField, "dynamics")
    assert edit(admin, field, "section", "own_1", "organisation").status_code == 200
    assert edit(admin, field, "section", "own_9", "own_1").status_code == 422
    settings(admin, "publication/", everyone="on")
    with tenant_scope(world.tenant()):
        (section,) = [each for each in sheet_of(world.account()).sections if each.slug == "own_1"]
        assert [(row.key, row.cell.value) for row in section.rows] == [("dynamics", "合議で決めてから動く")]


def test_a_retired_section_asks_nothing_and_keeps_what_was_answered(
    admin: Client, csm: Client, world: World
) -> None:
    save(csm, world, "concept", "応対を誇りに")
    settings(admin, "draft/")
    with tenant_scope(world.tenant()):
        count_all()
        before = Resolution.objects.get(account=world.account_id())
        section = drafted(SheetSection, "policy")
    assert settings(admin, f"sections/{section.pk}/retirement/").status_code == 303
    settings(admin, "publication/", everyone="on")
    html = page(csm, world)
    assert "応対を誇りに" in html
    assert "このお客様を、どう支えますか" not in html
    with tenant_scope(world.tenant()):
        assert Resolution.objects.get(account=world.account_id()).total < before.total
        assert "treatment_policy" not in {row.key for row in sheet_of(world.account()).rows}
    settings(admin, "draft/")
    with tenant_scope(world.tenant()):
        section = drafted(SheetSection, "policy")
    settings(admin, f"sections/{section.pk}/retirement/")
    settings(admin, "publication/", everyone="on")
    assert "このお客様を、どう支えますか" in page(csm, world)


def test_what_cannot_go_says_why(admin: Client, world: World) -> None:
    settings(admin, "sections/", title="審査", meter="operation")
    settings(admin, "fields/", **FIELD)
    with tenant_scope(world.tenant()):
        own, kept = drafted(SheetSection, "own_1"), drafted(SheetSection, "contract")
        field = drafted(SheetField, "own_1")
    refused = settings(admin, f"sections/{own.pk}/retirement/")
    assert (refused.status_code, "まだ項目があります" in refused.content.decode()) == (422, True)
    refused = settings(admin, f"sections/{kept.pk}/retirement/")
    assert (refused.status_code, "表がある" in refused.content.decode()) == (422, True)
    settings(admin, f"fields/{field.pk}/retirement/")
    assert settings(admin, f"sections/{own.pk}/retirement/").status_code == 303
    with tenant_scope(world.tenant()):
        assert not SheetSection.objects.filter(key="own_1").exists()


def test_a_list_stays_where_its_section_has_lost_every_field(
    admin: Client, csm: Client, world: World
) -> None:
    settings(admin, "draft/")
    with tenant_scope(world.tenant()):
        fields = [drafted(SheetField, key) for key in ("fiscal_month", "fiscal_day")]
    for field in fields:
        edit(admin, field, "section", "company", "fiscal")
    settings(admin, "publication/", everyone="on")
    assert 'id="fiscal-h"' in page(csm, world)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"title": "", "meter": "operation"}, "区分は空にできません"),
        ({"title": "方針", "meter": "operation"}, "同じ名前の区分がこの版にもうあります"),
        ({"title": "審" * 41, "meter": "operation"}, "40文字までです"),
        ({"title": "審査", "meter": "both"}, "選べる値の中から選んでください"),
    ],
)
def test_what_makes_no_section_is_said(admin: Client, world: World, form: dict[str, str], said: str) -> None:
    answer = settings(admin, "sections/", **form)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    with tenant_scope(world.tenant()):
        assert not SheetSection.objects.filter(key__startswith="own_").exists()


def test_a_published_section_does_not_change(admin: Client, world: World) -> None:
    add_review(admin)
    with tenant_scope(world.tenant()):
        section = SheetSection.objects.get(key="own_1")
    assert edit(admin, section, "title", "審査", "セキュリティ審査").status_code == 422
    assert settings(admin, f"sections/{section.pk}/retirement/").status_code == 422
    assert settings(admin, f"sections/{section.pk}/position/", to="up").status_code == 422


def test_only_an_admin_makes_sections_and_a_form_sent_twice_makes_one(
    admin: Client, world: World, sign_in: Any
) -> None:
    form = {"title": "審査", "meter": "operation", "idempotency_key": "7d3f4c9c-4f5c-4cf0-8f55-0d8a36a3a9f2"}
    assert settings(sign_in(world.member(Role.MANAGER)), "sections/", **form).status_code == 403
    for _again in range(2):
        settings(admin, "sections/", **form)
    with tenant_scope(world.tenant()):
        assert SheetSection.objects.filter(title="審査").count() == 1


def test_accounts_left_behind_keep_their_sections(admin: Client, csm: Client, world: World) -> None:
    add_review(admin, everyone=False)
    assert "セキュリティ審査" not in page(csm, world)
    with tenant_scope(world.tenant()):
        assert "セキュリティ審査" in titles(make.account())
    with tenant_scope(world.tenant("aoba")):
        assert not SheetEdition.objects.exists()


def test_values_of_a_section_of_ones_own_grow_old_in_its_name(
    admin: Client, csm: Client, world: World
) -> None:
    add_review(admin)
    save(csm, world, "own_1", "ISMAP")
    with tenant_scope(world.tenant(), actor="test"):
        account = world.account()
        Fact.objects.filter(field_key="own_1").update(as_of=TODAY - timedelta(days=400))
        count_accounts([account.pk], TODAY)
        opened = Cta.objects.filter(pk__in=run("stale_information", TODAY), account=account)
        cta = opened.get(subject="own_1")
        rule = registry.find("stale_information")
        assert rule
        assert rule.title(cta.evidence) == "「セキュリティ審査」の古い値を確かめ直す"
