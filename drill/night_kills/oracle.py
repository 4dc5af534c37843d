"""What ought to be there after a number of nights, from spec/cta-rules.md and in plain SQL. Never from the code of ``ctas``."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

SETTINGS = """
CREATE OR REPLACE FUNCTION drill_value(the_tenant uuid, the_account uuid, the_tier text, the_rule text, the_key text, otherwise text)
RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce(
    (SELECT value FROM ctas_rulesetting WHERE tenant_id = the_tenant AND rule = the_rule AND key = the_key AND account_id = the_account),
    (SELECT value FROM ctas_rulesetting WHERE tenant_id = the_tenant AND rule = the_rule AND key = the_key AND account_id IS NULL AND tier = the_tier AND tier <> ''),
    (SELECT value FROM ctas_rulesetting WHERE tenant_id = the_tenant AND rule = the_rule AND key = the_key AND account_id IS NULL AND tier = ''),
    otherwise) $$;
CREATE OR REPLACE VIEW drill_live AS
  SELECT a.*, t.time_zone AS zone FROM accounts_account AS a JOIN tenants_tenant AS t ON t.id = a.tenant_id
  WHERE a.stage IN ('live', 'onboarding');
"""
# R01: no human log and no hand edit of account or plan for n days; occurrence: the day of the last one.
SILENT = """
SELECT tenant_id, 'no_recent_note', account_id, '', coalesce(last_on, began)::text, true FROM (
  SELECT live.tenant_id, live.id AS account_id, live.tier, greatest((live.created_at AT TIME ZONE zone)::date, live.stage_since) AS began,
    drill_value(live.tenant_id, live.id, live.tier, 'no_recent_note', 'days', '7')::int AS days,
    drill_value(live.tenant_id, live.id, live.tier, 'no_recent_note', 'grace', '7')::int AS grace,
    drill_value(live.tenant_id, live.id, live.tier, 'no_recent_note', 'tiers', 'high') AS tiers,
    (SELECT max(day) FROM (
      SELECT note."on" AS day FROM accounts_activity AS note
        WHERE note.account_id = live.id AND note.state = 'held' AND note.deleted_at IS NULL
      UNION ALL SELECT (edit.at AT TIME ZONE zone)::date FROM drill_edits AS edit WHERE edit.account_id = live.id
    ) AS written WHERE day <= %(on)s) AS last_on
  FROM drill_live AS live WHERE drill_value(live.tenant_id, live.id, live.tier, 'no_recent_note', 'mode', 'on') = 'on'
) AS account
WHERE (tiers = 'all' OR tier IN ('high', '') OR (tiers = 'high_mid' AND tier = 'mid'))
  AND %(on)s - began >= grace AND %(on)s - coalesce(last_on, began) >= days
"""
# R02: renewal not decided and at most 180 (90) days away; the first mark opens only before the second one is reached.
RENEWS = """
SELECT live.tenant_id, 'renewal_near', live.id, c.id::text, c.renews_on || '/' || mark,
  mark = '90' OR c.renews_on - %(on)s > drill_value(live.tenant_id, live.id, live.tier, 'renewal_near', 'late', '90')::int
FROM drill_live AS live JOIN accounts_contract AS c ON c.account_id = live.id, (VALUES ('180', 'early'), ('90', 'late')) AS m(mark, key)
WHERE c.decision = 'undecided' AND c.deleted_at IS NULL
  AND c.renews_on - %(on)s <= drill_value(live.tenant_id, live.id, live.tier, 'renewal_near', m.key, mark)::int
  AND drill_value(live.tenant_id, live.id, live.tier, 'renewal_near', 'mode', 'on') = 'on'
