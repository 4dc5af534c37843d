"""What the coach says of the words of a plan: only what no blank field says already (S1 1.30)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from success_plans.models import ActionItem, Criterion, Objective, SuccessPlan
from success_plans.smart import Context, Fields, Reason, Statement, judge
from success_plans.smart.codes import Code
from success_plans.smart.statement import ACTION, OBJECTIVE

BLANKS = {
    Code.NO_CRITERION,
    Code.NO_BASELINE,
    Code.NO_METHOD,
    Code.NO_REVIEW,
    Code.NO_DUE,
    Code.VAGUE_DUE,
    Code.OPEN_ENDED,
}
"""What the fields of an objective ask for themselves while they are empty."""
OWN_COLUMN = {Code.OWNER_MISSING, Code.OWNER_VAGUE, Code.NO_DUE, Code.VAGUE_DUE, Code.OPEN_ENDED}
"""An action's 誰が and いつまで stand empty beside it."""


@dataclass(frozen=True)
class Advice:
    """One question, and the words that raise it: each with its place among the characters that were typed."""

    letter: str
    question: str
    marks: tuple[tuple[int, str], ...]

    @property
    def words(self) -> str:
        return "…".join(word.strip() for _place, word in self.marks[:3])


def advice_on(
    record: Objective | ActionItem, criteria: Sequence[Criterion], plan: SuccessPlan, today: date
) -> list[Advice]:
    """For an objective with its criteria, or an action (no criteria); nothing when all is well."""
    text = record.text if isinstance(record, ActionItem) else record.statement
    return [advice(reason, text) for reason in reasons_of(record, criteria, plan, today)]


def reasons_of(
    record: Objective | ActionItem, criteria: Sequence[Criterion], plan: SuccessPlan, today: date
) -> list[Reason]:
    """The same as codes and places, as they can be kept."""
    is_action = isinstance(record, ActionItem)
    text = record.text if isinstance(record, ActionItem) else record.statement
    if not text.strip():
        return []
    context = Context(today, plan.account.closing, plan.plan_type)
    fields = of_action(record) if isinstance(record, ActionItem) else of_criterion(record, criteria)
    judged = judge(Statement(text, context, ACTION if is_action else OBJECTIVE, fields))
    silent = OWN_COLUMN if is_action else BLANKS
    return [reason for reason in judged.reasons if reason.code not in silent]


def of_criterion(objective: Any, criteria: Sequence[Any]) -> Fields:
    """The first criterion: the others have fields and blanks of their own."""
    first = next(iter(criteria), None)
    if first is None:
        return Fields(evidence=objective.evidence)
    return Fields(
        first.metric, first.baseline, first.target, first.unit, first.due_on, first.review_on, first.method,
        evidence=objective.evidence,
    )  # fmt: skip


def of_action(action: Any) -> Fields:
    return Fields(due=action.due_on)


def advice(reason: Reason, text: str) -> Advice:
    marks = tuple((start, text[start:end]) for start, end in reason.marks)
    return Advice(reason.code.letter, reason.code.question, marks)
