"""People from business-card services and CRM systems, as they really export them."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.importing import batches
from accounts.importing.known_accounts import plain_name
from accounts.importing.records.persons import complete
from accounts.models import Account, Fact, Import, KeyPerson
from accounts.models.imports import ImportState
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.world import World

SANSAN = """Sansan 名刺データ
出力日時: 2026/11/20 10:15:00,出力者: 鈴木
,
名刺交換日,会社名,部署名,役職,姓,名,姓(ふりがな),名(ふりがな),e-mail,TEL直通,携帯電話,郵便番号
2026/11/01,㈱東嶺ダイレクト,カスタマー本部,執行役員　本部長,大庭,正樹,おおば,まさき,oba@torei.example,03-1111-2222,,135-0001
2026/11/02,東嶺ダイレクト株式会社,CX推進部,部長,若槻,智子,わかつき,ともこ,wakatsuki@torei.example,,090-3333-4444,
2026/11/03,知らない商事,営業部,課長,山田,太郎,やまだ,たろう,,,,
"""
SALESFORCE = """"取引先責任者 ID","姓","名","取引先名","役職","部署","電話","携帯電話","メール"
"0035g00000AbCdE","大庭","正樹","東嶺ダイレクト株式会社","執行役員 本部長","カスタマー本部","0311112222","","oba@torei.example"
"0035g00000AbCdF","横手","浩二","東嶺ダイレクト株式会社","センター長","仙台センター","","","center@torei.example"
"""
EIGHT = """会社名	部署名	役職	氏名	e-mail	TEL	携帯電話	URL
東嶺ダイレクト	情報システム部	部長	戸川　亮	center@torei.example	０３−１１１１−２２２２		https://example.com
"""


@pytest.fixture
def torei(world: World) -> Any:
    with tenant_scope(world.tenant(), member=world.member(Role.ADMIN)):
        yield make.account(name="東嶺ダイレクト株式会社", external_id="CRM-1", csm=world.csm)


def taken(
    world: World, text: str, *, encoding: str = "utf-8", name: str = "people.csv", **choices: Any
) -> Import:
    """The file through every step of the page."""
    batch = looked(world, text, encoding=encoding, name=name)
    batch.choices, batch.state = choices, ImportState.APPLYING
    batch.save()
    batches.write(batch)
    return batch


def looked(world: World, text: str, *, encoding: str = "utf-8", name: str = "people.csv") -> Import:
    upload = SimpleUploadedFile(name, text.encode(encoding))
    batch = batches.keep(upload, "persons", world.member(Role.ADMIN))
    batches.read(batch)
    return batch


def people(account: Account) -> dict[str, tuple[str, str, str, str, str]]:
    return {
        one.name: (one.kana, one.department, one.title, one.email, one.phone)
        for one in KeyPerson.objects.filter(account=account)
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_business_cards_with_lines_above_the_heading_and_names_in_two_columns(
    world: World, torei: Account, encoding: str
) -> None:
    batch = taken(world, SANSAN, encoding=encoding)
    assert people(torei) == {
        "大庭 正樹": (
            "おおば まさき",
            "カスタマー本部",
            "執行役員　本部長",
            "oba@torei.example",
            "03-1111-2222",
        ),
        "若槻 智子": ("わかつき ともこ", "CX推進部", "部長", "wakatsuki@torei.example", ""),
    }
    (found,) = batch.findings.filter(severity="error")
    assert (found.code, found.line, found.value) == ("account_unknown", 7, "知らない商事")
    assert not Fact.objects.filter(account_id__in=KeyPerson.objects.values("pk")).exists()


def test_a_crm_that_knows_the_same_person_adds_its_number_and_no_second_person(
    world: World, torei: Account
) -> None:
    taken(world, SANSAN)
    batch = taken(world, SALESFORCE)
    assert (batch.summary["created"], batch.summary["updated"]) == (1, 1)
    oba = KeyPerson.objects.get(name="大庭 正樹")
    assert (oba.external_id, oba.phone) == ("0035g00000AbCdE", "03-1111-2222")
    assert KeyPerson.objects.filter(account=torei).count() == 3


def test_the_same_address_is_no_reason_to_be_the_same_person(world: World, torei: Account) -> None:
    taken(world, SALESFORCE)
    taken(world, EIGHT, name="eight.tsv")
    shared = KeyPerson.objects.filter(email="center@torei.example").values_list("name", flat=True)
    assert sorted(shared) == ["戸川　亮", "横手 浩二"]


def test_what_stands_there_is_kept_unless_the_change_was_chosen(world: World, torei: Account) -> None:
    taken(world, SANSAN)
    newer = SANSAN.replace("CX推進部,部長", "CX推進本部,本部長")
    taken(world, newer)
    one = KeyPerson.objects.get(name="若槻 智子")
    assert (one.department, one.title) == ("CX推進部", "部長")
    batch = looked(world, newer)
    assert batch.summary["kept"]["title"] == 1
    taken(world, newer, accepted=[f"{one.pk}:title"])
    one.refresh_from_db()
    assert (one.department, one.title) == ("CX推進部", "本部長")


def test_it_is_taken_back_as_a_whole(world: World, torei: Account) -> None:
    taken(world, SALESFORCE)
    before = people(torei)
    batch = taken(world, SANSAN)
    assert people(torei) != before
    batch.state = ImportState.UNDOING
    batch.save()
    batches.take_back(batch)
    assert people(torei) == before


def test_two_rows_of_one_person_are_a_question(world: World, torei: Account) -> None:
    batch = looked(world, SANSAN + "2026/11/09,東嶺ダイレクト,総務部,,大庭,正樹,,,,,,\n")
    found = batch.findings.filter(code="twice_in_file").values_list("line", flat=True)
    assert sorted(found) == [5, 8]
    assert batch.summary["new"] == 1


def test_namesakes_of_one_company_are_told_apart_by_their_numbers(world: World, torei: Account) -> None:
    text = "会社名,氏名,取引先責任者ID\n東嶺ダイレクト,田中 太郎,A1\n東嶺ダイレクト,田中 太郎,A2\n"
    assert taken(world, text).summary["created"] == 2
    again = taken(world, text)
    assert (again.summary["created"], again.summary["same"]) == (0, 2)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (",大庭 正樹,,", "account_missing"),
        ("東嶺ダイレクト,,,", "name_missing"),
        ("東嶺ダイレクト,大庭 正樹,oba@,", "email_shape"),
        ("みどり商会,大庭 正樹,,CRM-1", "account_conflict"),
        ("東嶺ダイレクト," + "長" * 121 + ",,", "text_too_long"),
    ],
)
def test_each_wrong_row_is_said(world: World, torei: Account, row: str, code: str) -> None:
    make.account(name="みどり商会")
    batch = looked(world, f"会社名,氏名,メール,取引先ID\n{row}\n東嶺ダイレクト,若槻 智子,,\n")
    assert set(batch.findings.values_list("code", flat=True)) == {code}
    assert batch.summary["new"] == 1


def test_a_name_that_two_companies_have_is_asked(world: World, torei: Account) -> None:
    make.account(name="株式会社東嶺ダイレクト", external_id="CRM-2")
    batch = looked(world, "会社名,氏名,取引先ID\n東嶺ダイレクト,大庭 正樹,\n,若槻 智子,CRM-2\n")
    assert list(batch.findings.values_list("code", flat=True)) == ["account_ambiguous"]
    assert batch.summary["new"] == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("㈱東嶺ダイレクト", "東嶺ダイレクト株式会社"),
        ("東嶺 ダイレクト", "(株)東嶺ダイレクト"),
        ("ＡＢＣ", "株式会社abc"),
    ],
)
def test_company_names_are_the_same_without_their_form(one: str, other: str) -> None:
    assert plain_name(one) == plain_name(other)


def test_a_whole_name_wins_over_its_parts() -> None:
    assert complete({"name": "大庭 正樹", "surname": "大庭", "company": "a"}, set()).values == {
        "account": "a"
    }


def test_the_page_takes_people_too(world: World, torei: Account, sign_in: Any) -> None:
    client: Client = sign_in(world.member(Role.ADMIN))
    upload = SimpleUploadedFile("名刺.csv", SANSAN.encode("cp932"))
    answer = client.post("/t/midori/imports/new/", {"file": upload, "kind": "persons"})
    assert answer.status_code == 303
    batch = Import.objects.get()
    assert batch.record_type == "persons"
    batches.read(batch)
    text = client.get(answer.headers["Location"]).content.decode()
    assert "2人を取り込む" in text
    assert "段階" not in text.split("取り込むと")[1]
