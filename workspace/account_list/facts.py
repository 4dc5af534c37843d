"""What a row of the list tells of an account, read by hand: eight sub-selects that Django would put together anew for
every page, at twice the price of running them. The tenant stands in every one of them, as the managers would have it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.deployment import RATE
from accounts.models.activity import ActivityState
from accounts.models.key_person import RoleKind
from health.models.score import COMPARED_WITH
from success_plans.models.plan import OPEN
from tenants.scope import current_tenant_id

WEEKS = 12
SEALS = {"decider": RoleKind.ECONOMIC_BUYER, "champion": RoleKind.CHAMPION}

FACTS = """
SELECT account.id AS pk, name, kana, industry, arr, renews_on, fiscal_month, fiscal_day,

  (SELECT "on" FROM accounts_activity
   WHERE tenant_id = %(tenant)s AND account_id = account.id AND state = %(held)s AND deleted_at IS NULL AND "on" <= %(today)s
   ORDER BY "on" DESC LIMIT 1) AS last_note,

  {rate} AS deployment,

  (SELECT "user".name FROM tenants_membership AS member JOIN tenants_user AS "user" ON "user".id = member.user_id
   WHERE member.id = account.csm_id) AS csm_name,

  EXISTS (SELECT FROM success_plans_successplan
   WHERE tenant_id = %(tenant)s AND account_id = account.id AND state = ANY (%(open)s) AND deleted_at IS NULL) AS has_plan,

  array(SELECT json_build_object(
     'kind', role.kind, 'name', person.name, 'starts_on', role.starts_on, 'ends_on', role.ends_on,
     'state', person.state, 'state_since', person.state_since, 'met_on',
     (SELECT activity."on" FROM accounts_activityperson AS met JOIN accounts_activity AS activity ON activity.id = met.activity_id
      WHERE met.tenant_id = %(tenant)s AND met.person_id = person.id
        AND activity.state = %(held)s AND activity.deleted_at IS NULL AND activity."on" <= %(today)s
      ORDER BY activity."on" DESC LIMIT 1))
   FROM accounts_personrole AS role JOIN accounts_keyperson AS person ON person.id = role.person_id
   WHERE role.tenant_id = %(tenant)s AND role.account_id = account.id AND role.kind = ANY (%(seals)s)
     AND role.deleted_at IS NULL AND person.deleted_at IS NULL) AS roles,

  (SELECT json_build_object('score', score, 'band', band, 'change', score -
     (SELECT earlier.score FROM health_scoreday AS earlier
      WHERE earlier.tenant_id = %(tenant)s AND earlier.account_id = account.id AND earlier."on" <= %(before)s
      ORDER BY earlier."on" DESC LIMIT 1))
   FROM health_accountscore WHERE tenant_id = %(tenant)s AND account_id = account.id) AS health,

  (SELECT json_build_object('percent', percent, 'operation', operation, 'organisation', organisation)
   FROM accounts_resolution WHERE tenant_id = %(tenant)s AND account_id = account.id) AS resolution,

  array(SELECT score FROM health_scoreday
   WHERE tenant_id = %(tenant)s AND account_id = account.id AND "on" = ANY (%(weeks)s) ORDER BY "on") AS weeks

FROM accounts_account AS account WHERE tenant_id = %(tenant)s AND id = ANY (%(keys)s)
""".replace("{rate}", RATE.format(tenant="%(tenant)s", today="%(today)s", account="account.id"))


def read_facts(keys: Sequence[UUID], today: date) -> dict[UUID, dict[str, Any]]:
    """The columns of ``FACTS`` for these accounts of the tenant in scope, by key; one statement."""
    if not keys:
        return {}
    values: dict[str, Any] = {
        "tenant": current_tenant_id(),
        "keys": list(keys),
        "today": today,
        "before": today - COMPARED_WITH,
        "weeks": [today - timedelta(weeks=week) for week in range(WEEKS)],
        "held": ActivityState.HELD.value,
        "open": [state.value for state in OPEN],
        "seals": [kind.value for kind in SEALS.values()],
    }
    with connection.cursor() as cursor:
        cursor.execute(FACTS, values)
        columns = [column.name for column in cursor.description]
        return {row[0]: dict(zip(columns, row, strict=True)) for row in cursor.fetchall()}
