"""The health of every live account, in two statements however many accounts there are."""

from datetime import date
from typing import Any

from accounts.models import Account
from health.models import AccountScore, Scorecard, ScoreDay
from health.registry import Measure, all_measures
from tenants.scope import current_tenant_id
from ui.querying import compiled, execute

# Rows that would stay the same are left out before the insert: ON CONFLICT … WHERE alone would still lock them all.
WRITE_DAY = """
WITH measured AS MATERIALIZED (
  SELECT live.id AS account_id, {columns} FROM ({live}) AS live {joins}
), weighed AS (
  SELECT account_id, {known} AS known, {points} AS points, jsonb_build_object({parts}) AS parts FROM measured
), scored AS (
  SELECT account_id, (CASE WHEN known > 0 THEN round(points::numeric / known) END)::smallint AS score, parts FROM weighed
), fresh AS (
  SELECT account_id, score, parts,
         CASE WHEN score IS NULL THEN 'none' WHEN score >= %s THEN 'good' WHEN score >= %s THEN 'caution' ELSE 'risk' END
           AS band
  FROM scored
)
INSERT INTO health_scoreday AS kept (tenant_id, version, created_at, account_id, "on", score, band, parts)
SELECT %s, 1, now(), fresh.account_id, %s, fresh.score, fresh.band, fresh.parts
FROM fresh LEFT JOIN health_scoreday AS old
  ON old.tenant_id = %s AND old.account_id = fresh.account_id AND old."on" = %s
WHERE old.id IS NULL OR (old.score, old.band, old.parts) IS DISTINCT FROM (fresh.score, fresh.band, fresh.parts)
ON CONFLICT (tenant_id, account_id, "on") DO UPDATE
  SET score = excluded.score, band = excluded.band, parts = excluded.parts
"""

WRITE_CURRENT = """
INSERT INTO health_accountscore AS kept (tenant_id, version, created_at, account_id, score, band, parts, since)
SELECT day.tenant_id, 1, now(), day.account_id, day.score, day.band, day.parts, day."on"
FROM health_scoreday AS day LEFT JOIN health_accountscore AS old
  ON old.tenant_id = day.tenant_id AND old.account_id = day.account_id
WHERE day.tenant_id = %s AND day."on" = %s
  AND (old.id IS NULL OR (old.score, old.band, old.parts) IS DISTINCT FROM (day.score, day.band, day.parts))
ON CONFLICT (tenant_id, account_id) DO UPDATE
  SET score = excluded.score, band = excluded.band, parts = excluded.parts,
      since = CASE WHEN kept.score IS DISTINCT FROM excluded.score THEN excluded.since ELSE kept.since END
"""


def score_all(today: date) -> int:
    """Score every live account as of ``today``; gives how many there are.

    A day in the past writes its own history and leaves the present score alone.
    """
    write_day(today)
    if not ScoreDay.objects.filter(on__gt=today).exists():
        execute(WRITE_CURRENT, [current_tenant_id(), today])
    return ScoreDay.objects.filter(on=today, account__in=Account.objects.live().values("pk")).count()


def write_day(today: date) -> int:
    """The row of each live account for one day; gives how many were written."""
    card, measures, tenant = Scorecard.current(), all_measures(), current_tenant_id()
    weights, codes = weights_of(card, measures), [measure.code for measure in measures]
    live_sql, params = compiled(Account.objects.live().order_by().values("id"))
    columns, joins = [], []
    for measure in measures:
        parts = {f"{measure.code}_{n}": part for n, part in enumerate(measure.parts(today))}
        columns.append(
            f"{weighed([(name, weight) for name, (weight, _rows) in parts.items()])} AS {measure.code}"
        )
        for name, (_weight, rows) in parts.items():
            sql, more = compiled(rows)
            joins.append(f"LEFT JOIN ({sql}) AS {name} ON {name}.account_id = live.id")
            params += more
    statement = WRITE_DAY.format(
        columns=", ".join(columns),
        live=live_sql,
        joins=" ".join(joins),
        known=" + ".join(f"CASE WHEN {code} IS NULL THEN 0 ELSE {weights[code]} END" for code in codes),
        points=" + ".join(f"coalesce({code}, 0) * {weights[code]}" for code in codes),
        parts=", ".join(f"'{code}', {code}" for code in codes),
    )
    bounds = [card.good_from, card.caution_from]
    return execute(statement, [*params, *bounds, tenant, today, tenant, today])


def weighed(parts: list[tuple[str, int]]) -> str:
    """SQL for the points of one measure: the weighted mean of those of its parts that know something."""
    if len(parts) == 1:
        return f"{parts[0][0]}.points::int"
    points = " + ".join(f"coalesce({name}.points, 0) * {weight}" for name, weight in parts)
    known = " + ".join(f"CASE WHEN {name}.points IS NULL THEN 0 ELSE {weight} END" for name, weight in parts)
    return f"round(({points}) / nullif({known}, 0))::int"


def weights_of(card: Scorecard, measures: list[Measure]) -> dict[str, int]:
    """The tenant's weights, where it has none of its own the code's."""
    return {measure.code: max(0, int(card.weights.get(measure.code, measure.weight))) for measure in measures}


def present_score(account: Any) -> AccountScore | None:
    found: AccountScore | None = AccountScore.objects.filter(account=account).first()
    return found
