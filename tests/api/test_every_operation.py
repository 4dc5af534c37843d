"""Every operation × person × target, with the answer that the permission table foretells. Nobody lists operations."""

from typing import Any

import pytest
from django.test import Client

from cs_planner.api import RESOURCES
from tenants.api.operations import Operation, operations_of
from tenants.permissions import REACH, Reach
from tenants.roles import Role
from tests.furnish import furnish
from tests.world import PEOPLE, World, ident

HOME_ROLES = list(PEOPLE)
OPERATIONS = [op for resource in RESOURCES for op in operations_of(resource)]


def path_of(op: Operation, pk: Any) -> str:
    return op.route.replace("<uuid:pk>", str(pk)).replace("<path:external_id>", "no-such-number")


def ask(call: Any, op: Operation, pk: Any) -> Any:
    body = None if op.method in ("GET", "DELETE") else {}
    return call(op.method, path_of(op, pk), body)


def test_every_operation_says_an_action_of_the_table() -> None:
    assert [op.id for op in OPERATIONS if op.action not in REACH] == []
    assert len({op.id for op in OPERATIONS}) == len(OPERATIONS)


@pytest.mark.parametrize("role", HOME_ROLES)
def test_every_operation_answers_as_the_table_says(world: World, program: Any, role: str) -> None:
    rows, call = furnish(world), program(world.member(role))
    for op in OPERATIONS:
        reach = REACH[op.action][Role(role)]
        if op.subject is None:
            answer = ask(call, op, None)
            assert answer.status_code < 500, op.id
            if reach is Reach.NONE and op.kind == "list":
                assert answer.status_code == 403, op.id
            if reach is Reach.NONE and op.kind in ("create", "put"):
                assert answer.status_code in (400, 403), op.id
            continue
        for which in ("mine", "other", "foreign"):
            answer = ask(call, op, rows[op.subject, op.binned, which])
            assert answer.status_code < 500, (op.id, which)
            if which == "foreign":
                nowhere = ask(call, op, ident("nowhere"))
                assert (answer.status_code, answer.content) == (404, nowhere.content), op.id
            elif reach is Reach.NONE:
                assert answer.status_code in (403, 404), (op.id, which)
            elif reach is Reach.ALL and op.kind == "content":
                assert answer.status_code in (200, 404), op.id  # furnished rows have no file on the disk
            elif reach is Reach.ALL:
                assert answer.status_code in (200, 428), (op.id, which, answer.content.decode())


def test_every_operation_asks_for_a_token_and_is_described(world: World) -> None:
    described = Client().get("/api/v1/openapi.json").json()["paths"]
    for op in OPERATIONS:
        path = "/api/v1/" + op.route.replace("<uuid:pk>", "{id}").replace(
            "<path:external_id>", "{external_id}"
        )
        shown = described.get(path) or described[path.replace("{id}", "{pk}")]
        assert shown[op.method.lower()]["operationId"] == op.id
        response = Client().generic(op.method, f"/api/v1/{path_of(op, ident('nowhere'))}")
        assert response.status_code == 401, op.id
