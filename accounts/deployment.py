"""How much of what a customer bought is in use, in percent: of one product, and of all of them.

Quantities of different products are never added up, because seats are no dialogues: the figure of an account is the mean
of its products. Only lines in force whose two quantities are known count, and no product counts more than fully.
"""

from datetime import date
from typing import Any

from django.db.models import IntegerField
from django.db.models.expressions import RawSQL

from tenants.scope import current_tenant_id

RATE = """
(SELECT round(100 * avg(rate))::int FROM (
  SELECT least(1, sum(line.deployed)::numeric / sum(line.quantity)) AS rate
  FROM (SELECT {tenant}::uuid AS tenant, {today}::date AS day) AS now
  JOIN accounts_subscription AS line ON line.tenant_id = now.tenant
  JOIN accounts_contract AS deal ON deal.tenant_id = now.tenant AND deal.id = line.contract_id
  WHERE line.account_id = {account} AND line.deleted_at IS NULL AND deal.deleted_at IS NULL
    AND line.deployed IS NOT NULL AND line.quantity > 0
    AND coalesce(line.starts_on <= now.day, true) AND coalesce(line.ends_on >= now.day, true)
    AND deal.decision <> 'cancelled'
    AND NOT (deal.decision = 'lost' AND coalesce(deal.renews_on < now.day, false))
  GROUP BY line.product_id) AS products)
"""
"""``SubscriptionQuerySet.in_force`` as SQL; a test compares the two."""


def rate_of(rows: Any, today: date) -> Any:
    """A queryset of accounts with ``deployment``."""
    sql = RATE.format(tenant="%s", today="%s", account="accounts_account.id")
    return rows.annotate(
        deployment=RawSQL(  # noqa: S611  no value of anybody stands in the text
            sql, [str(current_tenant_id()), today], output_field=IntegerField(null=True)
        )
    )


def percent(deployed: int | None, bought: int | None) -> int | None:
    """Of one product or one cell; None where one of the two is not known."""
    return round(100 * deployed / bought) if bought and deployed is not None else None
