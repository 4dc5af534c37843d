"""One plan as its page shows it: records with their cells, and what is computed from them. A fixed number of queries."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.choices import metric_of
from accounts.metrics.figures import figure
from success_plans.adoption import Offer, offer_for
from success_plans.candidates import Candidate, candidates_of
from success_plans.coaching import advice_on
from success_plans.commenting import Anchor, Thread, anchors_of, threads_of
from success_plans.completeness import OK, Aim, Gap, Letters, Measure, gaps_of, letters_of, letters_together
from success_plans.models import (
    ActionItem,
    Criterion,
    CriterionFeature,
    Objective,
    PlanQuestion,
    PlanReview,
    PlanVersion,
    SuccessPlan,
)
from success_plans.models.objective import MOST_IN_RECOVERY, Kind, Section
from success_plans.models.plan import PlanState, PlanType
from success_plans.models.review import Outcome
from success_plans.progress import expected, is_behind, progress
from success_plans.sharing import may_be_shared
from success_plans.standing import standing_on, with_use
from success_plans.versions import Change, broken_promises, of_records, shown
from tenants.editing import Cell
from tenants.editing.fields import active_members, grouped
from tenants.editing.registry import editable_of
from tenants.models import Membership
from tenants.permissions import Reach, may, reach


@dataclass(frozen=True)
class CriterionView:
    record: Any  # a Criterion with where it stands today
    cells: dict[str, Cell]
    done: Decimal | None
    due: Decimal | None
    features: Sequence[Any]  # each a CriterionFeature with its ``use``
    plan: SuccessPlan

    @property
    def counted_keys(self) -> set[str]:
        return {str(one.feature_id) for one in self.features}

    @property
    def measured(self) -> str:
        """What its metric or its features say, as people write it."""
        if self.record.kind == Kind.BREADTH:
            return f"{grouped(self.record.standing)} / {len(self.features)}"
        value, metric = self.record.standing, metric_of(self.record.measured_by_id)
        return "" if value is None or metric is None else figure(value, metric.decimals)

    @property
    def percent(self) -> Decimal | None:
        return None if self.done is None else self.done * 100

    @property
    def expected_percent(self) -> Decimal | None:
        return None if self.due is None else self.due * 100

    @property
    def is_behind(self) -> bool:
        return is_behind(self.done, self.due)

    @property
    def is_outside(self) -> bool:
        """Due when the plan has not begun, or is over."""
        due_on = self.record.due_on
        return bool(due_on and not self.plan.starts_on <= due_on <= self.plan.ends_on)


@dataclass(frozen=True)
class ActionView:
    record: ActionItem
    cells: dict[str, Cell]
    may_progress: bool
    today: date

    @property
    def is_waiting(self) -> bool:
        """Something that is still open has to be done first."""
        first = self.record.blocked_by
        return bool(self.record.is_open and first and first.is_open and first.deleted_at is None)

    @property
    def days_over(self) -> int:
        """Days past the due date of an open action, else 0."""
        due_on = self.record.due_on
        return max((self.today - due_on).days, 0) if due_on and self.record.is_open else 0


@dataclass(frozen=True)
class ReviewView:
    """A day on which one or more criteria are looked at together."""

    on: date
    metrics: list[str]
    has_passed: bool


@dataclass(frozen=True)
class GapView:
    """A question that is still open, and where its answer goes. ``about`` names the criterion where there are several;
    ``marks`` are the words in the field that raise it."""

    letter: str
    question: Any
    anchor: str
    about: str
    marks: tuple[tuple[int, str], ...] = ()
    is_asked: bool = False

    @property
    def marks_json(self) -> str:
        """``[[place, word], …]`` for the page's script."""
        return json.dumps(self.marks, ensure_ascii=False)


