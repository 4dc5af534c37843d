from typing import Any

import pytest
from django.test import Client

from accounts.lists import lists_on
from accounts.models import BusinessSegment, Hypothesis, ManagementIssue, Topic
from tenants.scope import tenant_scope
from tests.world import World

FORMS: dict[str, dict[str, str]] = {
    "issue": {"kind": "issue", "title": "物流費の上昇を価格に転嫁できていない", "priority": "1"},
    "topic": {"on": "2026/11/12", "title": "上期決算でCX基盤への投資を説明"},
    "segment": {"name": "通販", "revenue": "105,000", "profit": "△1,200", "position": "カスタマー本部で利用"},
    "hypothesis": {"kind": "proposal", "title": "IVR改修と一緒に提案できる"},
    "competitor": {"name": "見本通販", "note": "送料が安い"},
    "behaviour": {"whose": "応対者", "before": "画面を3つ見る", "after": "1つで答える"},
    "unit": {"name": "カスタマー本部", "headcount": "620", "note": "問い合わせの窓口"},
    "formation": {"purpose": "月次の改善会", "theirs": "課長", "ours": "担当CSM", "cadence": "毎月"},
    "tool": {"name": "見本CTI", "department": "情報システム部", "relation": "overlap"},
}


@pytest.fixture
def client(world: World, sign_in: Any) -> Client:
    return sign_in(world.csm)


def url(world: World, rest: str = "") -> str:
    return f"/t/midori/accounts/{world.account_id()}/context/{rest}"


def test_every_list_of_the_page_has_a_form_in_these_tests() -> None:
    assert {about.kind for about in lists_on("context")} == set(FORMS)


@pytest.mark.parametrize("kind", FORMS)
def test_a_row_is_added_and_stands_on_the_page(client: Client, world: World, kind: str) -> None:
    assert client.post(url(world, f"{kind}/"), FORMS[kind]).status_code == 303
    text = client.get(url(world)).content.decode()
    assert (
        next(value for key, value in FORMS[kind].items() if key in ("title", "name", "whose", "purpose"))
        in text
    )


@pytest.mark.parametrize("kind", FORMS)
def test_an_empty_row_is_refused_beside_its_field(client: Client, world: World, kind: str) -> None:
    answer = client.post(url(world, f"{kind}/"), {})
    assert answer.status_code == 422
    assert "は空にできません" in answer.content.decode()


def test_amounts_of_segments_are_million_yen(client: Client, world: World) -> None:
    client.post(url(world, "segment/"), FORMS["segment"])
    with tenant_scope(world.tenant()):
        segment = BusinessSegment.objects.get()
    assert (segment.revenue, segment.profit) == (105_000_000_000, -1_200_000_000)


def test_shares_are_computed_when_every_revenue_is_known(client: Client, world: World) -> None:
    for name, revenue in (("通販", "710"), ("法人", "180"), ("物流", "110")):
        client.post(url(world, "segment/"), {"name": name, "revenue": revenue})
    assert "通販 71%、法人 18%、物流 11%" in client.get(url(world)).content.decode()
    client.post(url(world, "segment/"), {"name": "新規事業"})
    assert "通販 71%" not in client.get(url(world)).content.decode()


def test_a_hypothesis_moves_from_untested_to_likely_in_place(client: Client, world: World) -> None:
    client.post(url(world, "hypothesis/"), FORMS["hypothesis"])
    with tenant_scope(world.tenant()):
        hypothesis = Hypothesis.objects.get()
    edit = {"field": "state", "value": "likely", "base": "untested"}
    assert client.post(f"/t/midori/edit/hypothesis/{hypothesis.pk}/", edit).status_code == 200
    with tenant_scope(world.tenant()):
        assert Hypothesis.objects.get().state == "likely"


def test_the_source_of_a_row_is_written_in_place(client: Client, world: World) -> None:
    client.post(url(world, "issue/"), FORMS["issue"])
    with tenant_scope(world.tenant()):
        issue = ManagementIssue.objects.get()
    edit = {"field": "source", "value": "有報 26/3期", "base": ""}
    assert client.post(f"/t/midori/edit/issue/{issue.pk}/", edit).status_code == 200
    assert "有報 26/3期" in client.get(url(world)).content.decode()


def test_a_deleted_row_comes_back(client: Client, world: World) -> None:
    client.post(url(world, "topic/"), FORMS["topic"])
    with tenant_scope(world.tenant()):
        topic = Topic.objects.get()
    client.post(f"/t/midori/delete/topic/{topic.pk}/")
    assert f'id="row-{topic.pk}"' not in client.get(url(world)).content.decode()
    client.post(f"/t/midori/restore/topic/{topic.pk}/")
    assert f'id="row-{topic.pk}"' in client.get(url(world)).content.decode()


def test_an_unknown_list_is_not_found(client: Client, world: World) -> None:
    assert client.post(url(world, "secrets/"), {"name": "x"}).status_code == 404
