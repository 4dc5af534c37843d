"""Opening and closing CTAs: for each rule one statement over all accounts of the tenant, and one more if some close."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Now

from accounts.models import Account
from ctas.assigning import People
from ctas.duedates import Calendar
from ctas.models import Cta, Mode, Status
from ctas.options import MODE, Values
from ctas.registry import Rule
from tenants.scope import current_tenant_id
from ui.querying import compiled, fetched, insert_from

# One statement a rule, however many accounts: what it holds for is worked out once, then compared with the open CTAs.
# Facts that changed are written, what is new is opened; what lost its reason is only named, for closing it is rare.
EVALUATE = """
WITH matching AS MATERIALIZED ({matching}), watched AS MATERIALIZED ({watched}), current AS (
  UPDATE ctas_cta AS cta SET evidence = matching.evidence, gone_on = NULL
  FROM watched JOIN matching USING (account_id, subject, occurrence)
  WHERE cta.tenant_id = %s AND cta.id = watched.id
    AND (watched.gone_on IS NOT NULL OR watched.evidence IS DISTINCT FROM matching.evidence)
), opened AS ({insert})
SELECT id, true FROM opened UNION ALL
SELECT id, false FROM watched WHERE NOT EXISTS (
  SELECT FROM matching WHERE (matching.account_id, matching.subject, matching.occurrence)
    = (watched.account_id, watched.subject, watched.occurrence)) AND NOT watched.is_asked
