"""A search by words: by key or along the list, it finds what looking into every text would find."""

from collections.abc import Iterator
from unittest.mock import patch

import pytest
from django.db import connection

from accounts.models import Account, KeyPerson
from accounts.search import look_up, search_accounts
from tenants.scope import tenant_scope
from tests import make
from tests.world import World

NAMES = (
    "青葉日ノ出電機株式会社",
    "ミドリ銀行",
    "みどり　銀行",
    "㈱ＡＢＣ商事",
    "abc",
    "ｶﾞｽ青葉",
    "日の丸 出光",
    "A\tB C",
    "葉青ノ日",
    "東 京",
)
QUERIES = (
    "青葉", "日ノ出", "日の出", "ﾋﾉ出", "みどり", "ミドリ銀", "株式会社", "㈱", "abc", "ＡＢＣ商", "ガス", "ガス青葉", "葉", "青葉 電機",
    "青葉 日の出電", "日の丸出", "東京", "森川", "購買 森川", "もりかわ", "ない", "", " ", "%", "_", "'", "\\", "青\n葉",
)  # fmt: skip


@pytest.fixture
def accounts(world: World) -> Iterator[None]:
    with tenant_scope(world.tenant(), actor="test"):
        for number, name in enumerate(NAMES):
            account = make.account(
                name=name, industry="小売" if number % 2 else "", former_names="旧青葉" if number == 3 else ""
            )
            if number in (1, 4):
                make.row(KeyPerson, account, name="森川 早苗", kana="モリカワ", department="購買部")
        yield


def looked_into(text: str) -> set[str]:
    """Every account whose folded texts, or those of one of its people, hold every folded word; spaces do not count."""
    with connection.cursor() as cursor:
        cursor.execute(
            r"""WITH words AS (SELECT array_remove(regexp_split_to_array(search_normal(%s), '\s+'), '') AS words), texts AS (
              SELECT id, concat_ws(E'\n', name, kana, former_names, industry, corporate_number, edinet_code) AS text
              FROM accounts_account
              UNION ALL SELECT account_id, concat_ws(E'\n', name, kana, department) FROM accounts_keyperson WHERE deleted_at IS NULL)
            SELECT DISTINCT name FROM words, texts JOIN accounts_account USING (id) WHERE cardinality(words) > 0 AND (SELECT bool_and(
              strpos(translate(search_normal(text), E' \t', ''), word) > 0) FROM unnest(words) AS word)""",
            [text],
        )
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.parametrize("text", QUERIES)
def test_every_way_of_searching_finds_the_same(text: str, accounts: None) -> None:
    expected = looked_into(text)
    names = Account.objects.order_by("name").values_list("name", flat=True)
    assert set(names.matching(text)) == expected
    assert set(names.among(look_up(text))) == expected
    with patch("accounts.search.MANY", -1):
        hits = look_up(text)
    assert hits.keys is None
    assert set(names.among(hits)) == expected


def test_a_search_may_stop_early(accounts: None) -> None:
    some = Account.objects.filter(pk__in=search_accounts("青葉", 2)).values_list("name", flat=True)
    assert len(some) == 2
    assert set(some) < looked_into("青葉")


def test_a_search_sees_its_own_tenant_only(world: World, accounts: None) -> None:
    with tenant_scope(world.tenant("aoba"), actor="test"):
        stranger = make.account(name="青葉日ノ出電機、よその会社")
        assert str(stranger.pk) in (look_up("青葉").keys or "")
    with tenant_scope(world.tenant(), actor="test"):
        found = look_up("青葉")
        assert str(stranger.pk) not in (found.keys or "")
        with patch("accounts.search.MANY", -1):
            assert stranger.name not in Account.objects.among(look_up("青葉")).values_list("name", flat=True)
