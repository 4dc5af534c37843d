"""The one editing mechanism, through its own door: fields merge, a true conflict keeps both texts, nothing is lost."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Account, Contract, Fact, KeyPerson
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.world import World


class Editor:
    """One open page: it remembers its name and counts what it sends."""

    def __init__(self, client: Client, url: str, name: str = "") -> None:
        self.client, self.url, self.name, self.seq = client, url, name, 0

    def save(self, field: str, value: str, base: str = "", seq: int | None = None, answered: int = 0) -> Any:
        self.seq = self.seq + 1 if seq is None else seq
        form = {"field": field, "value": value, "base": base}
        if self.name:
            form |= {"editor": self.name, "seq": str(self.seq), "answered": str(answered)}
        return self.client.post(self.url, form)


@pytest.fixture
def url(world: World) -> str:
    return f"/t/midori/edit/account/{world.account_id()}/"


@pytest.fixture
def mine(world: World, sign_in: Any, url: str) -> Editor:
    return Editor(sign_in(world.csm), url, "page-one")


@pytest.fixture
def theirs(world: World, sign_in: Any, url: str) -> Editor:
    return Editor(sign_in(world.member(Role.MANAGER)), url, "page-two")


def stands(world: World, field: str) -> Any:
    with tenant_scope(world.tenant()):
        return getattr(world.account(), field)


def test_a_save_says_what_stands_there_now(mine: Editor, world: World) -> None:
    answer = mine.save("arr", "4000万円", "3,840")
    assert answer.status_code == 200
    said = answer.json()
    assert (said["value"], said["display"], said["superseded"]) == ("4,000", "4,000万円", False)
    assert stands(world, "arr") == 40_000_000
    assert stands(world, "version") == said["version"]


def test_different_fields_merge_silently(mine: Editor, theirs: Editor, world: World) -> None:
    assert theirs.save("industry", "小売").status_code == 200
    assert mine.save("address", "東京都").status_code == 200
    assert (stands(world, "industry"), stands(world, "address")) == ("小売", "東京都")


def test_the_same_field_moved_by_another_is_a_conflict_with_both_texts(
    mine: Editor, theirs: Editor, world: World
) -> None:
    theirs.save("industry", "小売")
    answer = mine.save("industry", "百貨店")
    assert answer.status_code == 409
    said = answer.json()
    assert said["theirs"] == "小売"
    assert "百貨店" in said["html"]
    assert "小売" in said["html"]
    assert "渡辺" in said["html"]
    assert stands(world, "industry") == "小売"


def test_keeping_mine_after_a_conflict_saves_it(mine: Editor, theirs: Editor, world: World) -> None:
    theirs.save("industry", "小売")
    conflict = mine.save("industry", "百貨店").json()
    assert mine.save("industry", "百貨店", conflict["theirs"]).status_code == 200
    assert stands(world, "industry") == "百貨店"


def test_two_who_type_the_same_do_not_disagree(mine: Editor, theirs: Editor, world: World) -> None:
    theirs.save("industry", "小売")
    assert mine.save("industry", "小売").status_code == 200


def test_the_conflict_block_never_runs_what_somebody_typed(mine: Editor, theirs: Editor) -> None:
    theirs.save("industry", "<img src=x onerror=alert(1)>")
    html = mine.save("industry", "<script>alert(2)</script>").json()["html"]
    assert "<img" not in html
    assert "<script>" not in html


def test_an_import_between_two_saves_is_seen_too(mine: Editor, world: World) -> None:
    with tenant_scope(world.tenant(), actor="import:1"):
        Account.objects.filter(pk=world.account_id()).update(industry="取り込んだ業種")
    answer = mine.save("industry", "百貨店")
    assert answer.status_code == 409
    assert "取り込み" in answer.json()["html"]


def test_a_conflict_over_what_an_import_brought_has_no_history_to_name_anybody_from(
    world: World, sign_in: Any
) -> None:
    with tenant_scope(world.tenant(), actor="import:1"):
        fact = make.row(Fact, world.account(), field_key="industry", origin="import", source="有報")
    url = f"/t/midori/edit/fact/{fact.pk}/"
    answer = sign_in(world.csm).post(
        url, {"field": "source", "value": "お客様の資料", "base": "会社のサイト"}
    )
    assert answer.status_code == 409
    assert answer.json()["theirs"] == "有報"


def test_an_older_save_of_the_same_page_that_arrives_late_changes_nothing(mine: Editor, world: World) -> None:
    mine.save("industry", "百貨店・小売", seq=2)
    late = mine.save("industry", "百貨", seq=1)
    assert late.status_code == 200
    assert late.json()["superseded"] is True
    assert late.json()["value"] == "百貨店・小売"
    assert stands(world, "industry") == "百貨店・小売"


def test_a_refused_save_that_comes_late_again_is_refused_again(
    mine: Editor, theirs: Editor, world: World
) -> None:
    assert mine.save("industry", "百貨", base="小売", seq=1).status_code == 409
    assert theirs.save("industry", "小売").status_code == 200
    assert mine.save("industry", "百貨", base="小売", seq=1).status_code == 409
    assert stands(world, "industry") == "小売"
    assert mine.save("industry", "百貨", base="小売", seq=2).status_code == 200


def test_my_own_answer_that_got_lost_is_no_conflict(mine: Editor, world: World) -> None:
    """The first save arrived, its answer did not: the page still believes in the old value and goes on typing."""
    mine.save("industry", "百貨")
    assert mine.save("industry", "百貨店", base="").status_code == 200
    assert stands(world, "industry") == "百貨店"


def test_my_own_lost_answer_does_not_hide_what_others_wrote_since(
    mine: Editor, theirs: Editor, world: World
) -> None:
    mine.save("industry", "百貨")
    theirs.save("industry", "小売", base="百貨")
    assert mine.save("industry", "百貨店", base="").status_code == 409
    assert stands(world, "industry") == "小売"


def test_asking_again_for_a_save_that_others_have_replaced_shows_their_text(
    mine: Editor, theirs: Editor, world: World
) -> None:
    """The answer got lost, then somebody who had read the saved text wrote on: asking again must not undo that."""
    mine.save("industry", "百貨", seq=1)
    theirs.save("industry", "小売", base="百貨")
    again = mine.save("industry", "百貨", seq=1)
    assert (again.status_code, again.json()["theirs"]) == (409, "小売")
    assert "百貨" in again.json()["html"]
    assert stands(world, "industry") == "小売"


def test_my_own_earlier_text_that_others_brought_back_is_theirs(
    mine: Editor, theirs: Editor, world: World
) -> None:
    """The page knows how its first save ended; that its text stands there once more is somebody's decision."""
    mine.save("industry", "百貨", seq=1)
    theirs.save("industry", "小売", base="百貨")
    assert mine.save("industry", "通販", base="百貨", seq=2, answered=1).status_code == 409
    theirs.save("industry", "百貨", base="小売")
    assert mine.save("industry", "通販", base="小売", seq=3, answered=2).status_code == 409
    assert stands(world, "industry") == "百貨"


