"""What a schedule is drawn from: the customer's occasions, the plans' own actions and reviews, meetings and contracts.

A fixed number of statements, however many rows there are.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.backcast import Backcast, Known, Renewal, Terms, backcast, budget_year, paying_year
from accounts.models import Account, Activity, Contract, Occasion
from accounts.models.activity import ActivityKind, ActivityState
from accounts.models.contract import Decision
from accounts.models.occasion import OccasionKind
from accounts.occasions import Calendar, calendar
from accounts.proposing import Proposal
from ctas import registry
from success_plans.models import ActionItem, Criterion, Objective, SuccessPlan
from success_plans.models.action import ActionState
from success_plans.models.plan import PlanState
from tenants.editing.spans import SPAN, raw_span
from tenants.models import Membership
from tenants.permissions import may
from workspace.schedule.axis import Axis
from workspace.schedule.lanes import Item, Move

PERIODS = (OccasionKind.BUSY, OccasionKind.FREEZE)
SOON = timedelta(days=30)
LABEL = 18
SHARE = re.compile(r"([\d,.]+)\s*/\s*([\d,.]+)")
PERCENT = re.compile(r"(\d{1,3})\s*[%%]")
MOST_MEETINGS = 60
REGULAR = 3
"""A title that comes so often is a series: its past meetings are marks without words."""
MET = (ActivityKind.REVIEW, ActivityKind.MEETING, ActivityKind.CALL)


@dataclass(frozen=True)
class Schedule:
    """Everything of one account that touches an axis, not yet placed."""

    calendar: Calendar
    goals: Sequence["Goal"]
    occasions: Sequence[Item]
    meetings: Sequence[Item]
    reviews: Sequence[Item]
    contracts: Sequence[Item]
    backcast: Backcast | None

    @property
    def items(self) -> Iterator[Item]:
        for goal in self.goals:
            yield from goal.items
        yield from (*self.occasions, *self.meetings, *self.reviews, *self.contracts)


@dataclass(frozen=True)
class Goal:
    """One objective of a plan with its actions. ``undated`` actions cannot stand in a schedule."""

    objective: Any
    items: Sequence[Item]
    undated: int

    @property
    def late(self) -> int:
        return sum(item.look == "over" for item in self.items)


def read(account: Account, axis: Axis, today: date, member: Membership) -> Schedule:
    last = max(axis.last, today + SOON)
    found = calendar(account, axis.first, last)
    may_edit = may(member, "account.edit", account)
    contracts = list(Contract.objects.filter(account=account).order_by("renews_on", "pk"))
    cast = backcast_of(account, axis, contracts, found.known)
    reviews, meetings = met(account, axis, last, may(member, "activity.write", account))
    return Schedule(
        calendar=found,
        goals=goals(account, axis, today, member),
        occasions=[*occasions(account, found, axis, may_edit=may_edit), *closings(account, axis)],
        meetings=meetings,
        reviews=[*reviews, *criteria(account, axis, last, today, member)],
        contracts=list(contract_days(account, contracts)),
        backcast=cast,
    )


# The budget


def terms_of(account: Account) -> Terms:
    """What holds for this customer: the thresholds of R03 and R29, which a tier or the account may have its own of."""
    season, twist = (registry.find(code) for code in ("budget_season", "budget_twist"))
    assert season and twist
    lead, values = season.values()["lead"], twist.values()
    asked: dict[str, Any] = {"lead": lead, **{key: values[key] for key in ("ringi", "days", "closes")}}
    found: dict[str, Any] = dict(Account.objects.filter(pk=account.pk).values(**asked)[0])
    return Terms(found["lead"], found["ringi"], found["days"], found["closes"])


def backcast_of(
    account: Account, axis: Axis, contracts: Iterable[Contract], known: Mapping[int, Known]
) -> Backcast | None:
    """Of the budget that is made in the year of the axis, with the renewal that it pays for if there is one. A renewal
    of this year that an earlier budget pays for is told with that budget."""
    closing = account.closing
    if closing is None:
        return None
    terms = terms_of(account)
    for one in contracts:
        renews_on = one.renews_on
        if (
            renews_on
            and one.decision == Decision.UNDECIDED
            and paying_year(closing, renews_on) == axis.year + 1
        ):
            notice = (renews_on - one.notice_on).days if one.notice_on else None
            return backcast(closing, Renewal(renews_on, notice), terms, known)
    return budget_year(closing, axis.year, terms, known)


# The customer's year


def occasions(account: Account, found: Calendar, axis: Axis, *, may_edit: bool) -> list[Item]:
    page = reverse("accounts:occasion_index", args=[account.pk])
    doubtful = {row.pk for row in found.doubtful}
    written = [
        occasion(row, page, is_doubtful=row.pk in doubtful, may_edit=may_edit) for row in found.written
    ]
    return [*written, *(proposed(one, page) for one in found.proposed)]


def occasion(row: Occasion, page: str, *, is_doubtful: bool, may_edit: bool) -> Item:
    said = [str(row.get_state_display()), row.source]
    said += [_("決算月が変わりました。見直してください")] if is_doubtful else []
    return Item(
        id=f"occasion-{row.pk}",
        label=str(row),
        look=look_of(row.kind, is_confirmed=row.is_confirmed and not is_doubtful),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        said="、".join(filter(None, said)),
        url=f"{page}#row-{row.pk}",
        move=move("occasion", row, SPAN, raw_span((row.starts_on, row.ends_on))) if may_edit else None,
    )


def proposed(one: Proposal, page: str) -> Item:
    return Item(
        id=f"proposal-{one.fiscal_year}-{one.key}",
        label=str(one.kind.label),
        look="ask" if one.ends_on is None else "ask-budget",
        starts_on=one.starts_on,
        ends_on=one.ends_on,
        said=_("提案。まだ確かめていません"),
        url=f"{page}#proposal-{one.fiscal_year}-{one.key}",
    )


def look_of(kind: str, *, is_confirmed: bool) -> str:
    if not is_confirmed:
        return "ask-budget" if kind == OccasionKind.BUDGET else "ask"
    if kind in PERIODS:
        return "busy"
    return "budget" if kind == OccasionKind.BUDGET else "cust"


def closings(account: Account, axis: Axis) -> list[Item]:
    """The ends of fiscal years: facts of the account, not occasions."""
    closing = account.closing
    if closing is None:
        return []
    end = closing.fiscal_year_end(axis.year)
    page = reverse("accounts:account", args=[account.pk])
    return [Item(f"closing-{axis.year}", closing.label, "close", end, url=f"{page}#fiscal")]


# The plans' own rows


def goals(account: Account, axis: Axis, today: date, member: Membership) -> list[Goal]:
    """The objectives of the plans whose period touches the axis, each with its actions; two statements."""
    running = Objective.objects.filter(
        account=account,
        plan__deleted_at=None,
        plan__starts_on__lte=axis.last,
        plan__ends_on__gte=axis.first,
    ).exclude(plan__state=PlanState.CANCELLED)
    objectives = list(
        running.select_related("plan").order_by("plan__starts_on", "plan__pk", "position", "pk")
    )
    objectives.sort(key=lambda objective: not objective.plan.is_open)  # what is over comes last
    rows = ActionItem.objects.filter(account=account, objective__in=[one.pk for one in objectives])
    actions: dict[UUID, list[ActionItem]] = {}
    for row in rows.exclude(state=ActionState.DROPPED).select_related(
        "assignee__user", "customer_assignee", "blocked_by"
    ):
        actions.setdefault(row.objective_id, []).append(row)
    allowed: dict[UUID, bool] = {}
    found = []
    for objective in objectives:
        objective.plan.account = account
        if objective.plan_id not in allowed:
            allowed[objective.plan_id] = may(member, "plan.edit", objective.plan)
        own = actions.get(objective.pk, [])
        items = [
            action(row, objective, today, may_edit=allowed[objective.plan_id])
            for row in own
            if row.due_on or row.starts_on
        ]
        found.append(Goal(objective, items, len(own) - len(items)))
    return [goal for goal in found if goal.items or goal.objective.plan.is_open]


def action(row: ActionItem, objective: Objective, today: date, *, may_edit: bool) -> Item:
    first: Any = row.starts_on or row.due_on
    last = row.due_on if row.starts_on else None
    is_late = bool(objective.plan.is_open and row.is_open and row.due_on and row.due_on < today)
    return Item(
        id=f"action-{row.pk}",
        label=shortened(row.text),
        whole=row.text,
        look=action_look(row, objective.plan, is_late=is_late),
        starts_on=first,
        ends_on=last,
        said="、".join(filter(None, said_of(row, today, is_late=is_late))),
        who=who_of(row),
        url=f"{reverse('success_plans:plan', args=[objective.plan_id])}#action-{row.pk}",
        percent=100 if row.state == ActionState.DONE else share(row.quantity),
        late_until=today if is_late else None,
        move=move("action", row, SPAN, raw_span((row.starts_on, row.due_on))) if may_edit else None,
    )


def action_look(row: ActionItem, plan: SuccessPlan, *, is_late: bool) -> str:
    if row.state == ActionState.DONE:
        return "done"
    if not plan.is_open:
        return "left"
    if is_late:
        return "over"
    return "run" if row.state == ActionState.DOING else "plan"


def said_of(row: ActionItem, today: date, *, is_late: bool) -> Iterator[str]:
    yield str(row.get_state_display())
    yield row.quantity
    yield who_of(row)
    if is_late and row.due_on:
        yield _("%(days)s日超過") % {"days": (today - row.due_on).days}
    if row.blocked_by and row.blocked_by.is_open:
        yield _("先に「%(text)s」") % {"text": shortened(row.blocked_by.text)}


def who_of(row: ActionItem) -> str:
    if row.customer_assignee:
        return str(row.customer_assignee.addressed)
    return row.assignee.name.split()[0] if row.assignee else ""


def share(quantity: str) -> int | None:
    """How much is done, where the text says it: 8 / 12本 is 66, 40% is 40."""
    if found := SHARE.search(quantity):
        done, whole = (number(text) for text in found.groups())
        return None if not whole or done is None else min(int(100 * done / whole), 100)
    percent = PERCENT.search(quantity)
    return min(int(percent[1]), 100) if percent else None


def number(text: str) -> float | None:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return None


def criteria(account: Account, axis: Axis, last: date, today: date, member: Membership) -> list[Item]:
    """The days on which criteria are looked at; those of one day in one plan are one item."""
    rows = Criterion.objects.filter(
        account=account,
        review_on__range=(axis.first, last),
        objective__deleted_at=None,
        objective__plan__deleted_at=None,
    ).exclude(objective__plan__state=PlanState.CANCELLED)
    by_day: dict[tuple[date, UUID], list[Criterion]] = {}
    for row in rows.select_related("objective__plan").order_by("review_on", "pk"):
        row.objective.plan.account = account
        by_day.setdefault((row.review_on, row.objective.plan_id), []).append(row)
    return [looked_at(own, today, member) for own in by_day.values()]


def looked_at(rows: Sequence[Criterion], today: date, member: Membership) -> Item:
    first: Any = rows[0]
    plan = first.objective.plan
    alone = len(rows) == 1 and may(member, "plan.edit", plan)
    label = _("振り返り %(n)s件") % {"n": len(rows)} if len(rows) > 1 else _("振り返り")
    return Item(
        id=f"criterion-{first.pk}",
        label=label,
        look="done" if first.review_on < today else "qbr",
        starts_on=first.review_on,
        said="、".join(row.metric for row in rows),
        url=f"{reverse('success_plans:plan', args=[plan.pk])}#objective-{first.objective_id}",
        move=move("criterion", first, "review_on", first.review_on.isoformat()) if alone else None,
    )


# Meetings and contracts


def met(account: Account, axis: Axis, last: date, may_write: bool) -> tuple[list[Item], list[Item]]:
    """Reviews, and the meetings and calls in which somebody of the customer took part; two statements."""
    found = (
        Activity.objects.filter(account=account, kind__in=MET, on__range=(axis.first, last))
        .exclude(state=ActivityState.CANCELLED)
        .select_related("own_type")
        .prefetch_related("persons__person")
        .order_by("-on", "-pk")[: MOST_MEETINGS * 2]
    )
    rows = list(found)
    often = {title for title, n in Counter(row.title for row in rows).items() if n >= REGULAR}
    reviews: list[Item] = []
    meetings: list[Item] = []
    for row in rows:
        row.account = account
        item = meeting(row, is_regular=row.title in often, may_write=may_write)
        if row.kind == ActivityKind.REVIEW:
            reviews.append(item)
        elif len(meetings) < MOST_MEETINGS:
            meetings.append(item)
    return reviews, meetings


def meeting(row: Activity, *, is_regular: bool, may_write: bool) -> Item:
    is_ahead = row.state == ActivityState.PLANNED
    is_review = row.kind == ActivityKind.REVIEW
    people = "、".join(one.person.addressed for one in row.persons.all())
    day = f" {row.on.month}/{row.on.day}" if is_ahead and is_review else ""
    return Item(
        id=f"activity-{row.pk}",
        label=shortened(row.title, 14) + day,
        whole=row.title + day,
        look=("ebr" if is_review else "todo") if is_ahead else "done",
        starts_on=row.on,
        is_quiet=is_regular and not is_ahead and not is_review,
        said="、".join(filter(None, [row.kind_label, str(row.get_state_display()), people])),
        who=people,
        url=reverse("accounts:activity_index", args=[row.account_id]),
        move=move("activity", row, "on", row.on.isoformat()) if may_write and is_ahead else None,
    )


def contract_days(account: Account, contracts: Iterable[Contract]) -> Iterator[Item]:
    page = reverse("accounts:contract_index", args=[account.pk])
    for one in contracts:
        if one.notice_on:
            yield Item(f"notice-{one.pk}", _("通知期限"), "contract", one.notice_on, said=one.name, url=page)
        if one.renews_on:
            label = _("更新 %(day)s") % {"day": f"{one.renews_on.month}/{one.renews_on.day}"}
            said = f"{one.name}、{one.get_decision_display()}"
            yield Item(f"renewal-{one.pk}", label, "renew", one.renews_on, said=said, url=page)


def move(kind: str, row: Any, field: str, base: str) -> Move:
    return Move(kind, row.pk, reverse(f"edit_{kind}", args=[row.pk]), field, base, row.version)


def shortened(text: str, most: int = LABEL) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
