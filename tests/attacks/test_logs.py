"""Whatever people write and programs throw: the log says who, where and how long, and not a word of theirs."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.test import Client

from drill.alternating import client_of
from drill.form_fuzz import crawled, paths
from drill.rendered import Form
from tenants import jobs
from tenants.jobs import registry
from tenants.logs import formatter
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests.world import World

POISON = "毒見役7f3a"
FIELDS = {"time", "level", "logger", "event"}


@contextmanager
def log_of(form: logging.Formatter) -> Iterator[io.StringIO]:
    """Everything that is logged while the block runs, as ``form`` writes it."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(form)
    root, ours = logging.getLogger(), logging.getLogger("masume")
    levels = [(logger, logger.level) for logger in (root, ours, logging.getLogger("django.request"))]
    root.addHandler(handler)
    for logger, _level in levels:
        logger.setLevel(logging.INFO)
    try:
        yield text
    finally:
        root.removeHandler(handler)
        for logger, level in levels:
            logger.setLevel(level)


def test_no_log_line_has_what_was_written(world: World, fresh_cache: Any) -> None:
    clients = [client_of(world, role, "midori") for role in (Role.CSM, Role.ADMIN)]
    for client in clients:
        client.raise_request_exception = False
    targets = paths(world)
    forms = crawled(clients, targets)
    with log_of(formatter(as_json=True)) as log, log_of(logging.Formatter()) as plain:
        for form in forms:
            send(clients[1], form)
        for path in targets:
            clients[0].get(
                path, {"q": POISON, "next": POISON}, headers={"X-Request-ID": POISON, "Referer": POISON}
            )
        clients[0].get(f"/t/midori/{POISON}/")
        Client().post("/sign-in/", {"login": f"{POISON}@example.com", "password": POISON})
        for form in forms[:40]:
            with a_database_that_quotes():
                send(clients[1], form)
        a_job_that_quotes(world)
    assert POISON in plain.getvalue(), "nothing was thrown that would have been quoted"
    assert POISON not in log.getvalue()
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    requests = [line for line in lines if line["event"] == "request"]
    assert len(requests) >= len(forms) + len(targets)
    assert {line["status"] // 100 for line in requests} >= {2, 4, 5}
    for line in lines:
        assert line.keys() >= FIELDS, line
    inside = [line for line in requests if line.get("route", "").startswith("t/<slug>/")]
    assert len(inside) > 100
    assert all(line["actor"].startswith("member:") and line["tenant"] and line["request"] for line in inside)


def send(client: Client, form: Form) -> None:
    point = transaction.savepoint()
    given = dict.fromkeys(form.names, POISON) | {
        name: value
        for name, value in form.fields
        if name in ("once", "idempotency_key", "field", "base", "seq")
    }
    client.generic(form.method, form.path, "&".join(f"{k}={v}" for k, v in given.items()).encode(),
                   content_type="application/x-www-form-urlencoded")  # fmt: skip
    transaction.savepoint_rollback(point)


@contextmanager
def a_database_that_quotes() -> Iterator[None]:
    """Each write is refused with the values in the message, as PostgreSQL does."""

    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE")):
            raise IntegrityError(f"duplicate key\nDETAIL: Key (name)=({POISON} {params})")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


def a_job_that_quotes(world: World) -> None:
    def breaks(payload: Any, beat: Any) -> None:
        raise ValueError(POISON)

    registry._jobs["breaks"] = registry.Job("breaks", breaks, lambda payload: "job:breaks")
    try:
        with tenant_scope(world.tenant(), actor="test", request_id="r-12345678"):
            jobs.enqueue("breaks")
        jobs.work(watched=False)
    finally:
        del registry._jobs["breaks"]
