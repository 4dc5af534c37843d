"""Vendors by generate_series, with every oddity the rules have to get right. Nothing here asks the product's code."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from psycopg2.extras import execute_values

FIRST = date(2024, 2, 28)
NIGHTS = [
    date.fromisoformat(day)
    for day in (
        "2024-02-28", "2024-02-29", "2024-03-01", "2024-03-30", "2024-03-31", "2024-04-01", "2024-04-30",
        "2024-05-01", "2024-06-30", "2024-07-01", "2024-08-31", "2024-09-01", "2024-11-30", "2024-12-31",
        "2025-01-01", "2025-02-28", "2025-03-01", "2025-03-31", "2025-04-01", "2025-06-30",
    )
]  # fmt: skip
"""Leap day, ends of months, quarters and years, and the days beside them; in between, nobody was there."""
EMPTY = {
    "uuid": "uuidv7()",
    "date": "current_date",
    "boolean": "false",
    "jsonb": "'{}'",
    "timestamp with time zone": "now()",
    "ARRAY": "'{}'",
}
NUMBERS = ("smallint", "integer", "bigint")


def fill(cursor: Any, tenants: int, accounts: int) -> None:
    """So many vendors with so many accounts each, written by a superuser past every trigger."""
    cursor.execute("SET session_replication_role = replica")
    cursor.execute(HELPERS)
    cursor.execute("CREATE TEMP TABLE seed AS " + SEED, {"tenants": tenants, "accounts": accounts})
    for table, source in ROWS.items():
        insert(cursor, table, source.replace(":first", f"date '{FIRST}'"))
    cursor.execute("SET session_replication_role = DEFAULT")
    cursor.execute("ANALYZE")


def insert(cursor: Any, table: str, source: str) -> None:
    """``INSERT … SELECT``; columns that ``source`` does not name and that have no default get an empty value."""
    cursor.execute(f"CREATE TEMP VIEW given AS {source}")
    cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'given'")
    given = [name for (name,) in cursor.fetchall()]
    cursor.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s"
        " AND is_nullable = 'NO' AND column_default IS NULL AND is_generated = 'NEVER' AND is_identity = 'NO'",
        [table],
    )
    empty = {name: empty_of(kind) for name, kind in cursor.fetchall() if name not in given}
    names = ", ".join(f'"{name}"' for name in (*given, *empty))
    values = ", ".join((*(f'given."{name}"' for name in given), *empty.values()))
    cursor.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM given")
    cursor.execute("DROP VIEW given")


def left_by_hand(cursor: Any, reasons: Iterable[Sequence[str]]) -> None:
    """Some of the CTAs there is a reason for stand there already: closed by a person, by themselves, or being worked on."""
    cursor.execute(
        "CREATE TEMP TABLE before (tenant text, rule text, account text, subject text, occurrence text)"
    )
    execute_values(cursor, "INSERT INTO before VALUES %s", [tuple(key) for key in reasons])
    cursor.execute("SET session_replication_role = replica")
    insert(cursor, "ctas_cta", LEFT.replace(":first", f"date '{FIRST}'"))
    cursor.execute("SET session_replication_role = DEFAULT")


def empty_of(kind: str) -> str:
    return "1" if kind in NUMBERS else EMPTY.get(kind, "''")


HELPERS = """
CREATE OR REPLACE FUNCTION drill_id(VARIADIC parts text[]) RETURNS uuid LANGUAGE sql IMMUTABLE AS
  $$ SELECT md5(array_to_string(parts, '/'))::uuid $$;
CREATE OR REPLACE FUNCTION drill_dice(VARIADIC parts text[]) RETURNS int LANGUAGE sql IMMUTABLE AS
  $$ SELECT ('x' || substr(md5(array_to_string(parts, '/')), 1, 7))::bit(28)::int $$;
"""
SEED = """
SELECT t, a, drill_id('tenant', t::text) AS tenant_id, drill_id('account', t::text, a::text) AS account_id,
  drill_dice('d', t::text, a::text) AS d
FROM generate_series(1, %(tenants)s) AS t, generate_series(1, %(accounts)s) AS a
"""
LEFT = """
SELECT uuidv7() AS id, tenant::uuid AS tenant_id, rule, account::uuid AS account_id, subject, occurrence, '2' AS priority,
  (array['done', 'declined', 'resolved', 'doing'])[1 + drill_dice(account, subject) / 9 % 4] AS status,
  :first - 1 AS opened_on, :first + 3 AS due_on FROM before WHERE drill_dice(account, subject) % 9 = 0
