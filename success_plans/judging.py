"""What is still open in plans, for many at once: blanks are read from the rows, words only where nobody judged them yet.

The coach takes milliseconds for a statement, which is too long for a hundred plans on one page. What it finds is kept
when a plan is handed in, under the versions it has read; see decision 0022.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import md5
from typing import Any
from uuid import UUID

from success_plans.coaching import advice, reasons_of
from success_plans.completeness import OK, WARN, Letters, gaps_of, letters_of, letters_together
from success_plans.models import ActionItem, Criterion, JudgedObjective, Objective, SuccessPlan
from success_plans.models.action import OPEN
from success_plans.reading import aim_of
from success_plans.smart import Reason
from success_plans.smart.codes import Code


@dataclass(frozen=True)
class Question:
    """One gap as the manager hears it out: the question, what it is about, and where the answer goes."""

    letter: str
    text: str
    place: str
    about: str
    anchor: str

    @property
    def line(self) -> str:
        """As it is sent back with the plan."""
        about = f"{self.about} " if self.about else ""
        return f"{self.place}:{about}{self.text}"


@dataclass(frozen=True)
class Judged:
    """An objective with what is open in it."""

    objective: Objective
    letters: Letters
    questions: Sequence[Question]


@dataclass(frozen=True)
class Parts:
    """An objective of ``plan`` with its criteria and the actions that are still to be done."""

    plan: SuccessPlan
    objective: Objective
    criteria: Sequence[Criterion]
    actions: Sequence[ActionItem]

    @property
    def mark(self) -> str:
        rows: list[Any] = [self.objective, *self.criteria, *self.actions]
        closing = (self.plan.plan_type, self.plan.account.fiscal_month, self.plan.account.fiscal_day)
        read = repr((closing, [(str(row.pk), row.version) for row in rows]))
        return md5(read.encode(), usedforsecurity=False).hexdigest()

    def found(self, today: date) -> list[dict[str, Any]]:
        """What the coach says of the words, as it is kept."""
        found = [
            _kept("objective", self.objective, reason) for reason in self._reasons(self.objective, today)
        ]
        for action in self.actions:
            found += [_kept("action", action, reason) for reason in self._reasons(action, today)]
        return found

    def _reasons(self, record: Objective | ActionItem, today: date) -> list[Reason]:
        return reasons_of(record, self.criteria if record is self.objective else (), self.plan, today)


def parts_of(plans: Iterable[SuccessPlan]) -> dict[UUID, list[Parts]]:
    """By plan, in its order; three statements, whatever the number of plans."""
    by_id = {plan.pk: plan for plan in plans}
    objectives = list(Objective.objects.filter(plan__in=by_id).order_by("position", "pk"))
    keys = [objective.pk for objective in objectives]
    criteria, actions = defaultdict(list), defaultdict(list)
    for criterion in Criterion.objects.filter(objective__in=keys).order_by("position", "pk"):
        criteria[criterion.objective_id].append(criterion)
    for action in ActionItem.objects.filter(objective__in=keys, state__in=OPEN).order_by("position", "pk"):
        actions[action.objective_id].append(action)
    found: dict[UUID, list[Parts]] = defaultdict(list)
    for one in objectives:
        found[one.plan_id].append(Parts(by_id[one.plan_id], one, criteria[one.pk], actions[one.pk]))
    return found


def keep(plan: SuccessPlan, today: date) -> None:
    """Judge a plan that is handed in; what nobody changed since is left as it was judged."""
    parts = parts_of([plan])[plan.pk]
    standing = _standing(parts)
    rows = []
    for one in parts:
        if _mark(standing, one) != one.mark:
            found = one.found(today)
            letters = "".join(sorted({Code[kept["code"]].letter for kept in found}))
            rows.append(
                JudgedObjective(
                    account_id=plan.account_id,
                    objective=one.objective,
                    mark=one.mark,
                    found=found,
                    letters=letters,
                )
            )
    JudgedObjective.objects.bulk_create(
        rows,
        update_conflicts=True,
        update_fields=["mark", "found", "letters"],
        unique_fields=["tenant", "objective"],
    )


def judged(plans: Iterable[SuccessPlan], today: date) -> dict[UUID, list[Judged]]:
    """The objectives of each plan with what is open in them; four statements. Nothing is written."""
    by_plan = parts_of(plans)
    standing = _standing([one for parts in by_plan.values() for one in parts])
    return {
        plan: [_judged(one, number, standing, today) for number, one in enumerate(parts, 1)]
        for plan, parts in by_plan.items()
    }


def letters_of_plan(objectives: Sequence[Judged]) -> Letters:
    return letters_together(one.letters for one in objectives)


def _standing(parts: Sequence[Parts]) -> dict[UUID, JudgedObjective]:
    rows = JudgedObjective.objects.filter(objective__in=[one.objective.pk for one in parts])
    return {row.objective_id: row for row in rows}


def _mark(standing: Mapping[UUID, JudgedObjective], one: Parts) -> str:
    row = standing.get(one.objective.pk)
    return row.mark if row else ""


def _judged(one: Parts, number: int, standing: Mapping[UUID, JudgedObjective], today: date) -> Judged:
    fresh = _mark(standing, one) == one.mark
    found = standing[one.objective.pk].found if fresh else one.found(today)
    aim = aim_of(one.objective, one.criteria)
    letters = dict(letters_of(aim))
    for kept in found:
        letter = Code[kept["code"]].letter
        letters[letter] = WARN if letters[letter] == OK else letters[letter]
    place = f"目標{number}"
    names = {criterion.pk: criterion.metric for criterion in one.criteria} if len(one.criteria) > 1 else {}
    questions = [
        Question(gap.letter, str(gap.question), place, names.get(gap.key, ""), _anchor(gap, one.objective))
        for gap in gaps_of(aim)
    ]
    return Judged(one.objective, letters, [*questions, *_heard(one, found, place)])


def _heard(one: Parts, found: Sequence[dict[str, Any]], place: str) -> Iterable[Question]:
    """The coach's questions, with the words that raise them."""
    texts = {str(one.objective.pk): one.objective.statement, **{str(a.pk): a.text for a in one.actions}}
    for kept in found:
        text, column = texts[kept["id"]], "statement" if kept["kind"] == "objective" else "text"
        said = advice(Reason(Code[kept["code"]], tuple((a, b) for a, b in kept["marks"])), text)
        about = said.words or ("" if kept["kind"] == "objective" else text[:30])
        yield Question(said.letter, said.question, place, about, f"edit-{kept['kind']}-{kept['id']}-{column}")


def _kept(kind: str, record: Any, reason: Reason) -> dict[str, Any]:
    return {
        "kind": kind,
        "id": str(record.pk),
        "code": reason.code.name,
        "marks": [list(m) for m in reason.marks],
    }


def _anchor(gap: Any, objective: Objective) -> str:
    if gap.field == "criterion":
        return f"add-criterion-{objective.pk}"
    return f"edit-{gap.kind}-{gap.key or objective.pk}-{gap.field}"