@dataclass(frozen=True)
class ObjectiveView:
    record: Objective
    cells: dict[str, Cell]
    criteria: list[CriterionView]
    actions: list[ActionView]
    plan: SuccessPlan
    today: date
    asked: frozenset[tuple[str, str]]

    @cached_property
    def aim(self) -> Aim:
        return aim_of(self.record, [view.record for view in self.criteria])

    @cached_property
    def letters(self) -> Letters:
        return letters_of(self.aim)

    @cached_property
    def gaps(self) -> list[GapView]:
        """What is open, and whether it stands in the ledger as a question for the customer."""
        return [replace(gap, is_asked=(gap.anchor, str(gap.question)) in self.asked) for gap in self._open()]

    def _open(self) -> list[GapView]:
        names = (
            {view.record.pk: view.record.metric for view in self.criteria} if len(self.criteria) > 1 else {}
        )
        return [
            GapView(gap.letter, gap.question, self._anchor(gap), names.get(gap.key, ""))
            for gap in gaps_of(self.aim)
        ] + list(self._advice())

    def _advice(self) -> Iterable[GapView]:
        """What the words leave open although the field is filled."""
        criteria = [view.record for view in self.criteria]
        for said in advice_on(self.record, criteria, self.plan, self.today):
            anchor = f"edit-objective-{self.record.pk}-statement"
            yield GapView(said.letter, said.question, anchor, said.words, said.marks)
        for action in self.actions:
            if action.record.is_open:
                for said in advice_on(action.record, (), self.plan, self.today):
                    anchor = f"edit-action-{action.record.pk}-text"
                    about = said.words or action.record.text[:30]
                    yield GapView(said.letter, said.question, anchor, about, said.marks)

    def _anchor(self, gap: Gap) -> str:
        if gap.field == "criterion":
            return f"add-criterion-{self.record.pk}"
        return f"edit-{gap.kind}-{gap.key or self.record.pk}-{gap.field}"

    @property
    def reviews(self) -> list[ReviewView]:
        by_day: dict[date, list[str]] = defaultdict(list)
        for view in self.criteria:
            if view.record.review_on:
                by_day[view.record.review_on].append(view.record.metric)
        return [ReviewView(on, names, on < self.today) for on, names in sorted(by_day.items())]


@dataclass(frozen=True)
class Ahead:
    """Something with a date: an action, a review, or a criterion that falls due."""

    on: date
    kind: str
    text: str
    anchor: str


@dataclass(frozen=True)
class Part:
    """The objectives of one section, in an account plan; of any other plan all of them."""

    section: str
    label: str
    hint: str
    objectives: list[ObjectiveView]


HINTS = {
    Section.EXPANSION: _lazy("席・部門・製品を広げるために、だれと何をしますか"),
    Section.ADVOCACY: _lazy("事例や紹介につなげるために、だれと何をしますか"),
}


@dataclass(frozen=True)
class Check:
    is_ok: bool
    text: str


CHECKS = {
    "S": _lazy("先方の責任者がいる"),
    "M": _lazy("基準と測り方がそろう"),
    "A": _lazy("達成できる根拠がある"),
    "R": _lazy("お客様の課題につながる"),
    "T": _lazy("期日がある"),
}