"""
ZONES = "(array['Asia/Tokyo', 'Asia/Tokyo', 'America/St_Johns', 'Pacific/Auckland', 'UTC'])[1 + t % 5]"
PEOPLE = "(VALUES ('admin', 'admin'), ('manager', 'manager'), ('here', 'csm'), ('away', 'csm'), ('gone', 'csm'), ('sales', 'sales')) AS p(key, role)"
ASKED = "(VALUES (1, 'business', 'business'), (2, 'business_model', 'business'), (3, 'growth_policy', 'policy')) AS f(nth, field_key, section)"
FADED = ":first - 366 + (array[-1, 0, 1, 2, 32, 60, 150, 400])[1 + (d + 3 * nth) % 8]"
OF_TENANT = "(SELECT DISTINCT t, tenant_id FROM seed) AS s"
ROWS = {
    "tenants_tenant": f"""
        SELECT tenant_id AS id, 'drill-' || t AS slug, '会社' || t AS name, {ZONES} AS time_zone, 4 AS fiscal_start_month,
          t % 3 > 0 AS use_japanese_holidays FROM {OF_TENANT}""",
    "tenants_user": f"""
        SELECT drill_id('user', t::text, key) AS id, key || t || '@drill.example' AS email, key AS name, true AS is_active
        FROM {OF_TENANT}, {PEOPLE}""",
    "tenants_membership": f"""
        SELECT drill_id('member', t::text, key) AS id, tenant_id, drill_id('user', t::text, key) AS user_id, role,
          true AS wants_morning_mail, timestamptz '2023-01-01' AS joined_at,
          CASE key WHEN 'gone' THEN timestamptz '2024-01-10' END AS removed_at,
          CASE key WHEN 'away' THEN :first END AS leave_from, CASE key WHEN 'away' THEN :first + 1 END AS leave_until,
          CASE key WHEN 'away' THEN drill_id('member', t::text, 'here') END AS deputy_id
        FROM {OF_TENANT}, {PEOPLE}""",
    # New and old accounts, every stage and tier, closings that no month has, the eve of a day in another zone.
    "accounts_account": """
        SELECT account_id AS id, tenant_id, '社' || a AS name, '' AS kana, 'JPY' AS currency,
          (array['live', 'live', 'onboarding', 'live', 'prospect', 'live', 'churned', 'live'])[1 + d % 8] AS stage,
          (array['high', '', 'mid', 'low', 'high'])[1 + d % 5] AS tier,
          CASE WHEN d % 11 > 0 THEN 1 + d % 12 END AS fiscal_month,
          CASE WHEN d % 11 > 0 AND d % 3 = 0 THEN (array[20, 31, 30, 29, 28, 10, 1])[1 + d % 7] END AS fiscal_day,
          d % 5 = 0 AS is_listed, CASE d % 9 WHEN 0 THEN :first - d % 12 WHEN 1 THEN :first + d % 40 WHEN 2 THEN :first - 200 END AS stage_since,
          timestamptz '2023-06-01 00:00Z' + d % 300 * interval '1 day' + d % 24 * interval '1 hour' AS created_at,
          drill_id('member', t::text, (array['here', 'away', 'gone', 'here'])[1 + d % 4]) AS csm_id,
          CASE WHEN d % 6 = 0 THEN drill_id('member', t::text, 'manager') END AS deputy_id,
          CASE WHEN d % 2 = 0 THEN drill_id('member', t::text, 'sales') END AS commercial_owner_id
        FROM seed""",
    # Up to three contracts an account: on and beside every checkpoint of a night, passed, far, decided, in the bin.
    "accounts_contract": """
        SELECT drill_id('contract', t::text, a::text, n::text) AS id, tenant_id, account_id, '契約' || n AS name,
          CASE WHEN (d + n) % 17 > 0 THEN CASE WHEN (d + n) % 2 = 0
            THEN :first + 1 + (array[90, 91, 180, 181, 0, -1, 89, 1, 179, 365, -30])[1 + (d + n) % 11]
            ELSE :first + (d * n) % 700 - 60 END END AS renews_on,
          (array['undecided', 'undecided', 'undecided', 'renewed', 'undecided', 'lost', 'cancelled'])[1 + (d + n) % 7]
            AS decision,
          CASE WHEN (d + n) % 13 = 0 THEN timestamptz '2024-02-20' END AS deleted_at
        FROM seed, generate_series(1, 3) AS n WHERE (d + n) % 3 > 0""",
    "accounts_budgetstatus": """
        SELECT drill_id('budget', t::text, a::text, year::text) AS id, tenant_id, account_id, year AS fiscal_year,
          (array['undecided', 'considering', 'included', 'dropped'])[1 + d % 4] AS status
        FROM seed, generate_series(2023, 2025) AS year WHERE (d + year) % 3 = 0""",
    # None for weeks, one just within and just beyond the week, one that is only planned, one in the bin, one to come.
    "accounts_activity": """
        SELECT drill_id('note', t::text, a::text, n::text) AS id, tenant_id, account_id, 'update' AS kind, '一行' AS title,
          (array['held', 'held', 'planned', 'held', 'cancelled'])[1 + (d + n) % 5] AS state,
          :first + (array[-6, -7, -8, -5, 0, 1, 2, 30, 31, 25, -40, -90, -59, -60, -61, 90])[1 + (d + 3 * n) % 16] AS "on",
          CASE WHEN (d + n) % 10 = 0 THEN timestamptz '2024-02-25' END AS deleted_at,
          drill_id('member', t::text, 'here') AS written_by_id
        FROM seed, generate_series(1, 4) AS n WHERE d % 5 > 0 AND (d + n) % 3 = 0""",
    "accounts_keyperson": """
        SELECT drill_id('person', t::text, a::text, n::text) AS id, tenant_id, account_id, '人' || n AS name,
          (array['active', 'active', 'left'])[1 + (d + n) % 3] AS state,
          CASE WHEN (d + n) % 3 = 2 THEN :first + (d % 60) - 10 END AS state_since
        FROM seed, generate_series(1, 3) AS n WHERE d % 4 > 0""",
    # Roles that end, that end with their person, that nobody has confirmed for half a year; somebody who takes over.
    "accounts_personrole": """
        SELECT drill_id('role', t::text, a::text, n::text) AS id, tenant_id, account_id,
          drill_id('person', t::text, a::text, n::text) AS person_id,
          (array['economic_buyer', 'champion', 'champion'])[n] AS kind, :first + d % 50 - 40 - n * 60 AS starts_on,
          CASE WHEN d % 7 = 0 THEN :first + d % 90 + 20 - n * 20 END AS ends_on,
          timestamptz '2023-08-20 03:00Z' + d % 60 * interval '1 day' AS created_at,
          timestamptz '2023-08-20 03:00Z' + d % 60 * interval '1 day' AS updated_at
        FROM seed, generate_series(1, 3) AS n WHERE d % 4 > 0 AND ((d + n) % 2 = 0 OR n = 3 AND d % 3 = 0)""",
    "accounts_activityperson": """
        SELECT drill_id('part', t::text, a::text, n::text, p::text) AS id, tenant_id,
          drill_id('note', t::text, a::text, n::text) AS activity_id, drill_id('person', t::text, a::text, p::text) AS person_id
        FROM seed, generate_series(1, 4) AS n, generate_series(1, 3) AS p
        WHERE d % 5 > 0 AND (d + n) % 3 = 0 AND d % 4 > 0 AND (d + n + p) % 2 = 0""",
    "accounts_personmove": """
        SELECT drill_id('move', t::text, a::text) AS id, tenant_id, account_id,
          drill_id('person', t::text, a::text, (array['2', '3', '1'])[1 + d % 3]) AS person_id,
          (array['promoted', 'promoted', 'transferred'])[1 + d % 3] AS kind, :first + d % 40 - 100 AS "on",
          timestamptz '2024-02-01' AS created_at
        FROM seed WHERE d % 4 > 0""",
    # What was written before and after the promotion was noted.
    "accounts_hypothesis": """
        SELECT drill_id('guess', t::text, a::text) AS id, tenant_id, account_id, 'issue' AS kind, '仮説' AS title,
          'untested' AS state, timestamptz '2024-01-01' + d % 60 * interval '1 day' AS created_at,
          timestamptz '2024-01-01' + d % 60 * interval '1 day' AS updated_at FROM seed WHERE d % 9 = 1""",
    # Last year's figures: read, written down as not disclosed, only begun; the year before for those who are followed.
    "accounts_financialperiod": """
        SELECT drill_id('period', t::text, a::text, n::text) AS id, tenant_id, account_id, 'consolidated' AS basis,
          make_date(2022 + n, 1 + d % 12, 1) + 27 AS ends_on FROM seed, generate_series(0, 2) AS n
        WHERE d % 11 > 0 AND (d + n) % 2 = 0""",
    "accounts_financialfigure": """
        SELECT drill_id('figure', t::text, a::text, n::text) AS id, tenant_id, account_id, 'revenue' AS line,
          drill_id('period', t::text, a::text, n::text) AS financial_period_id, 'hand' AS origin,
          (array['known', 'undisclosed', 'unknown', 'known'])[1 + (d + n) % 4] AS state,
          CASE WHEN (d + n) % 4 IN (0, 3) THEN 1000 END AS amount
        FROM seed, generate_series(0, 2) AS n WHERE d % 11 > 0 AND (d + n) % 2 = 0""",
    # Values about a year old in two sections of the sheet, and the account's count as it stood after they were written.
    "accounts_fact": f"""
        SELECT drill_id('fact', t::text, a::text, field_key) AS id, tenant_id, account_id, field_key, '値' AS value,
          CASE WHEN (d + nth) % 6 = 0 THEN 'ask' ELSE 'known' END AS state, {FADED} AS as_of,
          timestamptz '2023-01-01' AS noted_at, 'hand' AS origin
        FROM seed, {ASKED} WHERE (d + nth) % 4 = 0""",
    "accounts_resolution": f"""
        SELECT drill_id('count', t::text, a::text) AS id, tenant_id, account_id, fades FROM seed JOIN (
          SELECT t, a, jsonb_object_agg(section, days) AS fades FROM (
            SELECT t, a, section, jsonb_agg(day ORDER BY day) AS days FROM (
              SELECT t, a, section, ({FADED} + interval '1 year')::date AS day FROM seed, {ASKED}
              WHERE (d + nth) % 4 = 0 AND (d + nth) % 6 <> 0) AS dated GROUP BY 1, 2, 3) AS grouped GROUP BY 1, 2
        ) AS counted USING (t, a)""",
    # Edits by people and by programs, minutes before and after midnight of the vendor's zone.
    "accounts_accountevent": f"""
        SELECT uuidv7(at - now()) AS pgh_id, account_id AS pgh_obj_id, account_id AS id, tenant_id, 'update' AS pgh_label,
          (array['member:x', 'job:night', 'import:1', 'member:y', 'system'])[1 + d % 5] AS pgh_actor, at AS pgh_created_at
        FROM (SELECT seed.*, (:first + d % 30 - 12)::timestamp AT TIME ZONE {ZONES}
          + (array[-1, 1, 400])[1 + d % 3] * interval '1 minute' AS at FROM seed) AS s WHERE d % 6 = 0""",
    "success_plans_successplanevent": """
        SELECT uuidv7(at - now()) AS pgh_id, drill_id('plan', t::text, a::text) AS pgh_obj_id, drill_id('plan', t::text, a::text) AS id,
          account_id, tenant_id, 'insert' AS pgh_label, :first AS starts_on, :first + 90 AS ends_on,
          'member:z' AS pgh_actor, at AS pgh_created_at
        FROM (SELECT seed.*, timestamptz '2024-02-01 03:00Z' + d % 50 * interval '1 day' AS at FROM seed) AS s WHERE d % 7 = 0""",
    "accounts_activityevent": """
        SELECT uuidv7(timestamptz '2024-02-27 12:00Z' - now()) AS pgh_id, drill_id('note', a::text) AS pgh_obj_id,
          drill_id('note', a::text) AS id, account_id, tenant_id, 'insert' AS pgh_label, :first - 30 AS "on",
          'member:x' AS pgh_actor, timestamptz '2024-02-27 12:00Z' AS pgh_created_at FROM seed WHERE d % 8 = 0""",
    # Thresholds of a vendor, a tier, an account; rules that are off, on trial, off for one account.
    "ctas_rulesetting": f"""
        SELECT drill_id('setting', t::text, rule, key, tier) AS id, tenant_id, rule, key, value, tier, NULL::uuid AS account_id,
          :first AS set_on
        FROM {OF_TENANT} JOIN (VALUES (2, 'no_recent_note', 'days', '10', ''), (2, 'no_recent_note', 'tiers', 'all', ''),
          (2, 'no_recent_note', 'days', '14', 'low'), (3, 'renewal_near', 'late', '60', ''), (3, 'renewal_near', 'early', '120', 'high'),
          (3, 'budget_season', 'lead', '9', 'mid'), (4, 'budget_season', 'mode', 'off', ''), (4, 'renewal_near', 'mode', 'dry_run', 'low'),
          (5, 'no_recent_note', 'mode', 'dry_run', ''), (6, 'no_recent_note', 'grace', '60', ''),
          (2, 'sponsor_moved', 'lead', '60', ''), (3, 'sponsor_moved', 'silence', '90', 'high'), (4, 'stale_information', 'months', '4', 'mid'),
          (5, 'sponsor_promoted', 'days', '30', ''), (6, 'no_recent_note', 'tiers', 'high_mid', ''))
          AS v(nth, rule, key, value, tier) ON v.nth = 1 + t % 7
        UNION ALL
        SELECT drill_id('own', t::text, a::text), tenant_id, (array['no_recent_note', 'renewal_near', 'budget_season'])[1 + d % 3],
          CASE WHEN d % 2 = 0 THEN 'mode' ELSE (array['days', 'late', 'lead'])[1 + d % 3] END,
          CASE WHEN d % 2 = 0 THEN (array['on', 'off'])[1 + d % 4 / 2] ELSE (array['3', '30', '2'])[1 + d % 3] END,
          '', account_id, :first FROM seed WHERE d % 10 = 0""",
}
