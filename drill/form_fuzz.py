"""Every page, form and query string fed with what programs fall over: no answer of 500 or above, none over 5 s of work.

What is sent is found by walking: the forms, hx- addresses and links of every page as rendered, and every URL with
every name that any of them sends.
"""

import logging
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from traceback import extract_tb
from typing import Any
from urllib.parse import quote

from django.core.signals import got_request_exception
from django.db import transaction
from django.test import Client

from drill.alternating import client_of
from drill.nasty import BODIES, VALUES
from drill.outcome import Outcome
from drill.rendered import Form, forms_of
from tenants.roles import Role

SLOW = 5.0
HEADERS = (
    "HX-Request", "HX-Target", "HX-Trigger", "HX-Current-URL", "X-Request-ID", "Idempotency-Key", "Accept-Language",
    "Referer", "X-Forwarded-For", "If-Match", "If-Modified-Since", "Range", "Cookie",
)  # fmt: skip
PAIRS = tuple[str, ...]


def run(*, small: bool) -> Iterator[Outcome]:
    from drill import ground
    from tests.world import World, build_world

    with ground.database("forms"):
        build_world()
        yield from attack(World(), cases=2_000 if small else 25_000, seed=1 if small else time.time_ns())


def attack(world: Any, *, cases: int, seed: int) -> Iterator[Outcome]:
    """``cases`` requests as the CSM and as an admin, each rolled back; one outcome for each way of asking."""
    with transaction.atomic():
        people = [client_of(world, role, "midori") for role in (Role.CSM, Role.ADMIN)]
        targets = paths(world)
        forms = crawled(people, targets)
        dice = Random(seed)
        ways = (one_field, every_field, query_string, whole_body, headers, crooked_path)
        for way in ways:
            yield asked(way, people, forms, targets, dice, cases // len(ways), seed)
        transaction.set_rollback(True)


def paths(world: Any) -> list[str]:
    """The address of every view, with a row of the CSM's own account in its path where it needs one."""
    from tenants.scope import tenant_scope
    from tests import crowd
    from tests.doors import DOORS
    from tests.test_every_url import row_of

    with tenant_scope(world.tenant(), actor="drill"):
        account = world.account()
        rows = crowd.grow(world, 3)
        for door in DOORS:
            if door.subject and door.subject not in rows:
                rows[door.subject] = row_of(door.subject, account)
    return [f"/t/midori/{door.path(rows[door.subject].pk if door.subject else None)}" for door in DOORS]


def crawled(people: list[Client], paths: list[str]) -> list[Form]:
    """Every different form that either person is shown."""
    found: dict[tuple[str, str, PAIRS], Form] = {}
    for client in people:
        for path in dict.fromkeys(paths):
            answer = client.get(path)
            if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
                for form in forms_of(answer.content.decode(), path):
                    if form.path.startswith("/t/midori/"):
                        found.setdefault((form.method, form.path, tuple(form.names)), form)
    return list(found.values())


Ask = tuple[str, str, bytes, str, str, dict[str, str]]
"""Method, path, body, content type, query string, headers."""
FORM = "application/x-www-form-urlencoded"


def one_field(forms: list[Form], targets: list[str], dice: Random) -> Ask:
    """A form as rendered, but one of its fields is nasty."""
    form = dice.choice([form for form in forms if form.fields])
    pairs = [(name, quote(value)) for name, value in form.fields]
    spoilt = dice.randrange(len(pairs))
    pairs[spoilt] = (pairs[spoilt][0], dice.choice(VALUES))
    return sent(form.method, form.path, pairs)


def every_field(forms: list[Form], targets: list[str], dice: Random) -> Ask:
    """Any address, with every name that any form sends."""
    names = sorted({name for form in forms for name in form.names})
    return sent("POST", dice.choice(targets), [(name, dice.choice(VALUES)) for name in names])


def query_string(forms: list[Form], targets: list[str], dice: Random) -> Ask:
    names = sorted({name for form in forms if form.method == "GET" for name in form.names})
    chosen = dice.sample(names, min(len(names), dice.randint(1, 8)))
    return sent("GET", dice.choice(targets), [(name, dice.choice(VALUES)) for name in chosen])


def whole_body(forms: list[Form], targets: list[str], dice: Random) -> Ask:
    kind, body = dice.choice(BODIES)
    return dice.choice(("POST", "PUT", "DELETE", "PATCH")), dice.choice(targets), body, kind, "", {}


def headers(forms: list[Form], targets: list[str], dice: Random) -> Ask:
    given = {name: dice.choice(VALUES)[:4_000] for name in dice.sample(HEADERS, 3)}
    return "GET", dice.choice(targets), b"", FORM, "", given


def crooked_path(forms: list[Form], targets: list[str], dice: Random) -> Ask:
    """Another piece in the place of one of the path."""
    pieces = dice.choice(targets).strip("/").split("/")
    pieces[dice.randrange(len(pieces))] = dice.choice(VALUES)[:2_000]
    return "GET", "/" + "/".join(pieces) + "/", b"", FORM, "", {}


def sent(method: str, path: str, pairs: list[tuple[str, str]]) -> Ask:
    encoded = "&".join(f"{quote(name)}={value}" for name, value in pairs)
    if method == "GET":
        return method, path, b"", FORM, encoded, {}
    return method, path, encoded.encode(), FORM, "", {}


def asked(
    way: Any, people: list[Client], forms: list[Form], targets: list[str], dice: Random, times: int, seed: int
) -> Outcome:
    faults: Counter[str] = Counter()
    survived = 0
    with exceptions() as raised:
        for _time in range(times):
            method, path, body, kind, query, extra = way(forms, targets, dice)
            raised.clear()
            start = time.process_time()
            point = transaction.savepoint()
            answer = dice.choice(people).generic(
                method, path, body, content_type=kind, QUERY_STRING=query, headers=extra
            )
            transaction.savepoint_rollback(point)
            took = time.process_time() - start
            if answer.status_code < 500 and took < SLOW:
                survived += 1
            else:
                faults[
                    f"{answer.status_code} {method} {path[:90]} {took:.1f} s: {' '.join(raised)[:200]}"
                ] += 1
    worst = "; ".join(fault for fault, _count in faults.most_common(5))
    return Outcome(
        f"{way.__name__.replace('_', ' ')} ({len(forms)} forms)", times, survived, worst or f"seed {seed}"
    )


@contextmanager
def exceptions() -> Iterator[list[str]]:
    """What views raised, with the place, while the block runs; the log stays quiet."""
    raised: list[str] = []

    def note(**_kwargs: Any) -> None:
        import sys

        error = sys.exc_info()[1]
        last = extract_tb(error.__traceback__)[-1] if error else None
        raised.append(
            f"{error!r} at {last.filename.rsplit('/', 3)[-3:] if last else ''}:{last.lineno if last else ''}"
        )

    level = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    got_request_exception.connect(note)
    try:
        yield raised
    finally:
        got_request_exception.disconnect(note)
        logging.disable(level)
