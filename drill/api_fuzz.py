"""Every operation of the API, as each role, fed what fits its description and what does not: no answer of 500 or above,
every answer as described, and what does not fit is refused.

Schemathesis invents the requests, told which ids there are so that it does not only meet 404; ``nasty`` adds bodies
that no description foresees. All of it runs in this process through WSGI, and is rolled back case by case.
"""

import copy
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.generation.modes import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from drill import ground
from drill.form_fuzz import SLOW, exceptions
from drill.nasty import RAW, TEXTS
from drill.outcome import Outcome
from tenants.api.schema import openapi
from tests.api.asks import NEW, OPERATIONS, Ask, Asks
from tests.api.program import Program
from tests.furnish import Key, furnish
from tests.world import PEOPLE, World, build_world

CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
QUIET = list(HealthCheck)
CASES, AT_LEAST = 80_000, 50_000  # some operations have fewer different requests than their share


def run(*, small: bool) -> Iterator[Outcome]:
    with ground.database("api"):
        build_world()
        world = World()
        with transaction.atomic():
            yield from attack(world, furnish(world), cases=3_000 if small else CASES, number=None)
            transaction.set_rollback(True)


def attack(world: World, rows: dict[Key, UUID], *, cases: int, number: int | None) -> Iterator[Outcome]:
    """About ``cases`` requests, shared out among roles and ways; ``number`` makes them the same every time."""
    asks = Asks(world, rows)
    schema = schemathesis.openapi.from_dict(told(asks))
    number = number if number is not None else time.time_ns() % 10**9
    with exceptions() as raised:
        fuzz = Fuzz(world, asks, schema, raised, number)
        operations = [found.ok() for found in schema.get_all_operations()]
        is_few = cases < 12 * len(operations) * len(ROLES)
        for turn, role in enumerate(ROLES):
            mine = operations[turn :: len(ROLES)] if is_few else operations  # few: each is asked by one role
            yield fuzz.described(role, mine, cases * 3 // 4 // len(ROLES))
        yield fuzz.nasty(cases // 4)
    if cases >= CASES:
        yield Outcome(f"at least {AT_LEAST:,} requests", AT_LEAST, min(AT_LEAST, fuzz.sent))


ROLES = tuple(PEOPLE)


@contextmanager
def one_transaction() -> Iterator[None]:
    """A request through WSGI leaves the connection open, as one of Django's test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


# ── The description, told which rows there are


def told(asks: Asks) -> dict[str, Any]:
    """The description with ids that exist beside those that anybody may invent."""
    described = copy.deepcopy(openapi())
    components = described["components"]["schemas"]
    for op in OPERATIONS:
        shown = operation_of(op, described["paths"])
        del shown[
            "security"
        ]  # every request carries its token; what happens without one is tests/api/test_door.py
        for one in shown.get("parameters", []):
            one["schema"] = told_parameter(asks, op, one)
        for name in ("New", "Put", "Change"):
            body = components.get(f"{op.resource.component}{name}", {"properties": {}})
            for key, schema in body["properties"].items():
                body["properties"][key] = told_value(asks, op.resource.model, key, schema)
    return described


def operation_of(op: Any, paths: dict[str, Any]) -> dict[str, Any]:
    return next(
        methods[op.method.lower()]
        for methods in paths.values()
        if methods.get(op.method.lower(), {}).get("operationId") == op.id
    )


def told_parameter(asks: Asks, op: Any, one: dict[str, Any]) -> dict[str, Any]:
    schema = one["schema"]
    if one["name"] == "If-Match":
        return among(["*", '"1"'], schema)
    if one["name"] == "external_id" and one["in"] == "path":
        return among(["A-m", "A-o", NEW], schema)
    if one["in"] == "path":
        ids = {which: str(pk) for which, pk in asks.rows.items() if which[0] is op.resource.model}
        own = [pk for (_model, binned, which), pk in ids.items() if which == "mine" and binned == op.binned]
        return among(own, among(list(ids.values()), schema))
    return told_value(asks, op.resource.model, one["name"], schema) if one["in"] == "query" else schema


def told_value(asks: Asks, model: Any, key: str, schema: dict[str, Any]) -> dict[str, Any]:
    if schema.get("type") == "array" and "anyOf" not in schema["items"]:
        return {**schema, "items": told_value(asks, model, key, schema["items"])}
    if schema.get("format") == "uuid" and (known := asks.pointed_at(model, key)):
        return among(known, schema)
    return schema


def among(known: list[str], schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [{"enum": list(dict.fromkeys(known))}, schema]}


# ── Sending


@dataclass
class Fuzz:
    world: World
    asks: Asks
    schema: Any
    raised: list[str]
    number: int
    web: WSGIHandler = field(default_factory=WSGIHandler)
    sent: int = 0
    tried: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    seen: Counter[int] = field(default_factory=Counter)

    def described(self, role: str, operations: list[Any], times: int) -> Outcome:
        """Border values of every operation first, then inventions, half of them against the description."""
        self.begin()
        self.number += 1
        program = Program(self.world.member(role))
        each = max(1, times // len(operations) // len(MODES))
        for operation in operations:
            border = self.schema.iter_coverage_cases(
                operation, generation_modes=list(MODES), generation_config=self.schema.config.generation
            )
            for case in Random(self.number).sample(found := list(border), min(each, len(found))):
                self.send_case(program, case)
            for mode in MODES:
                self.invent(program, operation, mode, each // 2)
        return self.outcome(f"requests by the description, as {role}")

    def invent(self, program: Program, operation: Any, mode: GenerationMode, times: int) -> None:
        @seed(self.number)
        @settings(
            max_examples=max(1, times),
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=QUIET,
        )
        @given(case=operation.as_strategy(generation_mode=mode, **self.fixed(operation, mode)))
        def try_one(case: Any) -> None:
            self.send_case(program, case)

        try_one()

    def fixed(self, operation: Any, mode: GenerationMode) -> dict[str, Any]:
        """What is not invented, so that more is reached than 404 and 412: the border values have that already."""
        if "{id}" not in operation.path or not operation.body:
            return {}
        op = next(op for op in OPERATIONS if op.id == operation.definition.raw["operationId"])
        headers = {"headers": {"If-Match": "*"}} if mode is GenerationMode.POSITIVE else {}
        return {"path_parameters": {"id": str(self.asks.rows[op.subject, op.binned, "mine"])}, **headers}

    def send_case(self, program: Program, case: Any) -> None:
        def send() -> tuple[int, str]:
            with one_transaction():
                headers = {"Authorization": f"Bearer {program.token}"}
                answer = case.call(app=self.web, headers=headers, buffered=True)
            # 412 refuses before it reads the body; schemathesis does not count that among refusals.
            checks = CHECKS[:-1] if answer.status_code == 412 else CHECKS
            try:
                case.validate_response(answer, checks=checks)
            except FailureGroup as failed:
                said = "; ".join(
                    f"{type(one).__name__}: {one.message or one.title}"[:300] for one in failed.exceptions
                )
                return (
                    answer.status_code,
                    f"{said} after {answer.request.url[:300]} {answer.request.body!r:.300}",
                )
            return answer.status_code, ""

        self.note(f"{case.method} {case.formatted_path}", send)

    def nasty(self, times: int) -> Outcome:
        """Valid requests of which one value, or the whole body, is nasty."""
        self.begin()
        dice = Random(self.number)
        program = self.asks.program
        asks = [ask for ask in self.asks.writes(grown=True) if ask.body]
        for _time in range(times):
            ask = dice.choice(asks)
            self.note_nasty(program, ask, spoilt(ask, dice))
        return self.outcome("nasty values in bodies that would be taken, and nasty bodies")

    def note_nasty(self, program: Program, ask: Ask, body: bytes) -> None:
        def send() -> tuple[int, str]:
            ask.prepare(program)
            headers = {"Authorization": f"Bearer {program.token}", "If-Match": "*"}
            address = f"/api/v1/{ask.path}"
            answer = program.client.generic(
                ask.op.method, address, body, content_type="application/json", headers=headers
            )
            return answer.status_code, "" if is_told(answer) else f"no problem: {answer.content[:200]!r}"

        self.note(f"{ask.op.method} {ask.path} {body[:200]!r}", send)

    def note(self, what: str, send: Callable[[], tuple[int, str]]) -> None:
        self.tried += 1
        self.sent += 1
        self.raised.clear()
        start, point = time.process_time(), transaction.savepoint()
        status, wrong = send()
        transaction.savepoint_rollback(point)
        took = time.process_time() - start
        self.seen[status] += 1
        if wrong or status >= 500 or took > SLOW:
            self.faults[f"{status} {what[:300]} {took:.1f} s {wrong} {' '.join(self.raised)[:300]}"] += 1

    def begin(self) -> None:
        self.tried, self.faults, self.seen = 0, Counter(), Counter()

    def outcome(self, case: str) -> Outcome:
        worst = "; ".join(fault for fault, _count in self.faults.most_common(3))
        spread = ", ".join(f"{status} × {count:,}" for status, count in sorted(self.seen.items()))
        return Outcome(
            case, self.tried, self.tried - self.faults.total(), worst or f"{spread}; seed {self.number}"
        )


def is_told(answer: Any) -> bool:
    """Whether a refusal is a problem in the promised form that a client can read."""
    if answer.status_code < 400:
        return True
    try:
        said = json.loads(answer.content.decode("utf-8"))
    except ValueError:
        return False
    return (
        answer.headers["Content-Type"] == "application/problem+json" and said["status"] == answer.status_code
    )


# ── Nasty JSON

DEEP = b"[" * 400 + b"]" * 400
JSON: tuple[bytes, ...] = (
    *(json.dumps(text, ensure_ascii=False).encode() for text in TEXTS),
    *(b'"' + raw.replace(b'"', b"") + b'"' for raw in RAW),
    b'"\\ud800"', b'"\\udfff\\ud800"', b'"\\u0000"', b'"a\\u0000b"', b'"\\ufffe"', b'"\x01"',
    b"null", b"true", b"false", b"0", b"-0", b"-1", b"1.5", b"1e3", b"1e400", b"-1e400", b"1e999999999", b"1e-999999999",
    b"1E+2147483648", b"1" + b"0" * 30, b"9" * 4_299, b"9" * 4_301, b"0." + b"1" * 5_000, b"9223372036854775808",
    b"-9223372036854775809", b"21.00000000000000000000000000001", b"2147483648", b"9999999999999", b"10000000000000",
    b"[]", b"{}", b"[[]]", b"[null]", b'[""]', b"[1e400]", b'{"id": 1}', b'{"$ne": null}', b"[" + b'"x",' * 101 + b'"x"]',
    DEEP, b"[" * 100_000, b'{"a":' * 50_000, b"NaN", b"Infinity", b"-Infinity", b"01", b"+1", b".5", b"0x10", b"'x'", b"",
)  # fmt: skip
WHOLE: tuple[bytes, ...] = (
    b"", b" ", b"null", b"true", b"0", b'"x"', b"[]", b"[{}]", b"{", b"}", b"{}}", b'{"a":1,"a":2}', b"\xef\xbb\xbf{}",
    '{"name":"x"}'.encode("utf-16"), '{"name":"x"}'.encode("utf-32"), '{"name":"あ"}'.encode("cp932"), b"\xff\xfe\x00",
    b"{" + b",".join(b'"k%d":1' % n for n in range(20_000)) + b"}", b'{"\\ud800": 1}', b'{"\\u0000": 1}', b'{"": 1}',
    b'{"__proto__": {}}', b'{"id": "x", "tenant": "x", "version": 1}', b"\x00" * 1_000, b"name=1", b"{'name': 1}",
    b'{"name": ' + b'"' + b"x" * 6_000_000 + b'"}',
)  # fmt: skip


def spoilt(ask: Ask, dice: Random) -> bytes:
    """The body of ``ask`` with one value of another kind, one more key, or another body altogether."""
    if dice.random() < 0.1:
        return dice.choice(WHOLE)
    parts = {json.dumps(key): json.dumps(value).encode() for key, value in (ask.body or {}).items()}
    key = dice.choice([*parts, json.dumps(dice.choice(TEXTS))])
    parts[key] = dice.choice(JSON)
    if parts[key][:1] not in b"[" and dice.random() < 0.1:
        parts[key] = b"[" + parts[key] + b"]"
    return b"{" + b",".join(name.encode() + b":" + value for name, value in parts.items()) + b"}"
