"""A request that succeeds, for every operation of the API, found out from what the operation declares.

Nobody lists bodies: a value is made for each key from its description, and kept if the API takes it. An operation for
which nothing succeeds is named by ``stuck``.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, tee
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist
from django.db import models, transaction

from accounts.models import BodyMember, KeyPerson
from cs_planner.api import RESOURCES
from success_plans.models import Criterion, Objective, PlanComment, ResultFigure, ResultReview, SuccessPlan
from tenants.api.operations import Operation, operations_of
from tenants.api.shapes import Schema
from tenants.models import Membership, Tenant
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.api.program import Program
from tests.furnish import Key
from tests.world import World
from tests.writes import in_recovery, with_analysis, with_figures, with_result, with_verdict

OPERATIONS = [op for resource in RESOURCES for op in operations_of(resource)]
WRITING = ("create", "put", "change", "delete", "restore", "verb")
MOST_STEPS = 3
NEW = "F/新しい番号"
READY: dict[str, tuple[Any, Callable[[Any], None]]] = {
    "result_reviews_confirm": (ResultReview, with_figures),
    "result_reviews_decide": (ResultReview, with_analysis),
    "result_reviews_reopen": (ResultReview, with_verdict),
    "plans_take_up": (SuccessPlan, in_recovery),
    "plans_carry_on": (SuccessPlan, with_result),
}
"""Verbs that ask for more than other verbs can bring about: each has a record of its own in the state it needs."""
SIDES = {"member": Membership, "person": KeyPerson}
TEXTS = ("別の値", "a@example.com", "https://example.com/", "1234567890123", "7")


@dataclass(frozen=True, repr=False)
class Ask:
    """One request. ``before`` are those without which it would be refused."""

    op: Operation
    path: str
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    before: tuple["Ask", ...] = ()

    def __str__(self) -> str:
        return f"{self.op.method} {self.path} {self.body}"

    __repr__ = __str__

    def send(self, program: Program) -> Any:
        return program(self.op.method, self.path, self.body, **self.headers)

    def prepare(self, program: Program) -> Any:
        """The answer to the last of what comes before, or to the first that was refused; None if nothing does."""
        answer = None
        for ask in self.before:
            answer = ask.send(program)
            if answer.status_code >= 400:
                break
        return answer

    def succeeds(self, program: Program) -> Any:
        """The answer to it, taken back at once."""
        point = transaction.savepoint()
        answer = self.prepare(program)
        if answer is None or answer.status_code < 400:
            answer = self.send(program)
        transaction.savepoint_rollback(point)
        return answer


Way = tuple[Ask, ...]
State = frozenset[tuple[str, str | bool]]


class Asks:
    """What programs may ask of the furnished world. ``grown`` bodies carry every key that the API takes."""

    def __init__(self, world: World, rows: dict[Key, UUID], program: Program | None = None) -> None:
        self.rows = dict(rows)
        self.program = program or Program(world.member(Role.ADMIN))
        self.ids: dict[Any, list[str]] = {}
        for (model, _binned, which), pk in rows.items():
            if which == "mine":
                self.ids.setdefault(model, []).append(str(pk))
        with tenant_scope(world.tenant(), actor="test"):
            seat = BodyMember.objects.get(pk=rows[BodyMember, False, "mine"])
            KeyPerson.objects.filter(pk=seat.body_id).update(is_body=True)
            self.ids[KeyPerson].append(str(seat.body_id))
            plan = SuccessPlan.objects.get(pk=rows[SuccessPlan, False, "mine"])
            Tenant.objects.filter(pk=plan.tenant_id).update(may_approve_own_plans=True)
            Objective.objects.create(account_id=plan.account_id, plan=plan, statement="入電を減らす")
            for binned in (True, False):  # nobody changes what somebody else said
                said = make.row(PlanComment, plan.account, plan=plan, written_by=self.program.member)
                if binned:
                    said.put_in_bin()
                self.rows[PlanComment, binned, "mine"] = said.pk
                self.ids[PlanComment].insert(0, str(said.pk))
            self.ready = {name: self.in_state(*wanted) for name, wanted in READY.items()}
            figure = ResultFigure.objects.get(review=self.ready["result_reviews_confirm"])
            self.ids[ResultReview].insert(0, str(figure.review_id))
            self.ids[Criterion].insert(0, str(figure.criterion_id))
        self.ids[Membership] = [str(world.member(role).pk) for role in (Role.CSM, Role.SALES, Role.MANAGER)]
        self.stuck: list[str] = []
        self.made: dict[str, Ask] = {}
        self.found: dict[str, Iterator[Way]] = {}

    def in_state(self, model: Any, prepare: Callable[[Any], None]) -> UUID:
        row = make.row(model, make.account())
        prepare(row)
        return row.pk  # type: ignore[no-any-return]

    def writes(self, *, grown: bool = False) -> Iterator[Ask]:
        for op in OPERATIONS:
            if op.kind in WRITING:
                yield from self.of(op, grown=grown)

    def reads(self) -> Iterator[Ask]:
        """Lists with every filter of their own, and records."""
        for op in OPERATIONS:
            if op.kind == "list":
                named = [(name, self.guesses(op.resource.model, name, {})) for name in op.resource.filters]
                yield Ask(op, op.route)
                yield from (Ask(op, f"{op.route}?{name}={quote(found[0])}") for name, found in named if found)
            elif op.kind == "show":
                yield Ask(op, self.path(op))

    def of(self, op: Operation, *, grown: bool = False) -> Iterator[Ask]:
        """The successful requests of one operation; a PUT makes one record and changes another."""
        forms = list(self.forms(op))
        for ask, shapes, needed in forms:
            found = self.settled(ask, shapes, needed)
            if found is None:
                self.stuck.append(op.id)
            else:
                if op.kind == "create":
                    self.made[op.resource.name] = found
                # An empty change would be taken, too, and write nothing.
                full = self.grown(found, shapes) if grown or op.kind == "change" or found.before else found
                other = self.otherwise(full, shapes) if op.kind == "change" else ()
                yield next((tried for tried in other if self.moves(tried)), full)

    def forms(self, op: Operation) -> Iterator[tuple[Ask, dict[str, Schema], list[str]]]:
        """Requests as yet without a body, with the keys each may carry and those it has to."""
        any_version = {"If_Match": "*"}
        resource, verb = op.resource, op.verb
        made = {key: shape.schema for key, shape in resource.creatable.items()}
        written = {key: shape.schema for key, shape in resource.written.items()}
        if op.kind == "create":
            yield Ask(op, op.route, {}), made, resource.needed
        elif op.kind == "put":
            route = op.route.replace("<path:external_id>", quote(NEW, safe=""))
            yield Ask(op, route, {}), {k: s for k, s in made.items() if k != "external_id"}, resource.needed
            first = Ask(op, self.path(replace_kind(op)), {"external_id": NEW}, any_version)
            known = Ask(op, route, {}, any_version, before=(replace(first, op=replace_kind(op)),))
            yield known, {k: s for k, s in written.items() if k != "external_id"}, []
        elif op.kind == "change":
            yield Ask(op, self.path(op), {}, any_version), written, []
        elif op.kind == "verb" and verb:
            inputs = {key: shape.schema for key, shape in verb.inputs.items()}
            yield Ask(op, self.path(op), {}, any_version), inputs, verb.needed
        else:
            yield Ask(op, self.path(op), None, any_version), {}, []

    def path(self, op: Operation) -> str:
        pk = self.ready.get(op.id) or self.rows[op.subject, op.binned, "mine"]
        return op.route.replace("<uuid:pk>", str(pk))

    # ── Bodies

    def settled(self, ask: Ask, shapes: Mapping[str, Schema], needed: list[str]) -> Ask | None:
        """``ask`` with the keys it needs; if the state of the record forbids it, after another verb."""
        for before in chain([()], self.steps_before(ask.op)):
            found = self.with_keys(replace(ask, before=(*before, *ask.before)), shapes, needed)
            if found is not None:
                for tried in self.otherwise(found, shapes) if ask.op.kind == "verb" else (found,):
                    if ask.op.kind != "verb" or self.moves(tried):
                        return tried
        return None

    def otherwise(self, ask: Ask, shapes: Mapping[str, Schema]) -> Iterator[Ask]:
        """The same request, then with each other choice that it offers."""
        yield ask
        for key, schema in shapes.items():
            yield from (
                replace(ask, body={**(ask.body or {}), key: value}) for value in schema.get("enum", ())
            )

    def moves(self, ask: Ask) -> bool:
        """Whether the record is another afterwards: some verbs shrug where there is nothing to do."""
        point = transaction.savepoint()
        ask.prepare(self.program)
        record = ask.path if ask.op.kind == "change" else ask.path.rsplit("/", 1)[0]
        before = self.program("GET", record).content
        after = ask.send(self.program).content
        transaction.savepoint_rollback(point)
        return bool(before != after)

    def with_keys(self, ask: Ask, shapes: Mapping[str, Schema], needed: list[str]) -> Ask | None:
        """Give each key that is refused its next value until the answer is a success; a key that has no value left is
        given up, unless it is needed. A refusal that names no key may be about a choice."""
        body = dict(ask.body) if ask.body is not None else None
        told = self.told(ask) if ask.op.kind == "verb" and shapes else {}
        left = {
            key: iter([*told.get(key, []), *self.guesses(ask.op.resource.model, key, schema)])
            for key, schema in shapes.items()
        }
        choices = [key for key in needed if "enum" in shapes[key]]
        new = [key for key in needed if key not in (body or {})]
        while True:
            values = {key: next(left[key], None) for key in new}
            if new and not any(key in (body or {}) or value is not None for key, value in values.items()):
                return None  # nothing is left to be tried
            for key, value in values.items():
                if value is None and key in needed:
                    return None
                body = {**(body or {}), key: value}
                if value is None:
                    del body[key]
            tried = replace(ask, body=body)
            answer = tried.succeeds(self.program)
            if answer.status_code < 400:
                return tried
            named = [key for fault in answer.json().get("errors", ()) if (key := fault["field"]) in left]
            new = named or choices
            if not new:
                return None

    def told(self, ask: Ask) -> dict[str, list[Any]]:
        """What the record itself offers below a list, such as the keys of its candidates."""
        record = self.program("GET", ask.path.rsplit("/", 1)[0]).json()
        found: dict[str, list[Any]] = {}
        for value in record.values():
            for row in value if isinstance(value, list) else ():
                for key, said in row.items() if isinstance(row, dict) else ():
                    found.setdefault(key, []).append(said)
        return found

    def grown(self, ask: Ask, shapes: Mapping[str, Schema]) -> Ask:
        """With as many keys as it takes, each with a value that is taken: all at once, or one after the other."""
        if ask.body is None:
            return ask
        guesses = {
            key: self.guesses(ask.op.resource.model, key, schema)[:1] for key, schema in shapes.items()
        }
        more = {key: found[0] for key, found in guesses.items() if found and key not in ask.body}
        whole = self.with_keys(replace(ask, body={**more, **ask.body}), shapes, [])
        if whole is None:
            for key, value in more.items():
                longer = replace(ask, body={**ask.body, key: value})
                ask = self.with_keys(longer, shapes, []) or ask
        return whole or ask

    def guesses(self, model: Any, key: str, schema: Schema) -> list[Any]:
        """Values that a key with that description might take."""
        if "enum" in schema:
            return [value for value in schema["enum"] if value]
        if "examples" in schema:
            return list(schema["examples"])
        if schema.get("type") == "array":
            return [[value] for value in self.guesses(model, key, schema["items"])]
        if schema.get("format") == "uuid" or not schema:
            return self.pointed_at(model, key)
        if "(member|person)" in schema.get("pattern", ""):
            return [f"{side}:{self.ids[kind][0]}" for side, kind in SIDES.items()]
        return plain(key, schema)

    def pointed_at(self, model: Any, key: str) -> list[str]:
        """Ids of what the column points at; anything of ours if it is no column."""
        try:
            column = model._meta.get_field(key)
        except FieldDoesNotExist:
            column = None
        if isinstance(column, models.ForeignKey):
            return self.ids.get(column.remote_field.model, [])
        if column is not None and not column.is_relation:
            return []
        word = key.removesuffix("s")
        named = sorted(self.ids, key=lambda kind: (word not in kind._meta.model_name, kind is not Membership))
        return [pk for found in named for pk in self.ids[found]]

    def steps_before(self, op: Operation) -> Iterator[Way]:
        """What may have to happen before a verb: other verbs, or one more record beside this one."""
        if op.kind != "verb":
            return
        yield from self.ways(op)
        if made := self.made.get(op.resource.name):
            adds = op.resource.adds
            standing = self.program("GET", self.path(op).rsplit("/", 1)[0]).json()
            beside = {adds.parent: standing[adds.parent]} if adds and adds.parent else {}
            yield (replace(made, body={**(made.body or {}), **beside}),)

    def ways(self, op: Operation) -> Iterator[Way]:
        """Verbs of the record, one after the other, of which each leads to a state of its own; few of them first."""
        found = self.found.get(op.resource.name) or self.explored(op)
        self.found[op.resource.name], ways = tee(found)
        return ways

    def explored(self, op: Operation) -> Iterator[Way]:
        verbs = [one for one in operations_of(op.resource) if one.verb]
        known, newest = {self.state_after((), op)}, list[Way]([()])
        for _step in range(MOST_STEPS):
            further = ((*way, ask) for way in newest for verb in verbs if (ask := self.step(verb, way)))
            newest = []
            for way in further:
                if (state := self.state_after(way, op)) not in known:
                    known.add(state)
                    newest.append(way)
                    yield way

    def step(self, op: Operation, way: Way) -> Ask | None:
        if not op.verb or any(done.op == op for done in way):
            return None
        shapes = {key: shape.schema for key, shape in op.verb.inputs.items()}
        ask = Ask(op, self.path(op), {}, {"If_Match": "*"}, before=way)
        found = self.with_keys(ask, shapes, op.verb.needed)
        return found and replace(found, before=())

    def state_after(self, way: Way, op: Operation) -> State:
        """Of the record, what its verbs may ask about: choices, yes or no, and what is there at all."""
        last = Ask(op, self.path(op).rsplit("/", 1)[0], before=way)
        point = transaction.savepoint()
        last.prepare(self.program)
        record = self.program("GET", last.path).json()
        transaction.savepoint_rollback(point)
        told = op.resource.schema["properties"]
        return frozenset(
            (key, str(value) if isinstance(value, bool) or "enum" in told.get(key, {}) else bool(value))
            for key, value in record.items()
        )


def replace_kind(op: Operation) -> Operation:
    """The operation that changes the record which ``op`` names by its number elsewhere."""
    return next(one for one in operations_of(op.resource) if one.kind == "change")


def plain(key: str, schema: Schema) -> list[Any]:
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if schema.get("format") == "date":
        return ["2027-03-31"] if key.startswith("ends") else ["2026-12-01", "2026-10-01", "2027-03-31"]
    if "integer" in kinds:
        return [min(max(schema["minimum"], 7), schema["maximum"])]
    if schema.get("pattern"):
        return [7] if "number" in kinds else ["10:00"]
    if "boolean" in kinds:
        return [True, False]
    if "object" in kinds:
        return [{}]
    return [text[: schema.get("maxLength", 99)] for text in TEXTS]