@dataclass(frozen=True)
class PlanView:
    plan: SuccessPlan
    cells: dict[str, Cell]
    objectives: list[ObjectiveView]
    reviews: list[PlanReview]
    versions: dict[UUID, PlanVersion]
    promises: list[Change]
    anchors: dict[str, list[Anchor]]
    threads: list[Thread]
    candidates: list[Candidate]
    offer: Offer | None
    may_edit: bool
    may_comment: bool
    may_save_as_template: bool
    may_review: bool
    today: date

    @property
    def letters(self) -> Letters:
        return letters_together(view.letters for view in self.objectives)

    @cached_property
    def checks(self) -> list[Check]:
        """What a good plan has, counted over its objectives; then what is late."""
        if not self.objectives:
            return [Check(False, _("目標がまだない"))]
        return [*self._smart_checks(), *self._type_checks(), *self._late_checks()]

    def _type_checks(self) -> Iterable[Check]:
        """What the plan's type asks (S3 3.6–3.9)."""
        if self.is_account_plan:
            both = bool(self.plan.csm_owner_id and self.plan.sales_owner_id)
            yield Check(both, _("CSMと営業の責任者がいる"))
            for part in self.parts:
                if part.section:
                    yield Check(bool(part.objectives), _("「%(part)s」の目標がある") % {"part": part.label})
        if self.plan.plan_type == PlanType.ADOPTION:
            read = sum(any(c.record.is_read for c in view.criteria) for view in self.objectives)
            total = len(self.objectives)
            yield Check(read == total, _("計測値から読める(%(n)s/%(all)s)") % {"n": read, "all": total})
        if waiting := sum(a.is_waiting for view in self.objectives for a in view.actions):
            yield Check(False, _("ほかのアクションを待つものが%(n)s件") % {"n": waiting})
        if outside := sum(c.is_outside for view in self.objectives for c in view.criteria):
            yield Check(False, _("期日がプランの期間の外にある基準が%(n)s件") % {"n": outside})

    @property
    def is_recovery(self) -> bool:
        return self.plan.plan_type == PlanType.RECOVERY  # type: ignore[no-any-return]

    @property
    def is_account_plan(self) -> bool:
        return self.plan.plan_type == PlanType.ACCOUNT  # type: ignore[no-any-return]

    @property
    def parts(self) -> list[Part]:
        if not self.is_account_plan:
            return [Part("", "", "", self.objectives)]
        found = [
            Part(
                section,
                str(section.label),
                str(hint),
                [o for o in self.objectives if o.record.section == section],
            )
            for section, hint in HINTS.items()
        ]
        rest = [view for view in self.objectives if view.record.section not in HINTS]
        return [*found, Part("", str(Section.NONE.label), "", rest)] if rest else found

    @property
    def is_full(self) -> bool:
        return self.is_recovery and len(self.objectives) >= MOST_IN_RECOVERY

    @property
    def may_be_shared(self) -> bool:
        return may_be_shared(self.plan)

    @property
    def open_checks(self) -> int:
        return sum(not check.is_ok for check in self.checks)

    def _smart_checks(self) -> Iterable[Check]:
        total = len(self.objectives)
        for letter, text in CHECKS.items():
            met = sum(view.letters[letter] == OK for view in self.objectives)
            yield Check(met == total, f"{text}({met}/{total})")

    def _late_checks(self) -> Iterable[Check]:
        if late := sum(bool(a.days_over) for view in self.objectives for a in view.actions):
            yield Check(False, _("期日を過ぎたアクションが%(n)s件") % {"n": late})
        if passed := sum(review.has_passed for view in self.objectives for review in view.reviews):
            yield Check(False, _("振り返り日が過ぎた基準が%(n)s件") % {"n": passed})
        if self.open_threads:
            yield Check(False, _("コメント%(n)s件に対応していない") % {"n": self.open_threads})
        if unsaid := sum(not change.reason for change in self.promises):
            yield Check(False, _("理由のない期日・目標の変更が%(n)s件") % {"n": unsaid})
        if behind := sum(c.is_behind for view in self.objectives for c in view.criteria):
            yield Check(False, _("予定より遅れている基準が%(n)s件") % {"n": behind})

    @property
    def flow(self) -> list[dict[str, str]]:
        """The plan's way as ``{% flow %}`` draws it; one that was sent back shows when."""
        way = [
            PlanState.DRAFT,
            PlanState.SUBMITTED,
            PlanState.APPROVED,
            PlanState.ACTIVE,
            PlanState.COMPLETED,
        ]
        labels = {step: str(step.label) for step in PlanState}
        if self.plan.state == PlanState.CANCELLED:
            way[-1] = PlanState.CANCELLED
        if self.plan.state == PlanState.RETURNED:
            way.insert(1, PlanState.RETURNED)
            labels[PlanState.RETURNED] = self._returned_on()
        here = way.index(PlanState(self.plan.state))
        states = ["done"] * here + ["now"] + [""] * (len(way) - here - 1)
        if self.plan.state == PlanState.RETURNED:
            states[here] = "back"
        return [{"label": labels[step], "state": state} for step, state in zip(way, states, strict=True)]

    def _returned_on(self) -> str:
        last = next((review for review in self.reviews if review.outcome == Outcome.RETURNED), None)
        on = timezone.localdate(last.decided_at) if last and last.decided_at else None
        return f"{PlanState.RETURNED.label} {on:%m/%d}" if on else str(PlanState.RETURNED.label)

    @property
    def open_threads(self) -> int:
        return sum(thread.is_open for thread in self.threads)

    @property
    def colleagues(self) -> list[str]:
        """Whom a comment may call."""
        return [member.name for member in active_members()]

    @property
    def rounds(self) -> list[tuple[PlanReview, PlanVersion | None]]:
        """Each review with the version that its approval froze."""
        return [(review, self.versions.get(review.pk)) for review in self.reviews]

    @property
    def unsaid(self) -> list[tuple[Change, tuple[str, str]]]:
        """Changed promises that wait for a reason, with both values in words."""
        records = {str(record.pk): record for record in self._records()}
        return [(change, shown(change, records)) for change in self.promises if not change.reason]

    def _records(self) -> Iterable[Any]:
        yield self.plan
        for view in self.objectives:
            yield view.record
            yield from (criterion.record for criterion in view.criteria)
            yield from (action.record for action in view.actions)

    @property
    def stood_as(self) -> PlanState:
        return self.plan.stood_as

    @property
    def ahead(self) -> list[Ahead]:
        """Everything dated from today on, the nearest first."""
        return sorted(
            (found for found in self._dated() if found.on >= self.today),
            key=lambda found: (found.on, found.text),
        )[:6]

    def _dated(self) -> Iterable[Ahead]:
        for objective in self.objectives:
            for action in objective.actions:
                if action.record.due_on and action.record.is_open:
                    yield Ahead(
                        action.record.due_on, "action", action.record.text, f"action-{action.record.pk}"
                    )
            for criterion in objective.criteria:
                record = criterion.record
                if record.review_on:
                    yield Ahead(record.review_on, "review", record.metric, f"criterion-{record.pk}")
                if record.due_on:
                    yield Ahead(record.due_on, "due", record.metric, f"criterion-{record.pk}")