"""
FRESH = """(
  SELECT matching.*, %s::uuid AS tenant_id, %s AS rule, %s AS priority, %s::date AS opened_on, %s::date AS due_on
  FROM matching WHERE opens AND NOT EXISTS (
    SELECT FROM ctas_cta AS same WHERE same.tenant_id = %s AND same.rule = %s AND same.account_id = matching.account_id
      AND same.subject = matching.subject AND same.occurrence = matching.occurrence AND same.status <> %s))"""
MATCHED = ("account_id", "subject", "occurrence", "evidence", "opens", "assignee_id", "co_assignee_id")
NOTHING = """
SELECT NULL::uuid AS account_id, '' AS subject, '' AS occurrence, NULL::jsonb AS evidence, false AS opens,
  NULL::uuid AS assignee_id, NULL::uuid AS co_assignee_id WHERE false"""
WATCHED = ("id", "account_id", "subject", "occurrence", "evidence", "gone_on", "is_asked")
WRITTEN = (
    "tenant_id",
    "rule",
    "priority",
    "opened_on",
    "due_on",
    *(name for name in MATCHED if name != "opens"),
)
KEY = "tenant_id, rule, account_id, unit_id, subject, occurrence"
# What closed itself comes back with its condition; what a person closed is not even tried (see ``standing``).
REOPEN = (
    "status = 'todo', was = '', ending = '', closed_at = NULL, gone_on = NULL, evidence = excluded.evidence,"
    " opened_on = excluded.opened_on, due_on = excluded.due_on WHERE kept.status = 'resolved'"
)
LEFT = "left"
IN_HANDS = Q(status=Status.DOING) | Q(is_flagged=True)


@dataclass(frozen=True)
class Outcome:
    opened: list[UUID]
    closed: int


def evaluate(
    rule: Rule, today: date, people: People | None = None, calendar: Calendar | None = None
) -> Outcome:
    """One rule on one day: close what lost its reason, open what is new. A second time nothing changes."""
    values = rule.values()
    if values.is_silent:
        return Outcome([], 0)
    due_on = (calendar or Calendar.read()).add_workdays(today, rule.due_in)
    opened, gone = fire(rule, today, values, people=people or People(today), due_on=due_on)
    return Outcome(opened, close(rule, gone, today))


def matches(
    rule: Rule, today: date, values: Values, live: QuerySet[Any] | None = None, *, mode: str = Mode.ON
) -> list[QuerySet[Any]]:
    """The accounts the rule holds for, among those it is switched on (or on trial) for."""
    accounts = Account.objects.live() if live is None else live
    return list(rule.condition(accounts.alias(mode=values[MODE]).filter(mode=mode), today, values))


def fire(
    rule: Rule, today: date, values: Values, *, people: People, due_on: date
) -> tuple[list[UUID], list[UUID]]:
    """Open what is new, reopen what came back; gives their ids, and those of open CTAs that lost their reason."""
    matching, params = one_table(
        found.annotate(
            account_id=F("pk"),
            assignee_id=people.manager() if rule.is_for_managers else people.of_account(),
            co_assignee_id=people.seller() if rule.has_seller else people.nobody(),
        ).values(*MATCHED)
        for found in matches(rule, today, values)
    )
    standing = watched(rule, today, values).annotate(is_asked=Q(IN_HANDS, gone_on__isnull=False))
    watching, more = compiled(standing.values(*WATCHED))
    tenant = current_tenant_id()
    insert, constants = insert_from(Cta, WRITTEN, FRESH, conflict=KEY, update=REOPEN)
    fresh_ones = [tenant, rule.code, rule.priority, today, due_on, tenant, rule.code, Status.RESOLVED]
    statement = EVALUATE.format(matching=matching, watched=watching, insert=insert)
    rows = fetched(statement, [*params, *more, tenant, *constants, *fresh_ones])
    return [pk for pk, is_new in rows if is_new], [pk for pk, is_new in rows if not is_new]


def one_table(parts: Iterable[QuerySet[Any]]) -> tuple[str, list[Any]]:
    """The matches of a rule one below the other, as SQL; a part that cannot have rows is left out."""
    selects, params = [NOTHING], []
    for rows in parts:
        with suppress(EmptyResultSet):
            sql, more = compiled(rows.order_by())
            selects.append(f"SELECT {', '.join(MATCHED)} FROM ({sql}) AS part")
            params += more
    return " UNION ALL ".join(selects[1:] or selects), params


def fresh(rule: Rule, matching: QuerySet[Any]) -> QuerySet[Any]:
    """The matches that have no CTA yet, or one that closed itself."""
    same = Cta.objects.filter(
        rule=rule.code, account=OuterRef("pk"), subject=OuterRef("subject"), occurrence=OuterRef("occurrence")
    )
    return matching.filter(opens=True).filter(~Exists(same.exclude(status=Status.RESOLVED)))


def close(rule: Rule, gone: list[UUID], today: date) -> int:
    """Close what lost its reason; gives how many. What somebody works on or has flagged is asked about instead."""
    if not gone:
        return 0
    lost = Cta.objects.open().filter(pk__in=gone)
    lost.filter(IN_HANDS).update(gone_on=today)
    is_live = Exists(Account.objects.live().filter(pk=OuterRef("account")))
    ending = Case(When(~is_live, then=Value(LEFT)), default=rule.ending(today), output_field=CharField())
    return lost.exclude(IN_HANDS).update(
        status=Status.RESOLVED, was=F("status"), ending=ending, closed_at=Now(), gone_on=today
    )


def of_cta(matching: QuerySet[Any]) -> QuerySet[Any]:
    """The match that a CTA (the outer query) was opened for."""
    return matching.filter(
        pk=OuterRef("account"), subject=OuterRef("subject"), occurrence=OuterRef("occurrence")
    )


def without_reason(rule: Rule, today: date, values: Values) -> QuerySet[Cta]:
    """The open CTAs that ``close`` would end or ask about; nothing is written."""
    reasons = [Q(Exists(of_cta(matching))) for matching in matches(rule, today, values)]
    return watched(rule, today, values).exclude(reduce(or_, reasons, Q(pk__in=[])))


def watched(rule: Rule, today: date, values: Values) -> QuerySet[Cta]:
    """The rule's open CTAs as of ``today``, but not of accounts for which it is off: those wait for a person."""
    switched_off = Account.objects.live().alias(mode=values[MODE]).exclude(mode=Mode.ON)
    open_ones = Cta.objects.open().filter(rule=rule.code, opened_on__lte=today)
    if not values.is_mixed(MODE):
        return open_ones
    return open_ones.exclude(Exists(switched_off.filter(pk=OuterRef("account"))))


def wake(today: date) -> int:
    """Snoozes that are over: back to the state before."""
    over = Cta.objects.filter(status=Status.SNOOZED, snoozed_until__lte=today)
    before = Case(When(was="", then=Value(Status.TODO)), default=F("was"), output_field=CharField())
    return over.update(status=before, was="", snoozed_until=None, snooze_reason="")
