"""Versions of a plan: freezing what was approved, comparing two of them field by field, bringing one field back.

A version keeps, for every record of the plan, its fields as they would be typed: the one form that editing, history and
the API have in common, so a value comes back through ``save_field`` like any other edit. The features that a criterion
counts are kept beside its fields, by their ids.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.choices import features
from success_plans import adoption
from success_plans.models import (
    ActionItem,
    ChangeReason,
    Criterion,
    CriterionFeature,
    Objective,
    PlanReview,
    PlanVersion,
    SuccessPlan,
)
from success_plans.models.plan import PlanState
from tenants.editing import EditField, editable, save_field
from tenants.editing.fields import parse_date
from tenants.models import Membership

KINDS: dict[str, Any] = {
    "plan": SuccessPlan, "objective": Objective, "criterion": Criterion, "action": ActionItem,
}  # fmt: skip
PROMISED = {("plan", "ends_on"), ("criterion", "due_on"), ("criterion", "target"), ("action", "due_on")}
"""What was agreed on with the customer: a change asks for a reason."""
DATES = ("due_on", "ends_on")
AGREED = (PlanState.APPROVED, PlanState.ACTIVE)
LEFT_OUT = ("external_id",)
Counted = Mapping[UUID, Sequence[CriterionFeature]]
"""The features that criteria count, by criterion."""


def in_words(value: str, record: Any) -> str:
    """The names of features; one that is gone is still counted as one."""
    known = dict(features(record))
    return "、".join(known.get(key, _("以前の機能")) for key in value.split())


COUNTED = EditField(
    key="features", label=_lazy("使う機能"), parse=lambda text, record: text, raw=str, show=in_words
)


def fields_of(kind: str) -> dict[str, EditField]:
    """What a version keeps of a record, by key."""
    known = {key: one for key, one in editable(kind).fields.items() if key not in LEFT_OUT}
    return {**known, COUNTED.key: COUNTED} if kind == "criterion" else known


@dataclass(frozen=True)
class Kept:
    """A record of a plan as a version keeps it. ``of`` is the objective that it stands below, or empty."""

    kind: str
    id: str
    of: str
    name: str
    fields: Mapping[str, str]


Content = dict[str, Kept]


def freeze(plan: SuccessPlan, review: PlanReview) -> PlanVersion:
    """The next version of a plan whose row is held."""
    last = PlanVersion.objects.filter(plan=plan.pk).aggregate(last=Max("number"))["last"] or 0
    rows = [vars(kept) for kept in read(plan).values()]
    return PlanVersion.objects.create(plan=plan.pk, review=review.pk, number=last + 1, content=rows)


def read(plan: SuccessPlan) -> Content:
    """The plan as it stands; four statements."""
    return of_records(records_of(plan), counted_in(plan))


def records_of(plan: SuccessPlan) -> list[Any]:
    """The plan and all that stands in it, in its order."""
    objectives = Objective.objects.filter(plan=plan).order_by("position", "pk")
    criteria = Criterion.objects.filter(objective__plan=plan, objective__deleted_at=None)
    actions = ActionItem.objects.filter(plan=plan, objective__deleted_at=None)
    parts: list[Any] = [plan, *objectives]
    return [*parts, *criteria.order_by("position", "pk"), *actions.order_by("position", "pk")]


def counted_in(plan: SuccessPlan) -> Counted:
    found: dict[UUID, list[CriterionFeature]] = defaultdict(list)
    for row in CriterionFeature.objects.filter(criterion__objective__plan=plan):
        found[row.criterion_id].append(row)
    return found


def of_records(records: Iterable[Any], counted: Counted) -> Content:
    kinds = {model: kind for kind, model in KINDS.items()}
    found = (kept_of(kinds[type(record)], record, counted.get(record.pk, ())) for record in records)
    return {kept.id: kept for kept in found}


def kept_of(kind: str, record: Any, counted: Sequence[CriterionFeature] = ()) -> Kept:
    fields = {
        key: one.raw(one.standing(record)) for key, one in fields_of(kind).items() if key != COUNTED.key
    }
    if kind == "criterion":
        fields[COUNTED.key] = " ".join(sorted(str(one.feature_id) for one in counted))
    return Kept(kind, str(record.pk), str(getattr(record, "objective_id", "") or ""), str(record), fields)


def content_of(version: PlanVersion) -> Content:
    return {row["id"]: Kept(**row) for row in version.content}


# Comparing


@dataclass(frozen=True)
class Change:
    """One field that differs. ``kind``, ``record`` and ``key`` say which; the two values are as they would be typed."""

    kind: str
    record: str
    key: str
    before: str
    after: str
    about: str
    reason: ChangeReason | None = None

    @property
    def label(self) -> str:
        return str(fields_of(self.kind)[self.key].label)

    @property
    def is_promised(self) -> bool:
        return (self.kind, self.key) in PROMISED

    @property
    def days(self) -> int:
        """How many days later a date is now; negative when earlier, 0 where it is no date."""
        if self.key not in DATES or not (self.before and self.after):
            return 0
        before, after = parse_date(self.before), parse_date(self.after)
        return (after - before).days if before and after else 0

    @property
    def is_slipped(self) -> bool:
        return self.days > 0

    @property
    def is_target(self) -> bool:
        return self.key == "target" and bool(self.before)


@dataclass(frozen=True)
class Section:
    """What became of one objective (or of the plan itself): its own changes and those of what stands below it."""

    name: str
    kind: str
    changes: Sequence[Change]
    added: Sequence[Kept] = field(default_factory=list)
    removed: Sequence[Kept] = field(default_factory=list)


@dataclass(frozen=True)
class Comparison:
    sections: Sequence[Section]

    @cached_property
    def changes(self) -> list[Change]:
        return [change for section in self.sections for change in section.changes]

    @property
    def slipped(self) -> int:
        return sum(change.is_slipped for change in self.changes)

    @property
    def targets(self) -> int:
        return sum(change.is_target for change in self.changes)


def compare(before: Content, after: Content, reasons: Iterable[ChangeReason] = ()) -> Comparison:
    """Everything that differs, objective by objective in the order of the newer one."""
    given = {(str(one.record), one.field, one.before, one.after): one for one in reasons}
    everything = {**after, **{key: kept for key, kept in before.items() if key not in after}}
    heads = [kept for kept in everything.values() if not kept.of]
    sections = [_section(head, everything, before, after, given) for head in heads]
    return Comparison([one for one in sections if one.changes or one.added or one.removed])


def _section(
    head: Kept, everything: Content, before: Content, after: Content, given: Mapping[Any, Any]
) -> Section:
    own = [head, *(kept for kept in everything.values() if kept.of == head.id)]
    both = [kept for kept in own if kept.id in before and kept.id in after]
    changes = [change for kept in both for change in changes_of(before[kept.id], after[kept.id], given)]
    added = [kept for kept in own if kept.id not in before]
    removed = [kept for kept in own if kept.id not in after]
    return Section(head.name, head.kind, changes, added, removed)


def changes_of(before: Kept, after: Kept, given: Mapping[Any, Any]) -> Iterator[Change]:
    """What an older version did not keep yet is not compared with what a newer one keeps."""
    for key in fields_of(after.kind):
        stood, value = before.fields.get(key), after.fields.get(key)
        if stood is not None and value is not None and stood != value:
            reason = given.get((after.id, key, stood, value))
            yield Change(after.kind, after.id, key, stood, value, after.name, reason)


# Promises that were changed after the approval


def agreed(plan: SuccessPlan) -> PlanVersion | None:
    """The version that holds: the newest one, of an approval that was not taken back."""
    if plan.state not in AGREED:
        return None
    return PlanVersion.objects.filter(plan=plan.pk).order_by("-number").first()


def broken_promises(plan: SuccessPlan, now: Content) -> list[Change]:
    """Due dates and targets that are others than approved, each with its reason or without one; two statements."""
    version = agreed(plan)
    if version is None:
        return []
    then, given = content_of(version), {}
    for one in reasons_of(plan):
        given[str(one.record), one.field, one.before, one.after] = one
    both = [(then[key], kept) for key, kept in now.items() if key in then]
    changes = (change for before, after in both for change in changes_of(before, after, given))
    return [change for change in changes if change.is_promised and change.before]


def reasons_of(plan: SuccessPlan) -> list[ChangeReason]:
    rows = ChangeReason.objects.filter(plan=plan).select_related("given_by__user")
    return list(rows.order_by("created_at"))


def give_reason(
    plan: SuccessPlan, record: str, key: str, after: str, text: str, member: Membership
) -> ChangeReason:
    """For a change that still stands as the person saw it."""
    if not text.strip():
        raise ValidationError(_("変えた理由を書いてください"))
    found = next(
        (
            change
            for change in broken_promises(plan, read(plan))
            if (change.record, change.key, change.after) == (record, key, after)
        ),
        None,
    )
    if found is None:
        raise ValidationError(_("この変更は、もうありません。いまの値を見てください"))
    if found.reason:
        return found.reason
    return ChangeReason.objects.create(  # type: ignore[no-any-return]
        account_id=plan.account_id, plan=plan, record=UUID(record), field=key, before=found.before,
        after=found.after, reason=text.strip()[:500], given_by=member,
    )  # fmt: skip


# Bringing a field back


def bring_back(plan: SuccessPlan, version: PlanVersion, record: str, key: str) -> Change:
    """One field as it was in ``version``, by the way every edit goes; ValidationError says why not."""
    kept = content_of(version).get(record)
    if kept is None or key not in kept.fields or key not in fields_of(kept.kind):
        raise LookupError(record)
    stands = next((one for one in records_of(plan) if str(one.pk) == record), None)
    if stands is None:
        raise ValidationError(
            _("この記録は、いまのプランにありません。ごみ箱から戻してから、もう一度お試しください")
        )
    now = kept_of(kept.kind, stands, counted_in(plan).get(stands.pk, ()))
    if key == COUNTED.key:
        adoption.recount(stands, kept.fields[key].split(), timezone.localdate())
    else:
        save_field(editable(kept.kind), stands, key, kept.fields[key], base=None, mark=None)
    return Change(kept.kind, record, key, now.fields[key], kept.fields[key], kept.name)


def shown(change: Change, records: Mapping[str, Any]) -> tuple[str, str]:
    """Both values in words; what cannot be read any more stands as it was kept."""
    return tuple(
        _in_words(change, text, records.get(change.record)) for text in (change.before, change.after)
    )  # type: ignore[return-value]


def _in_words(change: Change, text: str, record: Any) -> str:
    one = fields_of(change.kind)[change.key]
    if not text or record is None:
        return text
    try:
        return one.show(one.parse(text, record), record)
    except ValidationError:
        return _("以前の値")