def test_the_same_save_twice_is_one_change(mine: Editor, world: World) -> None:
    mine.save("industry", "小売", seq=1)
    before = stands(world, "version")
    mine.save("industry", "小売", seq=1)
    assert stands(world, "version") == before


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("name", "  ", "社名は空にできません"),
        ("name", "あ" * 201, "200文字までです。いま201文字あります"),
        ("industry", "小売\x00", "使えない文字"),
        ("arr", "たくさん", "数字で入力してください"),
        ("arr", "1" + "0" * 30, "数が大きすぎます"),
        ("arr", "1" + "0" * 30 + "億", "数が大きすぎます"),
        ("arr", "−5", "0以上の数"),
        ("arr", "NaN", "数が大きすぎます"),
        ("employees", "3.5", "小数のない数"),
        ("employees", str(2**31), "以下の数"),
        ("fiscal_month", "13", "12以下の数"),
        ("tier", "platinum", "選べる値の中から"),
        ("deputy", "00000000-0000-0000-0000-000000000000", "選べる値の中から"),
    ],
)
def test_what_does_not_parse_is_refused_in_words_and_changes_nothing(
    mine: Editor, world: World, field: str, typed: str, message: str
) -> None:
    before = stands(world, "version")
    answer = mine.save(field, typed)
    assert answer.status_code == 422, answer.content
    assert message in answer.json()["message"]
    assert stands(world, "version") == before


