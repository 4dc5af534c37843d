"""The night of many tenants beside the least it can be, scoring and rules apart; a second night; growth by the decade."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from typing import Any

import psycopg2
from django.db import connections
from django.utils import timezone

from bench.figures import Figure
from drill import ground
from drill.night_kills import world

ON = date(2024, 2, 29)
ACCOUNTS = 5_000
SCORE_GOAL, RULE_GOAL, DECADE, AGAIN = 1 / 0.3, 1 / 0.2, 13.0, 0.9
TABLES = """
CREATE TABLE floor_account (id uuid PRIMARY KEY, tenant int, tier text, fiscal_month int);
CREATE TABLE floor_note (tenant int, account_id uuid, "on" date);
CREATE TABLE floor_role (tenant int, account_id uuid, kind text);
CREATE TABLE floor_contract (tenant int, account_id uuid, id uuid, renews_on date);
CREATE TABLE floor_score (account_id uuid PRIMARY KEY, tenant int, score smallint, "on" date);
CREATE TABLE floor_day (account_id uuid, "on" date, score smallint, PRIMARY KEY (account_id, "on"));
CREATE TABLE floor_cta (account_id uuid, rule int, subject uuid, occurrence date, UNIQUE NULLS NOT DISTINCT (account_id, rule, subject, occurrence));
INSERT INTO floor_account SELECT a.id, nth.n, tier, fiscal_month FROM accounts_account AS a JOIN nth USING (tenant_id)
  WHERE stage IN ('live', 'onboarding');
INSERT INTO floor_note SELECT n, account_id, "on" FROM accounts_activity JOIN nth USING (tenant_id)
  WHERE state = 'held' AND deleted_at IS NULL AND account_id IN (SELECT id FROM floor_account);
INSERT INTO floor_role SELECT n, account_id, kind FROM accounts_personrole JOIN nth USING (tenant_id);
INSERT INTO floor_contract SELECT n, account_id, c.id, renews_on FROM accounts_contract AS c JOIN nth USING (tenant_id)
  WHERE decision = 'undecided' AND deleted_at IS NULL AND account_id IN (SELECT id FROM floor_account);
CREATE INDEX ON floor_account (tenant); CREATE INDEX ON floor_note (tenant, account_id);
CREATE INDEX ON floor_role (tenant, account_id); CREATE INDEX ON floor_contract (tenant, renews_on);
ANALYZE floor_account, floor_note, floor_role, floor_contract;
"""
SCORE = """
INSERT INTO floor_score SELECT a.id, a.tenant, round((coalesce(n.points, 0) + coalesce(r.points, 0)) / 2)::smallint, %(on)s
FROM floor_account AS a
LEFT JOIN (SELECT account_id, greatest(0, 100 - (%(on)s - max("on"))) AS points FROM floor_note WHERE tenant = %(n)s AND "on" <= %(on)s
  GROUP BY 1) AS n ON n.account_id = a.id
LEFT JOIN (SELECT account_id, 50 * count(DISTINCT kind) AS points FROM floor_role WHERE tenant = %(n)s GROUP BY 1) AS r
  ON r.account_id = a.id
WHERE a.tenant = %(n)s
ON CONFLICT (account_id) DO UPDATE SET score = excluded.score WHERE floor_score.score IS DISTINCT FROM excluded.score;
INSERT INTO floor_day SELECT account_id, %(on)s, score FROM floor_score WHERE tenant = %(n)s ON CONFLICT DO NOTHING
"""
RULES = """
INSERT INTO floor_cta SELECT a.id, 1, NULL, max(n."on") FROM floor_account AS a LEFT JOIN floor_note AS n
  ON n.tenant = a.tenant AND n.account_id = a.id AND n."on" <= %(on)s
  WHERE a.tenant = %(n)s AND a.tier IN ('high', '') GROUP BY a.id HAVING coalesce(max(n."on"), date '2000-01-01') <= %(on)s - 7
  ON CONFLICT DO NOTHING;
INSERT INTO floor_cta SELECT account_id, 2, id, renews_on FROM floor_contract WHERE tenant = %(n)s AND renews_on <= %(on)s + 180
  ON CONFLICT DO NOTHING;
INSERT INTO floor_cta SELECT id, 3, NULL, make_date(2024, fiscal_month, 1) FROM floor_account WHERE tenant = %(n)s
  AND fiscal_month BETWEEN 2 AND 8 ON CONFLICT DO NOTHING
