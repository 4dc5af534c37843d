"""Search in a million records of one tenant: what row-level security and the searcher's function cost.

The floor is the same search in a table of the owner's without row-level security, with the same grams and indexes, in
the words that PostgreSQL plans as it likes.
"""

import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection

from bench import world
from bench.figures import Figure

RECORDS = 1_000_000
ROUNDS = 9
GOAL = 2.0
ACCOUNTS = 10_000
PAGE = 31

PLACES = (
    "部門案",
    "稟議",
    "回答文",
    "席数",
    "監査法人",
    "応対時間",
    "仙台拠点",
    "試算",
    "来期予算",
    "更新の条件",
    "研修",
    "連携",
)
DEEDS = (
    "を確かめた",
    "の話が出た",
    "は来週に回す",
    "を送った",
    "で合意した",
    "に時間がかかる",
    "を見直す",
    "の前提を聞かれた",
)
# Two characters in every record, in a twelfth of them, in one of a hundred, in one of a hundred thousand; three; two words.
QUERIES = {
    "everywhere (打ち合わせ)": "打ち合わせ",
    "2 characters, 1 in 12 (稟議)": "稟議",
    "3 characters, 1 in 12 (部門案)": "部門案",
    "1 in 1,000 (北嶺の件7)": "北嶺の件7",
    "1 in 100,000 (番号12345)": "番号12345",
    "two words (稟議 仙台)": "稟議 仙台",
    "nowhere (存在しない語)": "存在しない語",
}
FLOOR = """
SELECT a.id FROM floor_activity a
WHERE a.tenant_id = %(tenant)s AND a.deleted_at IS NULL AND a.grams @> search_wanted(search_words(%(query)s))
  AND search_holds(search_words(%(query)s), search_typed(%(query)s), concat_ws(E'\\n', a.title, a.body, a.insight, a.next_step))
ORDER BY a."on" DESC, a.id DESC LIMIT %(most)s
"""
COLUMNS = 'id, tenant_id, account_id, "on", grams, title, body, insight, next_step, deleted_at'


def measure(records: int = RECORDS) -> list[Figure]:
    """In turn with each other, the median of several rounds."""
    with world.database(ACCOUNTS):
        write(records)
        return [compared(name, query) for name, query in QUERIES.items()]


def write(records: int) -> None:
    from accounts.models import Activity
    from tenants.models import Membership
    from tenants.scope import current_tenant

    places, deeds = ("(ARRAY['" + "', '".join(words) + "'])" for words in (PLACES, DEEDS))
    with world.still(), world.within():
        member = Membership.objects.in_tenant(current_tenant()).order_by("pk")[0]
        world.insert(
            Activity,
            "generate_series(1, %s) AS n JOIN accounts_account ON external_id = 'B-' || n %% %s",
            records,
            ACCOUNTS,
            account_id="accounts_account.id",
            title="'打ち合わせ' || n %% 97",
            body=f"{places}[1 + abs(hashint4(n)) %% 12] || {deeds}[1 + abs(hashint4(n + 1)) %% 8] || '。' ||"
            f" {places}[1 + abs(hashint4(n + 2)) %% 12] || {deeds}[1 + abs(hashint4(n + 3)) %% 8] || '。' ||"
            " CASE WHEN n %% 1000 = 0 THEN '北嶺の件7' WHEN n %% 100000 = 1 THEN '番号12345' ELSE '' END",
            on=f"date '{world.TODAY - timedelta(1)}' - n %% 1500",
            written_by_id=f"'{member.pk}'::uuid",
        )
    world._as_owner(
        f"CREATE TABLE floor_activity AS SELECT {COLUMNS} FROM accounts_activity WITH NO DATA",
        "GRANT SELECT, INSERT ON floor_activity TO masume_app",
    )
    with world.within(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO floor_activity SELECT {COLUMNS} FROM accounts_activity")
    world._as_owner(
        "ALTER TABLE floor_activity ADD PRIMARY KEY (id)",
        'CREATE INDEX ON floor_activity (tenant_id, "on" DESC, id DESC)',
        "CREATE INDEX ON floor_activity USING gin (grams)",
        "VACUUM ANALYZE floor_activity",
    )


def compared(name: str, query: str) -> Figure:
    ours, floor = [], []
    for _round in range(ROUNDS):
        ours.append(took(lambda cursor: cursor.execute("SELECT search_activities(%s, %s)", [query, PAGE])))
        floor.append(
            took(lambda cursor: cursor.execute(FLOOR, {"query": query, "most": PAGE, "tenant": tenant()}))
        )
    mine, least = statistics.median(ours), statistics.median(floor)
    note = "" if same(query) else "NOT THE SAME RECORDS"
    return Figure(f"search: {name}", mine, least, mine / least, goal=GOAL, note=note)


def tenant() -> Any:
    from tenants.scope import current_tenant_id

    return current_tenant_id()


def took(ask: Callable[[Any], Any]) -> float:
    with world.within(), connection.cursor() as cursor:
        start = time.perf_counter()
        ask(cursor)
        cursor.fetchall()
        return (time.perf_counter() - start) * 1000


def same(query: str) -> bool:
    """Both found the same records, in the same order."""
    with world.within(), connection.cursor() as cursor:
        cursor.execute("SELECT search_activities(%s, %s)", [query, PAGE])
        mine = cursor.fetchall()
        cursor.execute(FLOOR, {"query": query, "most": PAGE, "tenant": tenant()})
        return bool(mine == cursor.fetchall())
