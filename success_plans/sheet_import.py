"""The Excel plans that people have, as suggestions to a plan: what differs, cell by cell, and what is new. A plan that is
not stored yet has nothing, so everything is new.

Whatever somebody takes over is written in one transaction. Suggestions are worked out anew then, so a file that says what
stands there already suggests nothing, and what changed meanwhile is not written over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.importing.fields import KEEP_OUT, Target
from accounts.importing.mapping import Proposal
from accounts.importing.rows import RowReader
from accounts.importing.values import folded
from accounts.importing.words import message_of
from success_plans.models import ActionItem, Criterion, Objective, SuccessPlan
from success_plans.sheet_fields import ACTION, CRITERION, OBJECTIVE, proposed, record_type
from success_plans.sheet_tables import Table
from success_plans.views.adding import next_position
from tenants.editing import Conflict, editable, save_field
from tenants.editing.drafting import Draft

NAMES = {"action_due": "due_on"}


@dataclass(frozen=True)
class Problem:
    sheet: str
    line: int
    column: str
    text: str


@dataclass(frozen=True)
class Suggestion:
    """One field that differs (``name``), or a record that is new; ``of`` is the objective it belongs to, or a key of one
    that is new as well. ``key`` names it together with what stood there, so that it means one thing only."""

    kind: str
    where: str
    line: int
    label: str
    before: str
    after: str
    of: str = ""
    record: Any = None
    name: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    ident: str = ""

    @property
    def key(self) -> str:
        told = sorted(self.typed.items()) if self.is_new else ()
        said = repr(
            (
                self.kind,
                str(getattr(self.record, "pk", "")),
                self.name,
                self.before,
                self.of,
                self.ident,
                told,
            )
        )
        return sha256(said.encode()).hexdigest()[:20]

    @property
    def is_new(self) -> bool:
        return self.record is None


@dataclass(frozen=True)
class Looked:
    """What a file would do to a plan. ``left`` are records of the plan that the file does not name; they stay."""

    suggestions: list[Suggestion]
    problems: list[Problem]
    left: int


def mapped(
    plan: SuccessPlan, tables: Sequence[Table], chosen: Mapping[str, str] | None = None
) -> list[list[Proposal]]:
    """Where each column goes: as it was chosen (``t<table>-<column>``, for the heading ``g<table>``), else as it is
    proposed; a field has one column."""
    kind, chosen = record_type(plan), chosen or {}
    found = [proposed(kind, one.header, one.samples) for one in tables]
    for number, (table, columns) in enumerate(zip(tables, found, strict=True)):
        if not chosen or chosen.get(f"g{number}", str(table.line)) != str(table.line):
            continue
        taken: set[str] = set()
        for at, one in enumerate(columns):
            target = chosen.get(f"t{number}-{at}", one.target)
            target = target if Target.parse(target).field in kind.by_key and target not in taken else KEEP_OUT
            taken |= {target} - {KEEP_OUT}
            columns[at] = one if target == one.target else Proposal(at, target, 3 if target else 0)
    return found


# What it says about the plan


def standing_in(plan: SuccessPlan) -> dict[str, list[Any]]:
    """The records of the plan by kind; none of one that is not stored."""
    if plan._state.adding:
        return {"objective": [], "criterion": [], "action": []}
    below = {"objective__plan": plan, "objective__deleted_at": None}
    return {
        "objective": list(Objective.objects.filter(plan=plan).order_by("position", "pk")),
        "criterion": list(Criterion.objects.filter(**below).order_by("position", "pk")),
        "action": list(ActionItem.objects.filter(**below).order_by("position", "pk")),
    }


class Reading:
    """One pass over the tables of a file, from the top: an empty 目標 means the one above it."""

    def __init__(self, plan: SuccessPlan) -> None:
        self.plan, self.kind = plan, record_type(plan)
        self.suggestions: list[Suggestion] = []
        self.problems: list[Problem] = []
        self.known = standing_in(plan)
        self.said = {"objective": "statement", "criterion": "metric", "action": "text"}
        self.met: set[Any] = set()
        self.new: dict[str, str] = {}

    def table(self, table: Table, columns: Sequence[Proposal]) -> None:
        targets = [one.target for one in columns]
        lookups: dict[str, Any] = {}
        reader = RowReader(self.kind, table.header, targets, lookups)
        of = str(self.known["objective"][0].pk) if len(self.known["objective"]) == 1 else ""
        for line, cells, problem in table.rows:
            row = reader.read(line, cells, problem, None)
            self.problems += [
                Problem(table.name, one.line, one.column, message_of(one))
                for one in row.findings
                if not one.code.endswith("_serial")
            ]
            if row.values is not None:
                of = self.row(table.name, line, row.values, of)

    def row(self, where: str, line: int, given: dict[str, str], of: str) -> str:
        """Gives the objective that the rows below belong to."""
        if "text" not in given and "due_on" not in given and "metric" in given and "action_due" in given:
            given["due_on"] = given.pop("action_due")  # a 期日 beside a metric and no action
        if "statement" in given or "objective_key" in given:
            of = self.one("objective", where, line, given, OBJECTIVE, "objective_key", "") or of
        for kind, fields, key in (
            ("criterion", CRITERION, "criterion_key"),
            ("action", ACTION, "action_key"),
        ):
            if self.said[kind] in given and not of:
                self.problems.append(
                    Problem(
                        where,
                        line,
                        "",
                        _("どの目標のものか分かりません。「目標」の列を加えるか、行き先を選んでください"),
                    )
                )
            elif self.said[kind] in given:
                self.one(kind, where, line, given, fields, key, of)
        return of

    def one(
        self,
        kind: str,
        where: str,
        line: int,
        given: dict[str, str],
        fields: Sequence[str],
        key: str,
        of: str,
    ) -> str:
        typed = {NAMES.get(name, name): given[name] for name in fields if name in given}
        record = self.find(kind, given.get(key, ""), typed.get(self.said[kind], ""), of)
        if record is None:
            return self.add(kind, where, line, typed, of)
        self.met.add(record.pk)
        for name, text in typed.items():
            self.compare(kind, where, line, record, name, text)
        return str(record.pk)

    def find(self, kind: str, key: str, name: str, of: str) -> Any:
        rows = self.known[kind]
        if by_key := next((one for one in rows if str(one.pk) == key), None):
            return by_key
        same = [one for one in rows if name and folded(getattr(one, self.said[kind])) == folded(name)]
        same = [one for one in same if kind == "objective" or str(one.objective_id) == of]
        return next(iter(same), None)

    def compare(self, kind: str, where: str, line: int, record: Any, name: str, text: str) -> None:
        if name == "actual" and record.measured_by_id:
            return  # read from the metric, and told in the file only to be read
        one = editable(kind).fields[name]
        stands = one.standing(record)
        try:
            value = one.parse(text, record)
        except ValidationError as error:
            self.problems.append(Problem(where, line, str(one.label), error.messages[0]))
            return
        if one.raw(value) != one.raw(stands):
            self.suggestions.append(
                Suggestion(
                    kind, where, line, f"{str(record)[:60]}・{one.label}", one.show(stands, record),
                    one.show(value, record), record=record, name=name, typed={name: text, "": one.raw(stands)},
                    ident=one.raw(value),
                )
            )  # fmt: skip

    def add(self, kind: str, where: str, line: int, typed: dict[str, str], of: str) -> str:
        """A record that the plan does not have. The same one again, further down, is the same. A cell that its field does
        not take is a problem of the file, and stays blank."""
        name = typed.get(self.said[kind], "")
        if not name:
            return ""
        ident = f"new:{kind}:{of}:{folded(name)}"
        if ident not in self.new:
            self.new[ident] = ident
            taken, told = self.told(kind, where, line, typed)
            label = {
                "objective": _("新しい目標"),
                "criterion": _("新しい指標"),
                "action": _("新しいアクション"),
            }[kind]
            self.suggestions.append(
                Suggestion(
                    kind,
                    where,
                    line,
                    label,
                    "",
                    told,
                    of,
                    typed=taken,
                    ident=ident,
                )
            )
        return ident

    def told(self, kind: str, where: str, line: int, typed: Mapping[str, str]) -> tuple[dict[str, str], str]:
        """What of it the fields take, and that in one line as it would stand there."""
        like = one_of(self.plan, kind)
        taken, said = {}, []
        for name, text in typed.items():
            one = editable(kind).fields[name]
            try:
                said.append(one.show(one.parse(text, like), like))
                taken[name] = text
            except ValidationError as error:
                self.problems.append(Problem(where, line, str(one.label), error.messages[0]))
        return taken, "・".join(filter(None, said))


def one_of(plan: SuccessPlan, kind: str) -> Any:
    """A record of the plan that is not stored, to ask its fields."""
    made: Any = editable(kind).model(account_id=plan.account_id)
    if kind != "criterion":
        made.plan = plan
    if kind != "objective":
        made.objective = Objective(account_id=plan.account_id, plan=plan)
    return made


def look(plan: SuccessPlan, tables: Sequence[Table], columns: Sequence[Sequence[Proposal]]) -> Looked:
    """What the file says otherwise than the plan. Writes nothing; the same question again gets the same answer."""
    found = Reading(plan)
    for table, targets in zip(tables, columns, strict=True):
        found.table(table, targets)
    records = [one for rows in found.known.values() for one in rows]
    return Looked(found.suggestions, found.problems, sum(one.pk not in found.met for one in records))


def take(plan: SuccessPlan, looked: Looked, keys: set[str]) -> int:
    """Write the suggestions of these keys, in the caller's transaction; raises ValidationError, and then nothing may stay.

    What hangs on an objective that is new, and was not chosen, is not taken either.
    """
    made: dict[str, Any] = {}
    count = 0
    for one in looked.suggestions:
        if one.key not in keys:
            continue
        if one.record is not None:
            count += change(one)
        elif one.kind == "objective":
            made[one.ident] = create(one, plan, None)
            count += 1
        elif of := made.get(one.of) or Objective.objects.filter(plan=plan, pk=as_id(one.of)).first():
            create(one, plan, of)
            count += 1
    return count


def as_id(text: str) -> str | None:
    return None if text.startswith("new:") else text


def change(one: Suggestion) -> int:
    done = save_field(
        editable(one.kind), one.record, one.name, one.typed[one.name], base=one.typed[""], mark=None
    )
    if isinstance(done, Conflict):
        raise ValidationError(
            _("「%(what)s」は、いまほかの人が直しました。もう一度見てください") % {"what": one.label}
        )
    return 1


def create(one: Suggestion, plan: SuccessPlan, objective: Any) -> Any:
    like = one_of(plan, one.kind)
    draft = Draft(editable(one.kind), [key for key in one.typed if key], one.typed, like=like)
    model: Any = editable(one.kind).model
    siblings = model.objects.filter(objective=objective) if objective else model.objects.filter(plan=plan)
    fixed: dict[str, Any] = {"account_id": plan.account_id, "position": next_position(siblings)}
    if objective:
        fixed["objective"] = objective
    if one.kind != "criterion":
        fixed["plan"] = plan
    elif not one.typed.get("due_on"):
        fixed["due_on"] = plan.ends_on
    made = draft.create(**fixed)
    if made is None:
        raise ValidationError(_("%(line)s行目:%(why)s") % {"line": one.line, "why": draft.problems})
    return made
