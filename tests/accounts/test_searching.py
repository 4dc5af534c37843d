"""Search in what was written: newest first, whichever way it is found, and nothing of accounts one may not see."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from accounts.models import Activity, Fact, KeyPerson
from accounts.searching import search
from success_plans.models import ActionItem
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.world import TODAY, World

TEXTS = (
    ("稟議の締め", "部門案は11/30までに出す。ＡＢＣ商事と比べる。"),
    ("電話", "ガスの使用量。次は東 京で会う"),
    ("りんぎ書の下書き", ""),
    ("予算", "来期の予算は5%削減。例外は回収18か月以内。"),
    ("面談", "席数と予算を確かめた"),
)
QUERIES = (
    "稟議", "予算", "予", "ﾖｻﾝ", "abc", "ＡＢＣ商", "ガス", "東京", "来期 予算", "18か月", "りんぎ書", "部門案", "ない", "", " ", "%", "'", "5%",
)  # fmt: skip


@pytest.fixture
def desk(world: World) -> Iterator[World]:
    with tenant_scope(world.tenant(), member=world.csm):
        for number, (title, body) in enumerate(TEXTS):
            account = world.account("other" if number == 3 else "mine")
            on = TODAY - timedelta(days=number)
            make.row(Activity, account, title=title, body=body, on=on, state="held", written_by=world.csm)
        yield world


def titles(query: str, member: Any, **where: Any) -> list[str]:
    return [str(hit.title) for hit in search(query, member, **where).records]


def looked_into(query: str) -> list[str]:
    """Every record whose folded texts hold every folded word, newest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            r"""WITH words AS (SELECT array_remove(regexp_split_to_array(search_normal(%s), '\s+'), '') AS words)
            SELECT title FROM words, accounts_activity WHERE cardinality(words) > 0 AND (SELECT bool_and(strpos(translate(
              search_normal(concat_ws(E'\n', title, body, insight, next_step)), E' \t', ''), word) > 0)
              FROM unnest(words) AS word) ORDER BY "on" DESC, id DESC""",
            [query],
        )
        return [title for (title,) in cursor.fetchall()]


def plain(texts: list[str]) -> list[str]:
    return [text.replace("<mark>", "").replace("</mark>", "") for text in texts]


@pytest.mark.parametrize("query", QUERIES)
def test_it_finds_what_looking_into_every_text_would_find(query: str, desk: World) -> None:
    assert plain(titles(query, desk.csm)) == looked_into(query)


def test_a_search_stops_at_as_many_as_were_asked_for_the_newest_first(desk: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM search_activities('予算', 1)")
        newest = cursor.fetchall()
        cursor.execute("SELECT * FROM search_activities('予算', 100)")
        every = cursor.fetchall()
    assert newest == every[:1]
    assert len(every) == 2


def test_within_one_account_nothing_of_another_is_found(desk: World) -> None:
    assert plain(titles("予算", desk.csm, account=desk.account())) == ["面談"]
    assert plain(titles("予算", desk.csm, account=desk.account("other"))) == ["予算"]


def test_pages_follow_each_other_without_gap_or_double(desk: World) -> None:
    for number in range(65):
        on = date(2026, 1, 1) + timedelta(days=number // 3)
        make.row(Activity, desk.account(), title=f"定例{number:02}", on=on, state="held", written_by=desk.csm)
    seen, after = [], ""
    for _page in range(3):
        found = search("定例", desk.csm, after=after)
        seen += plain([str(hit.title) for hit in found.records])
        after = found.after
    assert len(seen) == len(set(seen)) == 65
    assert after == ""
    assert seen[0] == "定例64"


def test_notes_about_people_and_facts_are_found_with_their_words_marked(desk: World) -> None:
    make.row(KeyPerson, desk.account(), name="森川 早苗", note="監査法人の出身。前提の出どころを必ず聞く")
    make.row(
        Fact, desk.account(), field_key="own_field", value="全社で監査を強化", noted_at="2026-11-01T00:00Z"
    )
    make.row(KeyPerson, desk.account(), name="消した人", note="監査").put_in_bin()
    found = search("監査", desk.csm)
    assert [str(hit.title) for hit in found.people] == ["森川 早苗"]
    assert "<mark>監査</mark>法人" in str(found.people[0].excerpts[0][1])
    assert "<mark>監査</mark>を強化" in str(found.facts[0].excerpts[0][1])


def test_what_is_in_the_bin_is_not_found(desk: World) -> None:
    Activity.objects.get(title="面談").put_in_bin()
    assert plain(titles("席数", desk.csm)) == []


def test_a_contributor_finds_only_where_work_waits_for_them(desk: World) -> None:
    helper = desk.member(Role.CONTRIBUTOR)
    assert titles("予算", helper) == []
    make.row(ActionItem, desk.account(), assignee=helper)
    assert plain(titles("予算", helper)) == ["面談"]


def test_another_tenant_is_never_found(desk: World) -> None:
    with tenant_scope(desk.tenant("aoba"), actor="test"):
        make.row(Activity, desk.account("foreign"), title="予算の秘密", state="held")
        assert len(looked_into("予算")) == 1
    with tenant_scope(desk.tenant(), member=desk.csm):
        assert "予算の秘密" not in plain(titles("予算", desk.csm))


def test_the_page_marks_hits_and_links_to_the_record(desk: World, sign_in: Any) -> None:
    answer = sign_in(desk.csm).get("/t/midori/search/", {"q": "部門案"}).content.decode()
    assert "<mark>部門案</mark>は11/30まで" in answer
    assert f"/accounts/{desk.account_id()}/timeline/?until=2026-11-19#ev-" in answer
    within = sign_in(desk.csm).get(f"/t/midori/accounts/{desk.account_id('other')}/search/", {"q": "部門案"})
    assert "どこにもありません" in within.content.decode()


def test_the_palette_leads_on_to_the_records(world: World, sign_in: Any) -> None:
    answer = sign_in(world.csm).get("/t/midori/palette/", {"q": "部門案"}).content.decode()
    assert "/t/midori/search/?q=%E9%83%A8" in answer
