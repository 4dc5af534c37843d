"""CTAs as pages show them: rows with their sentence, grouped by why now. 今日 and the CTA list read these.

``templates/ctas/_row.html`` draws one ``Row`` (context: ``row``, ``today``); put it in ``<ul class="ctas" data-rows>``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, Subquery

from accounts.models import Account
from ctas import registry
from ctas.models import Cta, Status
from ctas.models.cta import CtaQuerySet
from ctas.registry import Rule
from health.models import AccountScore
from tenants.permissions import Reach, reach
from tenants.scope import current_member

if TYPE_CHECKING:
    from tenants.models import Membership

SHOWN = 200


@dataclass(frozen=True)
class Row:
    """One CTA in words. ``band`` and ``score`` are its account's health, for the shape beside the name."""

    cta: Cta
    rule: Rule
    title: str
    why: str
    heading: str
    band: str
    score: int | None
    is_asleep: bool
    may_handle: bool = False

    @classmethod
    def of(cls, cta: Cta, today: date, *, may_handle: bool = False) -> "Row":
        rule = registry.rule_of(cta)
        return cls(
            cta=cta,
            rule=rule,
            title=rule.title(cta.evidence),
            why=rule.why(cta.evidence, today),
            heading=rule.heading(cta.evidence, today),
            band=getattr(cta, "band", None) or "none",
            score=getattr(cta, "score", None),
            is_asleep=cta.status == Status.SNOOZED
            and cta.snoozed_until is not None
            and cta.snoozed_until > today,
            may_handle=may_handle,
        )

    @property
    def is_asking(self) -> bool:
        """Its reason is gone, but somebody was at work on it: only they may close it."""
        return self.cta.is_open and self.cta.gone_on is not None

    @property
    def ending(self) -> str:
        return str(self.rule.endings.get(self.cta.ending, registry.COMMON_ENDINGS.get(self.cta.ending, "")))


@dataclass
class Group:
    """Why now: a heading, one sentence under it, and what to do."""

    rule: Rule
    heading: str
    because: str
    rows: list[Row] = field(default_factory=list)

    @property
    def first_due(self) -> date:
        return min(row.cta.due_on for row in self.rows)


def with_health(ctas: CtaQuerySet) -> CtaQuerySet:
    """Adds ``band`` and ``score`` of the account, and loads what a row names; no statement per row."""
    scores = AccountScore.objects.filter(account=OuterRef("account"))
    return ctas.select_related("account", "assignee__user").annotate(
        band=Subquery(scores.values("band")[:1]), score=Subquery(scores.values("score")[:1])
    )


def waiting_for(member: "Membership", today: date) -> CtaQuerySet:
    """What waits for ``member`` today: theirs, open and not asleep."""
    return Cta.objects.assigned_to(member).awake(today)


def rows(ctas: CtaQuerySet, today: date, limit: int = SHOWN) -> list[Row]:
    """The most urgent ones as the member in scope sees them; two statements, however many there are."""
    found = list(with_health(ctas).urgent_first()[:limit])
    handled = handled_by(current_member(), found)
    return [Row.of(cta, today, may_handle=cta.pk in handled) for cta in found]


def handled_by(member: "Membership | None", ctas: list[Cta]) -> set[UUID]:
    """Which of them ``member`` may close: what ``may(member, "cta.handle", cta)`` says, asked once for all."""
    far = reach(member, "cta.handle") if member else Reach.NONE
    if far is Reach.ALL:
        return {cta.pk for cta in ctas}
    if member is None or far is Reach.NONE:
        return set()
    own = {cta.pk for cta in ctas if member.pk in (cta.assignee_id, cta.co_assignee_id)}
    if far is Reach.ASSIGNED or len(own) == len(ctas):
        return own
    accounts = Account.objects.filter(pk__in={cta.account_id for cta in ctas})
    ties = accounts.owned_by(member) if far is Reach.OWN else accounts.commercially_owned_by(member)
    tied = set(ties.values_list("pk", flat=True))
    return own | {cta.pk for cta in ctas if cta.account_id in tied}


def grouped(found: Iterable[Row]) -> list[Group]:
    """By why-now; the group with the earliest due date first, then the rules' priority."""
    groups: dict[tuple[str, str], Group] = {}
    for row in found:
        key = (row.rule.code, row.heading)
        groups.setdefault(key, Group(row.rule, row.heading, str(row.rule.because))).rows.append(row)
    return sorted(
        groups.values(), key=lambda group: (group.rule.priority, group.first_due, group.rule.number)
    )


def today_groups(member: "Membership", today: date, limit: int = SHOWN) -> list[Group]:
    """The groups of 今日 for one person: a fixed number of statements."""
    return grouped(rows(waiting_for(member, today), today, limit))


def count_waiting(member: "Membership", today: date) -> int:
    return waiting_for(member, today).count()


def open_counts(ctas: CtaQuerySet, today: date) -> dict[str, int]:
    """How many are waiting, being worked on, asleep and overdue, in one statement."""
    awake = ~Q(status=Status.SNOOZED, snoozed_until__gt=today)
    return ctas.open().aggregate(
        awake=Count("pk", filter=awake),
        doing=Count("pk", filter=Q(status=Status.DOING)),
        asleep=Count("pk", filter=~awake),
        overdue=Count("pk", filter=awake & Q(due_on__lt=today)),
    )


def of_account(account: Any, today: date) -> list[Row]:
    """The open CTAs of one account, sleeping ones included."""
    return rows(Cta.objects.filter(account=account).open(), today)
