"""解像度 in SQL: the state of every cell of every sheet, and what is counted of them, for one account or for all.

A cell is ``known`` when it has a value that is not too old, or nothing is to be known; ``old`` (R24), ``ask`` or ``blank``
otherwise. ``reading.Row`` says the same of one cell for the page; a test holds both together.
"""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from accounts.models import Account
from accounts.models.fact import FactState
from accounts.models.sheet import TIERS_ASKED, SheetField
from accounts.sheet.editions import template
from tenants.scope import current_tenant_id

NEWEST = 0
"""Stands for the newest edition, whose number accounts do not name."""

CELLS = """
asks AS (
  SELECT * FROM jsonb_to_recordset(%(asks)s::jsonb) AS q(edition integer, key text, "column" text, meter text, section text,
    owner text, label text, question text, months integer, tiers jsonb, is_retired boolean, position integer)
), sheets AS MATERIALIZED (
  SELECT a.id, a.tier, a.created_at, coalesce(a.sheet_edition, 0) AS edition, to_jsonb(a) AS columns
  FROM accounts_account a WHERE a.tenant_id = %(tenant)s AND {within}
), looked_at AS (
  SELECT s.id AS account_id, s.tier, q.*, f.state AS said,
    coalesce(CASE WHEN q."column" IS NULL THEN f.value ELSE s.columns ->> q."column" END, '') <> '' AS has_value,
    coalesce(f.as_of, (f.noted_at AT TIME ZONE %(zone)s)::date, (s.created_at AT TIME ZONE %(zone)s)::date) AS held_on
  FROM sheets s JOIN asks q ON q.edition = s.edition
  LEFT JOIN accounts_fact f
    ON f.tenant_id = %(tenant)s AND f.account_id = s.id AND f.unit_id IS NULL AND f.field_key = q.key
), dated AS (
  SELECT *, CASE WHEN has_value THEN (held_on + make_interval(months => months))::date END AS fades_on FROM looked_at
), judged AS (
  SELECT *, CASE
      WHEN said = %(ask)s THEN 'ask'
      WHEN fades_on < %(today)s THEN 'old'
      WHEN has_value OR said = %(settled)s THEN 'known'
      ELSE 'blank' END AS state
  FROM dated WHERE has_value OR NOT is_retired
), cells AS (
  SELECT * FROM judged WHERE state <> 'blank' OR (NOT is_retired AND jsonb_exists(tiers, tier))
)"""

COUNT = """
WITH {cells}, counted AS (
  SELECT account_id, count(*) FILTER (WHERE state = 'known') AS known, count(*) AS total,
    count(*) FILTER (WHERE state = 'known' AND meter = 'operation') AS operation_known,
    count(*) FILTER (WHERE meter = 'operation') AS operation_total,
    count(*) FILTER (WHERE state = 'known' AND meter = 'organisation') AS organisation_known,
    count(*) FILTER (WHERE meter = 'organisation') AS organisation_total,
    count(*) FILTER (WHERE state = 'old') AS old
  FROM cells GROUP BY account_id
), fading AS (
  SELECT account_id, section, jsonb_agg(fades_on ORDER BY fades_on) AS days
  FROM cells WHERE fades_on IS NOT NULL AND state <> 'ask' GROUP BY account_id, section
), ageing AS (
  SELECT account_id, jsonb_object_agg(section, days) AS fades FROM fading GROUP BY account_id
), shares AS (
  SELECT *, {percent} AS percent, {operation} AS operation, {organisation} AS organisation
  FROM counted LEFT JOIN ageing USING (account_id)
)
INSERT INTO accounts_resolution AS r (tenant_id, version, created_at, account_id, known, total, operation_known,
  operation_total, organisation_known, organisation_total, percent, operation, organisation, old, fades)
SELECT %(tenant)s, 1, now(), account_id, known, total, operation_known, operation_total, organisation_known,
  organisation_total, percent, operation, organisation, old, coalesce(fades, '{{}}')
FROM shares ORDER BY account_id
ON CONFLICT (tenant_id, account_id) DO UPDATE SET {changes}
WHERE ROW({before}) IS DISTINCT FROM ROW({after})
"""
FIGURES = (
    "known", "total", "operation_known", "operation_total", "organisation_known", "organisation_total", "percent",
    "operation", "organisation", "old", "fades",
)  # fmt: skip


def share(known: str, total: str) -> str:
    """Whole percent, half up; 0 of nothing is 0."""
    return f"CASE WHEN {total} = 0 THEN 0 ELSE (200 * {known} + {total}) / (2 * {total}) END"


def counting(within: str) -> str:
    return COUNT.format(
        cells=CELLS.format(within=within),
        percent=share("known", "total"),
        operation=share("operation_known", "operation_total"),
        organisation=share("organisation_known", "organisation_total"),
        changes=", ".join(f"{name} = excluded.{name}" for name in FIGURES),
        before=", ".join(f"r.{name}" for name in FIGURES),
        after=", ".join(f"excluded.{name}" for name in FIGURES),
    )


def count_accounts(accounts: Iterable[UUID], today: date | None = None) -> None:
    """Count these anew; one statement, whatever their number."""
    found = list(accounts)
    if found:
        _count("a.id = ANY(%(accounts)s::uuid[])", editions_of(found), today, accounts=found)


def count_all(today: date | None = None) -> None:
    """Count every account of the tenant: each night, and when the sheet changes."""
    _count("true", editions_of(), today)


def count_imported(batch: UUID) -> None:
    """Count what an import changed."""
    within = "a.id IN (SELECT record FROM accounts_importchange WHERE tenant_id = %(tenant)s AND of_id = %(batch)s)"
    _count(within, editions_of(), None, batch=batch)


def count_new(sender: Any, instance: Account, created: bool, **kwargs: Any) -> None:
    """A new account has its figure from the beginning."""
    if created:
        count_accounts([instance.pk])


def _count(within: str, editions: set[int | None], today: date | None, **more: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(counting(within), {**parameters(editions, today or timezone.localdate()), **more})


def parameters(editions: set[int | None], today: date) -> dict[str, Any]:
    """What ``CELLS`` asks for, but for the accounts."""
    asks = [
        {**asked(field), "edition": number or NEWEST, "meter": found.meters[field.section], "position": place}
        for number in editions
        for found in (template(number),)
        for place, field in enumerate(found.fields)
    ]
    return {
        "tenant": current_tenant_id(),
        "asks": json.dumps(asks),
        "today": today,
        "zone": timezone.get_current_timezone_name(),
        "ask": FactState.ASK.value,
        "settled": FactState.NOT_APPLICABLE.value,
    }


def editions_of(accounts: list[UUID] | None = None) -> set[int | None]:
    """The editions by which accounts are asked; None is the newest."""
    rows = Account.objects.filter(sheet_edition__isnull=False)
    rows = rows.filter(pk__in=accounts) if accounts is not None else rows
    return {None, *rows.order_by().values_list("sheet_edition", flat=True).distinct()}


def asked(field: SheetField) -> dict[str, Any]:
    return {
        "key": field.key,
        "column": Account._meta.get_field(field.key).column if field.is_column else None,  # type: ignore[union-attr]
        "section": field.section,
        "owner": field.owner,
        "label": field.label,
        "question": field.question,
        "months": field.months,
        "tiers": TIERS_ASKED[field.needed_by],
        "is_retired": field.is_retired,
    }
