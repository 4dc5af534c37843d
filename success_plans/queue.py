"""The manager's queue (design 07): plans that wait, what is open in each, and where the team's plans are thin."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.utils.functional import cached_property

from success_plans import judging, reviewing
from success_plans.completeness import LETTERS, Letters
from success_plans.judging import Judged, Question
from success_plans.models import Criterion, JudgedObjective, Objective, PlanReview, SuccessPlan
from success_plans.models.plan import OPEN, PlanState
from success_plans.models.review import Outcome
from tenants.models import Membership

MOST = 100
"""Plans on the page; whoever has more decides on the oldest first."""


@dataclass(frozen=True)
class Waiting:
    """A plan in the queue."""

    review: PlanReview
    objectives: Sequence[Judged]
    today: date

    @property
    def plan(self) -> SuccessPlan:
        return self.review.plan  # type: ignore[no-any-return]

    @cached_property
    def letters(self) -> Letters:
        return judging.letters_of_plan(self.objectives)

    @cached_property
    def questions(self) -> list[Question]:
        """What to hear, each once: the same blank in two objectives is two questions, the same words are one."""
        found = (question for objective in self.objectives for question in objective.questions)
        return list({(q.place, q.text, q.about): q for q in found}.values())


@dataclass(frozen=True)
class Queue:
    rows: Sequence[Waiting]
    total: int
    now: Waiting | None

    @property
    def next(self) -> UUID | None:
        """Which plan follows when the one in the pane is decided."""
        if self.now is None:
            return None
        keys = [row.plan.pk for row in self.rows]
        after = keys[keys.index(self.now.plan.pk) + 1 :] or keys[: keys.index(self.now.plan.pk)]
        return after[0] if after else None

    @cached_property
    def mark(self) -> str:
        return reviewing.mark(self.now.plan) if self.now else ""

    @cached_property
    def before(self) -> PlanReview | None:
        """Why the plan in the pane was sent back the last time."""
        if self.now is None:
            return None
        returned = PlanReview.objects.filter(plan=self.now.plan, outcome=Outcome.RETURNED)
        return returned.select_related("decided_by__user").order_by("-decided_at").first()  # type: ignore[no-any-return]

    @cached_property
    def mended(self) -> list[str]:
        """What was asked when the plan was sent back, and need not be asked any more."""
        if self.now is None or self.before is None:
            return []
        still = {question.line for question in self.now.questions}
        asked = (line[1:] for line in self.before.reason.splitlines() if line.startswith("・"))
        return [line for line in asked if line not in still]


def waiting() -> QuerySet[PlanReview]:
    """Every plan that waits, the longest first; their number stands in the navigation."""
    return PlanReview.objects.waiting().filter(plan__deleted_at=None).order_by("submitted_at", "pk")  # type: ignore[no-any-return]


def queue(today: date, chosen: str = "") -> Queue:
    """Nine statements with the pane, however many plans wait. ``chosen`` is the plan to show; else the first."""
    along = ("plan__account__csm__user", "submitted_by__user")
    reviews = list(waiting().select_related(*along).annotate(all=Window(Count("pk")))[:MOST])
    total = reviews[0].all if reviews else 0  # type: ignore[attr-defined]
    objectives = judging.judged([review.plan for review in reviews], today)
    rows = [Waiting(review, objectives.get(review.plan_id, []), today) for review in reviews]
    now = next((row for row in rows if str(row.plan.pk) == chosen), rows[0] if rows else None)
    return Queue(rows, total, now)


# What is missing, by person and letter


@dataclass(frozen=True)
class Cell:
    letter: str
    missing: int
    of: int

    @property
    def heat(self) -> int:
        """0 to 3: nothing, some, half, most."""
        return 0 if not self.missing else 1 + min(2, 3 * self.missing // (self.of + 1))


@dataclass(frozen=True)
class Line:
    """``member`` is None for accounts without a CSM."""

    member: Membership | None
    plans: int
    waiting: int
    objectives: int
    missing: dict[str, int]

    @property
    def key(self) -> str:
        """What names the line in an address (``heat.plan_map``)."""
        return str(self.member.pk) if self.member else "none"

    @property
    def cells(self) -> list[Cell]:
        return [Cell(letter, self.missing[letter], self.objectives) for letter in LETTERS]

    @property
    def percent(self) -> int:
        """How much of SMART is there."""
        all_of = self.objectives * len(LETTERS)
        return round(100 * (all_of - sum(self.missing.values())) / all_of) if all_of else 0


@dataclass(frozen=True)
class HeatMap:
    lines: Sequence[Line]

    @property
    def plans(self) -> int:
        return sum(line.plans for line in self.lines)

    @property
    def total(self) -> list[Cell]:
        of = sum(line.objectives for line in self.lines)
        return [Cell(letter, sum(line.missing[letter] for line in self.lines), of) for letter in LETTERS]

    @property
    def thinnest(self) -> str:
        """The letter that most objectives lack; empty when none lacks any."""
        most = max(self.total, key=lambda cell: cell.missing, default=None)
        return most.letter if most and most.missing else ""


def heat_map() -> HeatMap:
    """Objectives of open plans that lack a letter, by CSM: blanks of all, the coach's words of plans that wait."""
    live = Objective.objects.filter(plan__state__in=OPEN, plan__deleted_at=None)
    lacking = {f"lacks_{letter.lower()}": lacks(letter) for letter in LETTERS}
    counts: dict[str, Any] = {
        letter: Count("pk", filter=Q(**{f"lacks_{letter.lower()}": True})) for letter in LETTERS
    }
    objectives = (
        live.alias(**lacking).order_by().values(csm=F("account__csm")).annotate(n=Count("pk"), **counts)
    )
    by_csm = {row["csm"]: row for row in objectives}
    plans = SuccessPlan.objects.open().order_by().values(csm=F("account__csm"))
    plans = plans.annotate(n=Count("pk"), waits=Count("pk", filter=Q(state=PlanState.SUBMITTED)))
    counted = {row["csm"]: row for row in plans}
    people = {member.pk: member for member in Membership.objects.filter(pk__in=[k for k in counted if k])
              .select_related("user")}  # fmt: skip
    nothing = {"n": 0, **dict.fromkeys(LETTERS, 0)}
    lines = [
        Line(
            people.get(csm), row["n"], row["waits"], by_csm.get(csm, nothing)["n"],
            {letter: by_csm.get(csm, nothing)[letter] for letter in LETTERS},
        )
        for csm, row in counted.items()
    ]  # fmt: skip
    return HeatMap(
        sorted(lines, key=lambda line: (line.member is None, line.member.name if line.member else ""))
    )


def lacks(letter: str) -> Q:
    """The same answer as ``completeness.letters_of``, as a condition; what the coach said of plans that wait comes on
    top. A test holds them together."""
    criteria = Criterion.objects.filter(objective=OuterRef("pk"))
    said = JudgedObjective.objects.filter(objective=OuterRef("pk"), letters__contains=letter)
    unmeasured = (
        Q(baseline__isnull=True)
        | Q(target__isnull=True)
        | Q(review_on__isnull=True)
        | Q(unit="")
        | Q(method="")
        | backwards()
    )
    blank = {
        "S": Q(statement="") | Q(customer_owner__isnull=True),
        "M": Q(~Exists(criteria)) | Q(Exists(criteria.filter(unmeasured))),
        "A": Q(evidence=""),
        "R": Q(why=""),
        "T": Q(~Exists(criteria)) | Q(Exists(criteria.filter(due_on__isnull=True))),
    }
    return blank[letter] | Q(Exists(said), plan__state=PlanState.SUBMITTED)


def backwards() -> Q:
    """A criterion whose target lies on the wrong side of where it begins."""
    return Q(direction="up", target__lt=F("baseline")) | Q(direction="down", target__gt=F("baseline"))
