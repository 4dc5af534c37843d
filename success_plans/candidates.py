"""What a recovery plan could be about: proposed from what is weak, each with where it comes from (S3 3.7).

A room below or above registers what it sees as weak; adding a candidate writes an objective that keeps its source.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.sheet.ledger import missing_roles
from success_plans.models import ActionItem, Criterion, Objective, SuccessPlan
from success_plans.models.action import OPEN as OPEN_ACTION
from success_plans.models.objective import Direction
from success_plans.models.plan import PlanState, PlanType
from success_plans.objectives import PutIn, write
from success_plans.progress import expected, is_behind, progress
from success_plans.standing import standing_on
from tenants.editing.fields import grouped

MOST = 8
"""Candidates on the page; who has more begins with the weakest."""


@dataclass(frozen=True)
class Candidate:
    """``key`` names the same weakness every time, ``source`` says it in words with its figures. ``criterion`` are the
    columns of a first success criterion, where the weakness is a figure."""

    key: str
    statement: str
    source: str
    why: str = ""
    criterion: dict[str, Any] = field(default_factory=dict)


Provider = Callable[[SuccessPlan, date], Iterable[Candidate]]
_providers: list[tuple[int, Provider]] = []


def register(provider: Provider, *, order: int) -> None:
    """``provider(plan, today)`` gives what is weak about the plan's account, the weakest first."""
    _providers.append((order, provider))
    _providers.sort(key=lambda pair: pair[0])


def candidates_of(plan: SuccessPlan, today: date) -> list[Candidate]:
    """For a recovery plan, without those that it has taken up."""
    if plan.plan_type != PlanType.RECOVERY or not plan.is_open:
        return []
    taken = set(Objective.objects.filter(plan=plan).exclude(candidate="").values_list("candidate", flat=True))
    found = (candidate for _order, provider in _providers for candidate in provider(plan, today))
    return [candidate for candidate in found if candidate.key not in taken][:MOST]


def take_up(plan: SuccessPlan, candidate: Candidate) -> PutIn:
    """The objective that a candidate becomes, with its criterion."""

    def put_in() -> Objective:
        made = write(
            plan,
            candidate.statement,
            why=candidate.why,
            arises_from=candidate.source,
            candidate=candidate.key,
        )()
        if candidate.criterion:
            whole = {"due_on": plan.ends_on, **candidate.criterion}
            Criterion.objects.create(account_id=plan.account_id, objective=made, position=1, **whole)
        return made

    return put_in


def find(plan: SuccessPlan, key: str) -> Candidate | None:
    return next((one for one in candidates_of(plan, timezone.localdate()) if one.key == key), None)


def until(plan: SuccessPlan) -> str:
    return _("%(year)s年%(month)s月%(day)s日まで") % {
        "year": plan.ends_on.year, "month": plan.ends_on.month, "day": plan.ends_on.day,
    }  # fmt: skip


# What this room knows


def unmet_criteria(plan: SuccessPlan, today: date) -> Iterable[Candidate]:
    """Of the account's other plans under way: behind today's expectation, or past their day; the furthest behind first."""
    rows = Criterion.objects.filter(
        account=plan.account_id, objective__deleted_at=None, objective__plan__deleted_at=None,
        objective__plan__state=PlanState.ACTIVE,
    ).exclude(objective__plan=plan.pk)  # fmt: skip
    behind = []
    for criterion in standing_on(rows.select_related("objective__plan"), today):
        done = progress(criterion.direction, criterion.baseline, criterion.standing, criterion.target)
        due = expected(criterion.objective.plan.starts_on, criterion.due_on, today)
        if done is not None and due is not None and is_behind(done, due):
            behind.append((done - due, criterion, done, due))
    for _gap, criterion, done, due in sorted(behind, key=lambda row: (row[0], str(row[1].pk))):
        yield _from_criterion(plan, criterion, round(done * 100), round(due * 100))


def _from_criterion(plan: SuccessPlan, criterion: Any, done: int, due: int) -> Candidate:
    words = {
        "until": until(plan), "metric": criterion.metric, "unit": criterion.unit, "done": done, "due": due,
        "now": grouped(criterion.standing), "target": grouped(criterion.target), "plan": criterion.objective.plan.title,
    }  # fmt: skip
    goal = (
        _("%(until)sに、%(metric)sを%(now)s%(unit)sから%(target)s%(unit)sへ上げる")
        if criterion.direction == Direction.UP
        else _("%(until)sに、%(metric)sを%(now)s%(unit)sから%(target)s%(unit)sへ下げる")
    )
    kept = ("metric", "direction", "unit", "target", "method", "measured_by_id")
    return Candidate(
        key=f"criterion:{criterion.pk}",
        statement=goal % words,
        source=_("未達の基準「%(metric)s」%(done)s%%(予定%(due)s%%)、%(plan)s") % words,
        why=criterion.objective.why,
        criterion={
            **{key: getattr(criterion, key) for key in kept},
            "baseline": criterion.standing,
            "actual": None if criterion.measured_by_id else criterion.standing,
        },
    )


def overdue_actions(plan: SuccessPlan, today: date) -> Iterable[Candidate]:
    """One candidate for each other plan of the account in which actions are late."""
    rows = ActionItem.objects.filter(
        account=plan.account_id, state__in=OPEN_ACTION, due_on__lt=today, objective__deleted_at=None,
        plan__deleted_at=None, plan__state=PlanState.ACTIVE,
    ).exclude(plan=plan.pk)  # fmt: skip
    by_plan: dict[Any, list[Any]] = {}
    for action in rows.select_related("plan").order_by("due_on", "pk"):
        by_plan.setdefault(action.plan_id, []).append(action)
    for late in sorted(by_plan.values(), key=lambda actions: (-len(actions), actions[0].due_on)):
        first, number = late[0], len(late)
        words = {"until": until(plan), "n": number, "text": first.text[:40], "plan": first.plan.title}
        yield Candidate(
            key=f"overdue:{first.plan_id}",
            statement=_("%(until)sに、期日を過ぎたアクションを%(n)s件から0件へ減らす") % words,
            source=_("期日を過ぎたアクション%(n)s件(「%(text)s」ほか)、%(plan)s") % words
            if number > 1
            else _("期日を過ぎたアクション「%(text)s」、%(plan)s") % words,
            criterion={
                "metric": _("期日を過ぎたアクション"), "direction": Direction.DOWN, "unit": _("件"),
                "baseline": number, "target": 0, "method": _("プランのアクション一覧、週に一度数える"),
            },
        )  # fmt: skip


def blanks(plan: SuccessPlan, today: date) -> Iterable[Candidate]:
    """People whom nobody knows: the account is worked on without them."""
    for blank in missing_roles(plan.account, today):
        words = {"until": until(plan), "label": blank.label}
        yield Candidate(
            key=f"blank:{blank.key}",
            statement=_("%(until)sに、%(label)sがだれかを確かめ、一度会う") % words,
            source=_("空欄「%(label)s」") % words,
            why=blank.question,
        )


register(unmet_criteria, order=20)
register(overdue_actions, order=30)
register(blanks, order=40)
