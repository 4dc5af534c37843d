"""空欄台帳: the cells and roles that somebody still owes, per account and across one's own, the next meeting first."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.frame import SEALS
from accounts.models import Account, Activity, PersonRole
from accounts.models.account import Stage
from accounts.models.activity import ActivityState
from accounts.models.key_person import PersonState
from accounts.models.sheet import TIERS_ASKED, NeededBy, Owes
from accounts.people import ASKED
from accounts.sheet import asking
from accounts.sheet.counting import CELLS, editions_of, parameters
from accounts.sheet.reading import Row, Sheet
from tenants.models import Membership

PAGE = 30
ROLE = "role-"
LIVE = [Stage.LIVE.value, Stage.ONBOARDING.value]

OWED = """
WITH {cells}, gaps AS MATERIALIZED (
  SELECT account_id, key, label, question, owner, state, position FROM cells WHERE state <> 'known'{more}
  UNION ALL
  SELECT s.id, %(role)s || r.kind, r.label, r.question, r.owner, 'blank', r.position
  FROM sheets s JOIN jsonb_to_recordset(%(roles)s::jsonb)
    AS r(kind text, label text, question text, owner text, position integer, tiers jsonb) ON jsonb_exists(r.tiers, s.tier)
  WHERE NOT EXISTS (
    SELECT FROM accounts_personrole held JOIN accounts_keyperson person
      ON person.tenant_id = held.tenant_id AND person.id = held.person_id
    WHERE held.tenant_id = %(tenant)s AND held.account_id = s.id AND held.kind = r.kind
      AND held.deleted_at IS NULL AND person.deleted_at IS NULL
      AND (held.starts_on IS NULL OR held.starts_on <= %(today)s)
      AND (held.ends_on IS NULL OR held.ends_on >= %(today)s)
      AND (person.state = %(active)s OR person.state_since > %(today)s))
), owed AS (
  SELECT c.account_id, c.key, c.label, c.question, c.owner, c.state, c.position
  FROM gaps c JOIN accounts_account a ON a.tenant_id = %(tenant)s AND a.id = c.account_id
  WHERE a.stage = ANY(%(live)s) AND (%(everybody)s
    OR (c.owner = 'csm' AND %(member)s IN (a.csm_id, a.deputy_id))
    OR (c.owner = 'sales' AND a.commercial_owner_id = %(member)s))
), accounts AS (
  SELECT o.account_id, count(*) AS number FROM owed o GROUP BY o.account_id
), page AS (
  SELECT n.account_id, n.number, meeting.id AS meeting_id, meeting."on", meeting.title, count(*) OVER () AS accounts,
    sum(n.number) OVER () AS cells,
    row_number() OVER (ORDER BY coalesce(meeting."on", 'infinity'::date), n.number DESC, n.account_id) AS place
  FROM accounts n LEFT JOIN LATERAL (
    SELECT m.id, m."on", m.title FROM accounts_activity m
    WHERE m.tenant_id = %(tenant)s AND m.account_id = n.account_id AND m.state = %(planned)s
      AND m."on" >= %(today)s AND m.deleted_at IS NULL
    ORDER BY m."on", m."at" NULLS LAST, m.id LIMIT 1
  ) meeting ON true
)
SELECT p.account_id, a.name, p."on", p.title, p.number, p.accounts, p.cells, o.key, o.label, o.question, o.owner, o.state
FROM page p JOIN accounts_account a ON a.tenant_id = %(tenant)s AND a.id = p.account_id
JOIN owed o ON o.account_id = p.account_id
WHERE p.place > %(start)s AND p.place <= %(start)s + %(size)s
ORDER BY p.place, (o.state = 'ask') DESC, o.position, o.key
"""
MINE = """(%(everybody)s OR %(member)s IN (a.csm_id, a.deputy_id, a.commercial_owner_id))
  AND a.stage = ANY(%(live)s)"""


@dataclass(frozen=True)
class Blank:
    """A cell that is owed, or a role that nobody is known for; ``state`` is blank, ask or old."""

    key: str
    label: str
    question: str
    owner: str
    state: str

    @property
    def url(self) -> str:
        """Where a question of another room leads; empty for a cell of the sheet."""
        return asking.url_of(self.key)

    @property
    def is_of_sales(self) -> bool:
        return self.owner == Owes.SALES

    @property
    def is_role(self) -> bool:
        return self.key.startswith(ROLE)


@dataclass(frozen=True)
class Owing:
    """An account with what is owed about it, and the next meeting, if one is agreed."""

    pk: UUID
    name: str
    on: date | None
    meeting: str
    number: int
    blanks: Sequence[Blank]


@dataclass(frozen=True)
class Ledger:
    rows: Sequence[Owing]
    accounts: int
    cells: int
    start: int

    @property
    def before(self) -> int | None:
        return max(self.start - PAGE, 0) if self.start else None

    @property
    def after(self) -> int | None:
        return self.start + PAGE if self.start + PAGE < self.accounts else None


def ledger_of(member: Membership, today: date, *, everybody: bool = False, start: int = 0) -> Ledger:
    """What ``member`` owes: as CSM or deputy what CSMs owe, as the commercial owner what sales owes; two statements,
    whatever the number of accounts."""
    values: dict[str, Any] = {
        **parameters(editions_of(), today),
        "member": member.pk,
        "everybody": everybody,
        "live": LIVE,
        "planned": ActivityState.PLANNED.value,
        "start": start,
        "size": PAGE,
        "role": ROLE,
        "roles": json.dumps(roles_asked()),
        "active": PersonState.ACTIVE.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(OWED.format(cells=CELLS.format(within=MINE), more=asking.more_cells()), values)
        rows = cursor.fetchall()
    found = [
        Owing(account, name, on, title or "", number, [Blank(*row[7:]) for row in lines])
        for (account, name, on, title, number), lines in groupby(rows, key=lambda row: row[:5])
    ]
    accounts, cells = (rows[0][5], int(rows[0][6])) if rows else (0, 0)
    return Ledger(found, accounts, cells, start)


def roles_asked() -> list[dict[str, Any]]:
    """The roles that an account is not without, before the cells: 決裁者 and 推進者 of every one, the others where the
    sheet asks more than the least."""
    return [
        {
            "kind": kind.value,
            "label": str(kind.label),
            "question": str(question),
            "owner": owner,
            "position": place - len(ASKED),
            "tiers": TIERS_ASKED[NeededBy.ALL if kind in SEALS else NeededBy.MID],
        }
        for place, (kind, (owner, question)) in enumerate(ASKED.items())
    ]


def missing_roles(account: Account, today: date) -> list[Blank]:
    """Those of one account."""
    held = set(PersonRole.objects.filter(account=account).held_on(today).values_list("kind", flat=True))
    return [
        Blank(f"{ROLE}{role['kind']}", role["label"], role["question"], role["owner"], "blank")
        for role in roles_asked()
        if account.tier in role["tiers"] and role["kind"] not in held
    ]


def owed(sheet: Sheet) -> dict[str, list[Row]]:
    """The cells of one sheet that are not known, by who owes them; what is asked already stands apart."""
    rows = [row for row in sheet.rows if row.is_counted and not row.is_known]
    return {
        "asked": [row for row in rows if row.is_asked],
        "sales": [row for row in rows if row.owner == "sales" and not row.is_asked],
        "csm": [row for row in rows if row.owner != "sales" and not row.is_asked],
    }


def next_meeting(account: Account, today: date) -> Activity | None:
    """The next planned activity, on whose question list the asked blanks stand."""
    planned = Activity.objects.planned().filter(account=account, on__gte=today)
    return planned.order_by("on", "at", "pk").first()  # type: ignore[no-any-return]
