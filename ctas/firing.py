"""Opening and closing CTAs: for each rule a handful of statements over all accounts of the tenant."""

from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, DateField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Now

from accounts.models import Account
from ctas.assigning import People
from ctas.duedates import Calendar
from ctas.models import Cta, Mode, Status
from ctas.options import MODE, Values
from ctas.registry import Rule
from ui.querying import insert_select

KEY = "tenant_id, rule, account_id, unit_id, subject, occurrence"
# What closed itself comes back with its condition; what a person closed is not even tried (see ``standing``).
REOPEN = (
    "status = 'todo', was = '', ending = '', closed_at = NULL, gone_on = NULL, evidence = excluded.evidence,"
    " opened_on = excluded.opened_on, due_on = excluded.due_on WHERE kept.status = 'resolved'"
)
LEFT = "left"


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
    closed = settle(rule, today, values)
    return Outcome(fire(rule, today, values, people=people or People(today), due_on=due_on), closed)


def matches(
    rule: Rule, today: date, values: Values, live: QuerySet[Any] | None = None, *, mode: str = Mode.ON
) -> list[QuerySet[Any]]:
    """The accounts the rule holds for, among those it is switched on (or on trial) for."""
    accounts = Account.objects.live() if live is None else live
    return list(rule.condition(accounts.alias(mode=values[MODE]).filter(mode=mode), today, values))


def fire(rule: Rule, today: date, values: Values, *, people: People, due_on: date) -> list[UUID]:
    """Open what is new and reopen what came back; gives their ids. A second time there is nothing left to open."""
    opened: list[UUID] = []
    for matching in matches(rule, today, values):
        rows = fresh(rule, matching).annotate(
            account_id=F("pk"),
            rule=Value(rule.code),
            priority=Value(rule.priority),
            assignee_id=people.of_account(),
            co_assignee_id=people.seller() if rule.has_seller else people.nobody(),
            opened_on=Value(today, output_field=DateField()),
            due_on=Value(due_on, output_field=DateField()),
        )
        columns = ("subject", "occurrence", "evidence", "account_id", "rule", "priority", "assignee_id")
        rows = rows.values("tenant_id", *columns, "co_assignee_id", "opened_on", "due_on")
        opened += [pk for (pk,) in insert_select(Cta, rows, conflict=KEY, update=REOPEN)]
    return opened


def fresh(rule: Rule, matching: QuerySet[Any]) -> QuerySet[Any]:
    """The matches that have no CTA yet, or one that closed itself."""
    same = Cta.objects.filter(
        rule=rule.code, account=OuterRef("pk"), subject=OuterRef("subject"), occurrence=OuterRef("occurrence")
    )
    return matching.filter(opens=True).filter(~Exists(same.exclude(status=Status.RESOLVED)))


def settle(rule: Rule, today: date, values: Values) -> int:
    """Close what lost its reason; gives how many. What somebody works on or has flagged is asked about instead."""
    still_here = keep_current(rule, today, values)
    gone = watched(rule, today, values).exclude(still_here)
    in_hands = Q(status=Status.DOING) | Q(is_flagged=True)
    gone.filter(in_hands, gone_on__isnull=True).update(gone_on=today)
    is_live = Exists(Account.objects.live().filter(pk=OuterRef("account")))
    ending = Case(When(~is_live, then=Value(LEFT)), default=rule.ending(today), output_field=CharField())
    return gone.exclude(in_hands).update(
        status=Status.RESOLVED, was=F("status"), ending=ending, closed_at=Now(), gone_on=today
    )


def keep_current(rule: Rule, today: date, values: Values) -> Q:
    """Write changed evidence into open CTAs; gives the condition on a CTA that its reason is still there."""
    reasons = []
    for matching in matches(rule, today, values):
        reason = of_cta(matching)
        reasons.append(Q(Exists(reason)))
        standing = watched(rule, today, values).filter(Exists(reason))
        standing.filter(gone_on__isnull=False).update(gone_on=None)
        changed = standing.exclude(Exists(reason.filter(evidence=OuterRef("evidence"))))
        changed.update(evidence=reason.values("evidence")[:1])
    return reduce(or_, reasons, Q(pk__in=[]))


def of_cta(matching: QuerySet[Any]) -> QuerySet[Any]:
    """The match that a CTA (the outer query) was opened for."""
    return matching.filter(
        pk=OuterRef("account"), subject=OuterRef("subject"), occurrence=OuterRef("occurrence")
    )


def without_reason(rule: Rule, today: date, values: Values) -> QuerySet[Cta]:
    """The open CTAs that ``settle`` would close or ask about; nothing is written."""
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