"""
# R03: half a year before the fiscal year's end, next year's budget neither in nor dropped. Named by its first whole month.
BUDGET = """
SELECT tenant_id, 'budget_season', account_id, '', year::text, true FROM (
  SELECT *, extract(year FROM date_trunc('month', ends_on) + interval '1 month')::int AS year FROM (
    SELECT tenant_id, id AS account_id, tier, (SELECT min(day) FROM (
      SELECT CASE WHEN fiscal_day < 28 OR fiscal_month <> 2 AND fiscal_day < last_day
        THEN first + fiscal_day - 1 ELSE first + last_day - 1 END AS day
      FROM (SELECT make_date(y, fiscal_month, 1) AS first,
        extract(day FROM make_date(y, fiscal_month, 1) + interval '1 month - 1 day')::int AS last_day
        FROM generate_series(extract(year FROM %(on)s)::int, extract(year FROM %(on)s)::int + 1) AS y) AS months
    ) AS closings WHERE day >= %(on)s) AS ends_on
    FROM drill_live WHERE fiscal_month IS NOT NULL
      AND drill_value(tenant_id, id, tier, 'budget_season', 'mode', 'on') = 'on'
  ) AS closing
) AS account
WHERE ends_on - make_interval(months => drill_value(tenant_id, account_id, tier, 'budget_season', 'lead', '6')::int) <= %(on)s
  AND NOT EXISTS (SELECT FROM accounts_budgetstatus AS b WHERE b.account_id = account.account_id
    AND b.fiscal_year = account.year AND b.status IN ('included', 'dropped'))
"""
RULES = (SILENT, RENEWS, BUDGET)
Key = tuple[str, str, str, str, str]
"""Tenant, rule, account, subject, occurrence."""


@dataclass
class State:
    status: str
    opened_on: date
    gone_on: date | None = None


def prepare(cursor: Any) -> None:
    """Views over the history of accounts, of what hangs on them and of their plans; a note counts by its own day."""
    cursor.execute(SETTINGS)
    cursor.execute(
        "SELECT c.table_name, min(c.column_name) FROM information_schema.columns AS c"
        " WHERE c.table_schema = 'public' AND (c.table_name LIKE 'accounts\\_%event' OR c.table_name LIKE 'success\\_plans\\_%event')"
        " AND (c.column_name = 'account_id' OR (c.column_name = 'pgh_obj_id' AND c.table_name = 'accounts_accountevent'))"
        " AND c.table_name <> 'accounts_activityevent' GROUP BY 1"
    )
    parts = " UNION ALL ".join(
        f"SELECT {column} AS account_id, pgh_created_at AS at FROM {table} WHERE pgh_actor LIKE 'member:%'"
        for table, column in cursor.fetchall()
    )
    cursor.execute(f"DROP TABLE IF EXISTS drill_edits; CREATE TABLE drill_edits AS {parts}")
    cursor.execute("CREATE INDEX ON drill_edits (account_id); ANALYZE drill_edits")


def reasons(cursor: Any, on: date) -> dict[Key, bool]:
    """For every CTA there is a reason for on that day: whether it is opened, or only kept open."""
    found: dict[Key, bool] = {}
    for rule in RULES:
        cursor.execute(rule.replace("%(on)s", f"date '{on}'"))
        for *key, opens in cursor.fetchall():
            found[tuple(map(str, key))] = opens  # type: ignore[index]
    return found


def after(cursor: Any, nights: Iterable[date], before: dict[Key, State]) -> dict[Key, State]:
    """One night after the other, from the CTAs that stood there before the first."""
    known = {key: State(s.status, s.opened_on, s.gone_on) for key, s in before.items()}
    for on in nights:
        there = reasons(cursor, on)
        for key, opens in there.items():
            if key not in known or known[key].status == "resolved":
                if opens:
                    known[key] = State("todo", on)
            elif known[key].status in ("todo", "doing"):
                known[key].gone_on = None
        for key, state in known.items():
            if state.status in ("todo", "doing") and key not in there:
                state.gone_on = state.gone_on or on
                state.status = "resolved" if state.status == "todo" else "doing"
    return known


def standing(cursor: Any) -> Iterator[tuple[Key, State]]:
    """The CTAs that are there, as often as they are."""
    cursor.execute(
        "SELECT tenant_id, rule, account_id, subject, occurrence, status, opened_on, gone_on FROM ctas_cta ORDER BY id"
    )
    for *key, status, opened_on, gone_on in cursor.fetchall():
        yield tuple(map(str, key)), State(status, opened_on, gone_on)  # type: ignore[misc]
