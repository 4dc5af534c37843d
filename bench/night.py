"""A whole night of the tenant beside the least it can be: three aggregates, one upsert of scores, three rules."""

import io
import json

from django.core.management import call_command, get_commands
from django.db import connection

from bench.figures import Figure, once
from bench.world import SLUG, TODAY, owner, within

TABLES = """
CREATE TABLE bench_account (id uuid PRIMARY KEY, fiscal_month int, renews_on date);
CREATE TABLE bench_note (account_id uuid, "on" date);
CREATE INDEX ON bench_note (account_id);
CREATE TABLE bench_role (account_id uuid, kind text);
CREATE INDEX ON bench_role (account_id);
CREATE TABLE bench_criterion (account_id uuid, baseline numeric, actual numeric, target numeric);
CREATE TABLE bench_score (account_id uuid PRIMARY KEY, score int NOT NULL);
CREATE TABLE bench_cta (account_id uuid, rule int, occurrence date, UNIQUE (account_id, rule, occurrence));
GRANT INSERT ON bench_account, bench_note, bench_role, bench_criterion TO PUBLIC
"""
COPIES = """
INSERT INTO bench_account SELECT a.id, a.fiscal_month, min(c.renews_on) FROM accounts_account a
  LEFT JOIN accounts_contract c ON c.account_id = a.id GROUP BY 1, 2;
INSERT INTO bench_note SELECT account_id, "on" FROM accounts_activity;
INSERT INTO bench_role SELECT account_id, kind FROM accounts_personrole;
INSERT INTO bench_criterion SELECT account_id, baseline, actual, target FROM success_plans_criterion
"""
SCORE = """
INSERT INTO bench_score
SELECT a.id, round((coalesce(n.points, 0) + coalesce(c.points, 0) + coalesce(r.points, 0)) / 3)
FROM bench_account a
LEFT JOIN (SELECT account_id, greatest(0, 100 - (%(on)s::date - max("on"))) AS points FROM bench_note GROUP BY 1) n
  ON n.account_id = a.id
LEFT JOIN (SELECT account_id, avg(100 * (actual - baseline) / nullif(target - baseline, 0)) AS points
  FROM bench_criterion GROUP BY 1) c ON c.account_id = a.id
LEFT JOIN (SELECT account_id, 50 * count(DISTINCT kind) AS points FROM bench_role GROUP BY 1) r ON r.account_id = a.id
ON CONFLICT (account_id) DO UPDATE SET score = excluded.score WHERE bench_score.score <> excluded.score
"""
RULES = (
    'SELECT account_id, 1, max("on") FROM bench_note GROUP BY account_id HAVING max("on") <= %(on)s::date - 7',
    "SELECT id, 2, renews_on FROM bench_account WHERE renews_on BETWEEN %(on)s AND %(on)s::date + 180",
    "SELECT id, 3, make_date(2027, fiscal_month, 1) FROM bench_account WHERE fiscal_month <= 5",
)
FLOOR_TABLES = "bench_account, bench_note, bench_role, bench_criterion, bench_score, bench_cta"


def measure() -> list[Figure]:
    if "night" not in get_commands():
        return []
    make_tables()
    try:
        first = once("first night, 10,000 accounts", run, floor)
        return [first, once("second run, nothing new", lambda: run(fresh=False), floor)]
    finally:
        with owner() as connected, connected.cursor() as cursor:
            cursor.execute(f"DROP TABLE {FLOOR_TABLES}")


def make_tables() -> None:
    """Plain copies of what the night reads; the owner makes them, the app fills them, for only it sees the rows."""
    with owner() as connected, connected.cursor() as cursor:
        cursor.execute(TABLES)
    with within(), connection.cursor() as cursor:
        cursor.execute(COPIES)
    with owner() as connected, connected.cursor() as cursor:
        cursor.execute("ANALYZE")


def run(*, fresh: bool = True) -> None:
    said = io.StringIO()
    call_command("night", "--on", TODAY.isoformat(), "--tenant", SLUG, "--json", stdout=said)
    figures = json.loads(said.getvalue())["tenants"][SLUG]
    assert bool(figures["opened"]) is fresh, figures


def floor() -> None:
    with owner() as connected, connected.cursor() as cursor:
        cursor.execute(SCORE, {"on": TODAY})
        for rule in RULES:
            cursor.execute(f"INSERT INTO bench_cta {rule} ON CONFLICT DO NOTHING", {"on": TODAY})