"""
Step = Callable[[int], Any]


def measure(tenants: int) -> list[Figure]:
    """``tenants`` of 5,000 accounts each; a decade is ten times as many tenants."""
    with ground.database("nights") as name:
        with closing(superuser(name)) as connection, connection.cursor() as cursor:
            world.fill(cursor, tenants, ACCOUNTS)
            cursor.execute(
                "CREATE TABLE nth AS SELECT id AS tenant_id, row_number() OVER (ORDER BY slug)::int AS n FROM tenants_tenant"
            )
            cursor.execute(TABLES)
            cursor.execute("VACUUM ANALYZE")
            found = list(figures(cursor, tenants))
        connections.close_all()
        with closing(superuser("postgres")) as connection, connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")  # its owner may not end an autovacuum
        return found


def figures(cursor: Any, tenants: int) -> Iterator[Figure]:
    accounts = counted(cursor, "floor_account")
    slugs = [slug for (slug,) in asked(cursor, "SELECT slug FROM tenants_tenant ORDER BY slug")]
    steps: dict[str, tuple[Step, Step, float]] = {
        "scoring": (
            lambda n: inside(slugs[n], score),
            lambda n: cursor.execute(SCORE, {"n": n + 1, "on": ON}),
            SCORE_GOAL,
        ),
        "rules": (
            lambda n: inside(slugs[n], rules),
            lambda n: cursor.execute(RULES, {"n": n + 1, "on": ON}),
            RULE_GOAL,
        ),
    }
    first: dict[str, list[float]] = {}
    for name, (ours, floor, goal) in steps.items():
        mine, least = apart(ours, floor, tenants)
        first[name] = mine
        yield figure(f"{name}, first night", mine, least, goal, rate(name, accounts, mine))
    yield Figure("CTAs opened", counted(cursor, "ctas_cta"), counted(cursor, "floor_cta"), 0, unit="")
    before = written(cursor)
    for name, (ours, floor, _goal) in steps.items():
        mine, least = apart(ours, floor, tenants)
        yield figure(f"{name}, second night", mine, least, 0, rate(name, accounts, mine))
        yield Figure(
            f"{name}, second against first",
            sum(mine),
            sum(first[name]),
            sum(mine) / sum(first[name]),
            goal=AGAIN,
        )
    yield Figure("rows written by the second night", written(cursor) - before, 0, 0, unit="")
    night = [a + b for a, b in zip(first["scoring"], first["rules"], strict=True)]
    few = 1
    while few * 10 <= tenants:
        grown = sum(night[: few * 10]) / sum(night[:few])
        yield Figure(
            f"night of {few * 10 * ACCOUNTS:,}: {few * ACCOUNTS:,}",
            sum(night[: few * 10]),
            sum(night[:few]),
            grown,
            goal=DECADE,
        )
        few *= 10


def apart(ours: Step, floor: Step, tenants: int) -> tuple[list[float], list[float]]:
    """Tenant by tenant in turn, so that noise hits both alike; milliseconds of each."""
    pairs = [(took(ours, n), took(floor, n)) for n in range(tenants)]
    return [mine for mine, _least in pairs], [least for _mine, least in pairs]


def took(step: Step, n: int) -> float:
    start = time.perf_counter()
    step(n)
    return (time.perf_counter() - start) * 1000


def figure(name: str, mine: list[float], least: list[float], goal: float, note: str) -> Figure:
    return Figure(name, sum(mine), sum(least), sum(mine) / sum(least), goal=goal, note=note)


def rate(name: str, accounts: int, mine: list[float]) -> str:
    times, unit = (3, "account-rules/s") if name == "rules" else (1, "accounts/s")
    return f"{times * accounts / sum(mine) * 1000:,.0f} {unit}"


def inside(slug: str, act: Callable[[], Any]) -> None:
    from tenants.models import Tenant
    from tenants.scope import tenant_scope

    tenant = Tenant.objects.get(slug=slug)
    with timezone.override(tenant.zone), tenant_scope(tenant, actor="job:night"):
        act()


def score() -> None:
    from health import scoring

    scoring.score_all(ON)


def rules() -> None:
    from ctas import firing, night
    from ctas.assigning import People

    firing.wake(ON)
    night.evaluate(ON, People(ON))


def superuser(name: str) -> Any:
    """Only the filling and the floor go past the policies; what is measured works as the application does."""
    connection = psycopg2.connect(ground.url("TEST_SUPERUSER_URL", name))
    connection.autocommit = True
    return connection


def written(cursor: Any) -> int:
    """Rows that were inserted, changed or deleted in the product's tables so far."""
    time.sleep(1.5)  # a connection tells of its rows once a second
    found = asked(
        cursor,
        "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables WHERE relname NOT LIKE 'floor%'",
    )
    return int(found[0][0])


def counted(cursor: Any, table: str) -> int:
    return int(asked(cursor, f"SELECT count(*) FROM {table}")[0][0])


def asked(cursor: Any, sql: str) -> list[tuple[Any, ...]]:
    cursor.execute(sql)
    return list(cursor.fetchall())