def read_plan(plan: SuccessPlan, member: Membership, today: date) -> PlanView:
    """Everything the plan's page draws, in nine queries at most, beside the choices of its selects and what a recovery
    plan is proposed."""
    account = plan.account
    may_edit = may(member, "plan.edit", plan)
    criteria = _by_objective(standing_on(Criterion.objects.filter(objective__plan=plan), today))
    features = _features(plan, criteria, today)
    actions = _by_objective(ActionItem.objects.filter(objective__plan=plan).select_related("blocked_by"))
    records = list(Objective.objects.filter(plan=plan).order_by("position", "id"))
    may_progress = _progressing(member, plan)
    asked = _asked(plan)
    views = [
        ObjectiveView(
            record,
            _cells(record, may_edit),
            [_criterion(one, plan, may_edit, today, features[one.pk]) for one in criteria[record.pk]],
            [_action(found, may_edit, may_progress(found), today) for found in actions[record.pk]],
            plan,
            today,
            asked,
        )
        for record in records
    ]
    people = ("submitted_by__user", "decided_by__user")
    reviews = list(PlanReview.objects.filter(plan=plan).select_related(*people).order_by("-submitted_at"))
    may_review = may(member, "plan.review", account)
    versions = {one.review: one for one in PlanVersion.objects.filter(plan=plan.pk).order_by("number")}
    below = (row for record in records for row in (record, *criteria[record.pk], *actions[record.pk]))
    everything = [plan, *below]
    promises = broken_promises(plan, of_records(everything, features))
    anchors = anchors_of(everything)
    return PlanView(
        plan,
        _cells(plan, may_edit),
        views,
        reviews,
        versions,
        promises,
        anchors,
        threads_of(plan, anchors, member),
        candidates_of(plan, today) if may_edit else [],
        offer_for(plan, today) if may_edit and plan.plan_type == PlanType.ADOPTION else None,
        may_edit,
        may(member, "plan.comment", account),
        may_edit and may(member, "plan_template.edit"),
        may_review,
        today,
    )