def test_half_a_character_never_reaches_the_database(mine: Editor) -> None:
    """A lone surrogate, as broken programs send it."""
    form = b"field=industry&base=&value=%ED%A0%80"
    answer = mine.client.post(mine.url, form, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in (200, 422)


@pytest.mark.parametrize(
    ("typed", "yen"),
    [("3840", 38_400_000), ("3,840万円", 38_400_000), ("48億", 4_800_000_000), ("4億2,240万円", 422_400_000),
     ("9,800円", 9_800), ("12.5", 125_000), ("", None)],
)  # fmt: skip
def test_money_as_people_write_it(mine: Editor, world: World, typed: str, yen: int | None) -> None:
    assert mine.save("capital", typed).status_code == 200
    assert stands(world, "capital") == yen


def test_what_the_database_refuses_is_said_in_its_own_words(mine: Editor, world: World) -> None:
    with tenant_scope(world.tenant()):
        make.account(corporate_number="7000012050002")
    answer = mine.save("corporate_number", "7000012050002")
    assert answer.status_code == 422
    assert answer.json()["message"] == "同じ法人番号のお客様がもうあります"
    assert stands(world, "corporate_number") is None


def test_the_same_number_in_another_tenant_is_no_obstacle(mine: Editor, world: World) -> None:
    with tenant_scope(world.tenant("aoba")):
        make.account(corporate_number="7000012050002")
    assert mine.save("corporate_number", "7000012050002").status_code == 200


def test_a_condition_between_two_fields_is_said_in_words(world: World, sign_in: Any) -> None:
    with tenant_scope(world.tenant(), member=world.csm):
        contract = make.row(Contract, world.account(), starts_on="2026-04-01", renews_on="2027-03-31")
    editor = Editor(sign_in(world.csm), f"/t/midori/edit/contract/{contract.pk}/")
    answer = editor.save("renews_on", "2026-03-31", "2027-03-31")
    assert answer.json()["message"] == "更新日は、開始日より後にしてください"


def test_who_edits_what(world: World, sign_in: Any, url: str) -> None:
    other = f"/t/midori/edit/account/{world.account_id('other')}/"
    foreign = f"/t/midori/edit/account/{world.account_id('foreign')}/"
    csm = sign_in(world.csm)
    assert Editor(sign_in(world.member(Role.VIEWER)), url).save("kana", "x").status_code == 403
    assert Editor(csm, other).save("kana", "x", "トウトヒャッカテン").status_code == 403
    assert Editor(csm, foreign).save("kana", "x").status_code == 404
    assert Editor(sign_in(world.member(Role.SALES)), url).save("segment", "小売").status_code == 200


def test_a_field_may_need_more_than_its_record(mine: Editor, theirs: Editor, world: World) -> None:
    second = str(world.member("second-csm").pk)
    mine_now = str(world.csm.pk)
    assert mine.save("csm", second, mine_now).status_code == 403
    assert theirs.save("csm", second, mine_now).status_code == 200


@pytest.mark.parametrize("field", ["tenant", "version", "grams", "renews_on", "nonsense", ""])
def test_what_is_not_offered_is_not_there(mine: Editor, field: str) -> None:
    assert mine.save(field, "x").status_code == 404


def test_a_deleted_record_is_gone_for_editors(world: World, sign_in: Any) -> None:
    with tenant_scope(world.tenant(), member=world.csm):
        person = make.row(KeyPerson, world.account())
        person.put_in_bin()
    editor = Editor(sign_in(world.csm), f"/t/midori/edit/person/{person.pk}/")
    assert editor.save("name", "x", person.name).status_code == 404


@pytest.mark.parametrize(
    ("editor", "seq"), [("page", "x"), ("page", "-1"), ("page", "9" * 30), ("", "1"), ("p\x00", "1")]
)
def test_a_page_that_counts_wrongly_still_saves(mine: Editor, world: World, editor: str, seq: str) -> None:
    form = {"field": "industry", "value": "小売", "base": "", "editor": editor, "seq": seq}
    assert mine.client.post(mine.url, form).status_code == 200
    assert stands(world, "industry") == "小売"


def test_a_save_reads_the_record_once(mine: Editor, world: World) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    mine.save("industry", "小売")
    with CaptureQueriesContext(connection) as caught:
        mine.save("industry", "百貨店", "小売")
    reads = [q for q in caught.captured_queries if q["sql"].startswith('SELECT "accounts_account"')]
    assert len(reads) == 1
