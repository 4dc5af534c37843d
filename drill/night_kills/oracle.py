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
CREATE OR REPLACE VIEW drill_met AS
  SELECT part.person_id, note."on" FROM accounts_activityperson AS part JOIN accounts_activity AS note ON note.id = part.activity_id
  WHERE note.state = 'held' AND note.deleted_at IS NULL;
CREATE OR REPLACE VIEW drill_figures AS
  SELECT f.account_id, f.state, p.ends_on FROM accounts_financialfigure AS f JOIN accounts_financialperiod AS p ON p.id = f.financial_period_id
  WHERE p.quarter IS NULL AND p.deleted_at IS NULL;
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
# R09b: a champion or economic buyer goes (or will within n days) and nobody we have met since has the role; or nobody
# has met them or written the role for half a year. Nothing opens for somebody who went more than half a year ago.
SPONSOR = """
SELECT tenant_id, 'sponsor_moved', account_id, id::text, day::text, left_on IS NULL OR left_on > %(on)s + lead OR left_on >= %(on)s - 180
FROM (
  SELECT *, CASE WHEN left_on <= %(on)s + lead THEN left_on ELSE greatest(written_on,
    (SELECT max(note."on") FROM drill_met AS note WHERE note.person_id = role.person_id AND note."on" <= %(on)s)) END AS day
  FROM (
    SELECT r.tenant_id, r.account_id, r.id, r.kind, r.person_id, p.successor_id,
      drill_value(live.tenant_id, live.id, live.tier, 'sponsor_moved', 'lead', '30')::int AS lead,
      drill_value(live.tenant_id, live.id, live.tier, 'sponsor_moved', 'silence', '180')::int AS silence,
      least(CASE WHEN p.state <> 'active' THEN p.state_since END, r.ends_on + 1) AS left_on,
      greatest(r.starts_on, (r.created_at AT TIME ZONE zone)::date, (r.updated_at AT TIME ZONE zone)::date) AS written_on
    FROM drill_live AS live JOIN accounts_personrole AS r ON r.account_id = live.id JOIN accounts_keyperson AS p ON p.id = r.person_id
    WHERE r.kind IN ('economic_buyer', 'champion') AND r.deleted_at IS NULL AND p.deleted_at IS NULL AND NOT p.is_body
      AND drill_value(live.tenant_id, live.id, live.tier, 'sponsor_moved', 'mode', 'on') = 'on'
  ) AS role
) AS role
WHERE CASE WHEN left_on <= %(on)s + lead THEN NOT EXISTS (
    SELECT FROM accounts_personrole AS other JOIN accounts_keyperson AS p ON p.id = other.person_id
    WHERE other.account_id = role.account_id AND other.kind = role.kind AND other.id <> role.id AND other.deleted_at IS NULL
      AND coalesce(other.ends_on, 'infinity') >= %(on)s AND (p.state = 'active' OR p.state_since > %(on)s)
      AND (p.is_body OR p.id = role.person_id OR EXISTS (SELECT FROM drill_met AS note
        WHERE note.person_id = p.id AND note."on" BETWEEN role.left_on - role.lead AND %(on)s)))
  ELSE day <= %(on)s - silence END
"""
# R10: a champion rose and no hypothesis was written since that was noted.
PROMOTED = """
SELECT live.tenant_id, 'sponsor_promoted', live.id, m.id::text, m."on"::text,
  m."on" >= %(on)s - drill_value(live.tenant_id, live.id, live.tier, 'sponsor_promoted', 'days', '90')::int
FROM drill_live AS live JOIN accounts_personmove AS m ON m.account_id = live.id JOIN accounts_keyperson AS p ON p.id = m.person_id
WHERE m.kind = 'promoted' AND m."on" <= %(on)s AND p.deleted_at IS NULL
  AND drill_value(live.tenant_id, live.id, live.tier, 'sponsor_promoted', 'mode', 'on') = 'on'
  AND EXISTS (SELECT FROM accounts_personrole AS r WHERE r.person_id = m.person_id AND r.kind = 'champion' AND r.deleted_at IS NULL
    AND coalesce(r.starts_on, '-infinity') <= m."on" AND coalesce(r.ends_on, 'infinity') >= m."on" - 1)
  AND NOT EXISTS (SELECT FROM accounts_hypothesis AS h WHERE h.account_id = live.id AND h.deleted_at IS NULL
    AND greatest(h.created_at, h.updated_at) >= m.created_at)
"""
# R24: three months after the year's end nobody has read its figures, though the company is listed or was followed so far.
UNREAD = """
SELECT tenant_id, 'stale_information', account_id, 'figures', (extract(year FROM date_trunc('month', ended) + interval '1 month')::int - 1)::text, true
FROM (
  SELECT tenant_id, id AS account_id, is_listed, (SELECT max(day) FROM (
    SELECT CASE WHEN fiscal_day < 28 OR fiscal_month <> 2 AND fiscal_day < last_day
      THEN first + fiscal_day - 1 ELSE first + last_day - 1 END AS day
    FROM (SELECT make_date(y, fiscal_month, 1) AS first,
      extract(day FROM make_date(y, fiscal_month, 1) + interval '1 month - 1 day')::int AS last_day
      FROM generate_series(extract(year FROM %(on)s)::int - 2, extract(year FROM %(on)s)::int) AS y) AS months
  ) AS closings
  WHERE day + make_interval(months => drill_value(tenant_id, id, tier, 'stale_information', 'months', '3')::int) <= %(on)s) AS ended
  FROM drill_live WHERE fiscal_month IS NOT NULL
    AND drill_value(tenant_id, id, tier, 'stale_information', 'mode', 'on') = 'on'
) AS account
WHERE (is_listed OR EXISTS (SELECT FROM drill_figures AS f WHERE f.account_id = account.account_id AND f.state = 'known'))
  AND NOT EXISTS (SELECT FROM drill_figures AS f WHERE f.account_id = account.account_id AND f.state <> 'unknown'
    AND f.ends_on <= ended AND f.ends_on > ended - interval '11 months')
"""
# R24 again: values of a section of the sheet that are more than a year old; named by the day the last of them was fresh.
FADED = """
SELECT live.tenant_id, 'stale_information', live.id, section, max((f.as_of + interval '1 year')::date)::text, true
FROM drill_live AS live JOIN accounts_fact AS f ON f.account_id = live.id
JOIN (VALUES ('business', 'business'), ('business_model', 'business'), ('growth_policy', 'policy')) AS s(field_key, section) USING (field_key)
WHERE f.state <> 'ask' AND f.value <> '' AND (f.as_of + interval '1 year')::date < %(on)s
  AND drill_value(live.tenant_id, live.id, live.tier, 'stale_information', 'mode', 'on') = 'on'
GROUP BY 1, 3, 4
"""
RULES = (SILENT, RENEWS, BUDGET, SPONSOR, PROMOTED, UNREAD, FADED)
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
        there = of_an_episode(reasons(cursor, on), known)
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


def of_an_episode(there: dict[Key, bool], known: dict[Key, State]) -> dict[Key, bool]:
    """What grows old keeps its first name while its CTA is open, however many values follow."""
    standing = {
        key[:4]: key for key, state in known.items() if state.status in ("todo", "doing") and is_episode(key)
    }
    return {standing.get(key[:4], key) if is_episode(key) else key: opens for key, opens in there.items()}


def is_episode(key: Key) -> bool:
    return key[1] == "stale_information" and key[3] != "figures"


def standing(cursor: Any) -> Iterator[tuple[Key, State]]:
    """The CTAs that are there, as often as they are."""
    cursor.execute(
        "SELECT tenant_id, rule, account_id, subject, occurrence, status, opened_on, gone_on FROM ctas_cta ORDER BY id"
    )
    for *key, status, opened_on, gone_on in cursor.fetchall():
        yield tuple(map(str, key)), State(status, opened_on, gone_on)  # type: ignore[misc]