def read_words(objective: Objective, text: str, of: str, today: date) -> ObjectiveView:
    """The objective's gaps as if ``text`` stood in its statement, or in its action ``of``. Three queries."""
    criteria = Criterion.objects.filter(objective=objective).order_by("position", "id")
    actions = list(ActionItem.objects.filter(objective=objective).order_by("position", "id"))
    for record in actions:
        if str(record.pk) == of:
            record.text = text
    if not of:
        objective.statement = text
    return ObjectiveView(
        objective,
        {},
        [CriterionView(record, {}, None, None, (), objective.plan) for record in criteria],
        [ActionView(record, {}, False, today) for record in actions],
        objective.plan,
        today,
        _asked(objective.plan),
    )


def _asked(plan: SuccessPlan) -> frozenset[tuple[str, str]]:
    """Where a question was kept for the customer, and its words."""
    return frozenset(PlanQuestion.objects.open().filter(plan=plan).values_list("anchor", "text"))


def aim_of(objective: Any, criteria: Iterable[Any]) -> Aim:
    """What the completeness reads, from records or from anything with the same attributes."""
    return Aim(
        objective.statement,
        objective.why,
        objective.evidence,
        objective.customer_owner_id is not None,
        [
            Measure(c.direction, c.unit, c.baseline, c.target, c.due_on, c.method, c.review_on, c.pk)
            for c in criteria
        ],
    )


def _by_objective(rows: Any) -> dict[UUID, list[Any]]:
    found = defaultdict(list)
    for row in rows.order_by("position", "id"):
        found[row.objective_id].append(row)
    return found


def _features(plan: SuccessPlan, criteria: dict[UUID, list[Any]], today: date) -> dict[UUID, list[Any]]:
    """By criterion, those that are counted; asked only where one counts features."""
    found: dict[UUID, list[Any]] = defaultdict(list)
    if any(one.kind == Kind.BREADTH for rows in criteria.values() for one in rows):
        rows = CriterionFeature.objects.filter(criterion__objective__plan=plan).select_related("feature")
        for one in with_use(rows, today).order_by("feature__name", "pk"):
            found[one.criterion_id].append(one)
    return found


def _criterion(
    record: Any, plan: SuccessPlan, may_edit: bool, today: date, features: Sequence[Any]
) -> CriterionView:
    done = progress(record.direction, record.baseline, record.standing, record.target)
    due = expected(plan.starts_on, record.due_on, today)
    return CriterionView(record, _cells(record, may_edit), done, due, features, plan)


def _action(record: ActionItem, may_edit: bool, may_progress: bool, today: date) -> ActionView:
    return ActionView(record, _cells(record, may_edit, may_progress), may_progress, today)


def _cells(record: Any, may_edit: bool, may_progress: bool | None = None) -> dict[str, Cell]:
    """Cells with permissions that were asked once for the whole page, not once per row."""
    found = editable_of(record)
    return {
        key: Cell.of(record, key, may_edit=may_edit if field.action or may_progress is None else may_progress)
        for key, field in found.fields.items()
    }


def _progressing(member: Membership, plan: SuccessPlan) -> Any:
    """Whether a person may say how far an action is: planners all of the account, helpers their own."""
    if reach(member, "action.progress") is Reach.ASSIGNED:
        return lambda record: record.assignee_id == member.pk
    allowed = may(member, "action.progress", plan)
    return lambda record: allowed
