"""What stands in somebody's calendar: their meetings, actions, reviews, and the dates of contracts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Account, Activity, Contract, Occasion
from accounts.models.contract import Decision
from accounts.models.occasion import OccasionState
from accounts.visible import on_visible_accounts
from success_plans.models import ActionItem, Criterion
from success_plans.models.action import ActionState
from success_plans.models.plan import OPEN
from tenants.models import Membership
from workspace.account_list.tabs import own_accounts

BACK, AHEAD = timedelta(days=92), timedelta(days=400)
MOST = 1000
"""Of each kind, the nearest first: what a calendar client still takes gladly."""


@dataclass(frozen=True)
class Entry:
    """``key`` is the same at every reading. With a time of day it takes an hour, else the day, or those ``until`` one."""

    key: str
    on: date
    at: time | None
    title: str
    address: str
    changed: datetime
    version: int
    until: date | None = None


@dataclass(frozen=True)
class Asked:
    """Whose calendar, of which days; of one account, or of all that the member works for."""

    member: Membership
    today: date
    account: Account | None = None

    @property
    def days(self) -> tuple[date, date]:
        return self.today - BACK, self.today + AHEAD

    def near(self, rows: QuerySet[Any], column: str, mine: Q) -> QuerySet[Any]:
        """Those of the account, or those that are ``mine``; the member sees the accounts of all of them."""
        rows = rows.filter(account=self.account) if self.account else rows.filter(mine)
        dated = on_visible_accounts(rows, self.member).filter(**{f"{column}__range": self.days})
        return dated.select_related("account").order_by(column, "pk").distinct()[:MOST]

    def own(self) -> Q:
        return Q(account__in=own_accounts(self.member).values("pk"))

    def entry(self, kind: str, row: Any, on: date, title: str, page: str, at: time | None = None) -> Entry:
        said = title if self.account else f"{title} [{row.account.name}]"
        address = settings.PUBLIC_URL.rstrip("/") + page
        return Entry(f"{kind}-{row.pk}", on, at, said, address, row.updated_at, row.version)


def page_of(view: str, pk: UUID, place: str = "") -> str:
    return reverse(view, args=[pk]) + place


def entries_of(asked: Asked) -> list[Entry]:
    """In the order of their days, in as many statements as there are kinds."""
    found = (entry for source in SOURCES for entry in source(asked))
    return sorted(found, key=lambda entry: (entry.on, entry.at or time.min, entry.key))


def meetings(asked: Asked) -> Iterator[Entry]:
    mine = asked.own() | Q(members__member=asked.member) | Q(written_by=asked.member)
    for row in asked.near(Activity.objects.planned().select_related("own_type"), "on", mine):
        page = page_of("accounts:activity_index", row.account_id)
        yield asked.entry("meeting", row, row.on, row.title or row.kind_label, page, row.at)


def actions(asked: Asked) -> Iterator[Entry]:
    under_way = ActionItem.objects.filter(plan__state__in=OPEN, plan__deleted_at=None)
    rows = under_way.exclude(state=ActionState.DROPPED)
    for row in asked.near(rows, "due_on", Q(assignee=asked.member)):
        done = "✓ " if row.state == ActionState.DONE else ""
        page = page_of("success_plans:plan", row.plan_id, f"#action-{row.pk}")
        yield asked.entry("action", row, row.due_on, f"{done}{row.text}", page)


def reviews(asked: Asked) -> Iterator[Entry]:
    under_way = Criterion.objects.filter(
        objective__plan__state__in=OPEN, objective__plan__deleted_at=None, objective__deleted_at=None
    )
    for row in asked.near(under_way.select_related("objective"), "review_on", asked.own()):
        page = page_of("success_plans:plan", row.objective.plan_id, f"#criterion-{row.pk}")
        yield asked.entry("review", row, row.review_on, _("振り返り: %(of)s") % {"of": row.metric}, page)


def renewals(asked: Asked) -> Iterator[Entry]:
    for row in asked.near(Contract.objects.all(), "renews_on", asked.own()):
        page = page_of("accounts:contract_index", row.account_id)
        yield asked.entry("renewal", row, row.renews_on, _("更新日: %(of)s") % {"of": row.name}, page)


def notices(asked: Asked) -> Iterator[Entry]:
    """Only while the renewal is still to be decided."""
    undecided = Contract.objects.filter(decision=Decision.UNDECIDED)
    for row in asked.near(undecided, "notice_on", asked.own()):
        page = page_of("accounts:contract_index", row.account_id)
        yield asked.entry("notice", row, row.notice_on, _("通知期限: %(of)s") % {"of": row.name}, page)


def occasions(asked: Asked) -> Iterator[Entry]:
    """Days of the customer's year that a person has confirmed."""
    confirmed = Occasion.objects.filter(state=OccasionState.CONFIRMED).select_related("own_type")
    for row in asked.near(confirmed, "starts_on", asked.own()):
        page = page_of("workspace:schedule", row.account_id)
        said = _("先方: %(what)s") % {"what": row}
        yield replace(asked.entry("occasion", row, row.starts_on, said, page), until=row.ends_on)


SOURCES: list[Callable[[Asked], Iterator[Entry]]] = [
    meetings, actions, reviews, renewals, notices, occasions,
]  # fmt: skip
