"""What a person may do on the pages, their program may do through the API, and nothing else: asked of both, everywhere."""

from typing import Any

import pytest
from django.db import transaction

from cs_planner.api import RESOURCES
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests.api.asks import OPERATIONS
from tests.doors import DOORS, Door
from tests.furnish import furnish
from tests.test_every_url import hand_work_to
from tests.world import PEOPLE, World

PAIRS = {"change": "edit", "delete": "delete", "restore": "restore"}
"""The page that does the same as an operation: its name begins so, and ends with the kind of record."""
BY_NAME = {door.name: door for door in DOORS}
WRITERS = [op for op in OPERATIONS if op.kind in PAIRS]


def page_of(op: Any) -> Door:
    return BY_NAME[f"{PAIRS[op.kind]}_{op.resource.found.kind}"]


def is_let_in(status: int) -> bool:
    assert status < 500
    return status not in (403, 404)


@pytest.mark.parametrize("role", list(PEOPLE))
def test_a_program_may_write_what_its_person_may(
    world: World, sign_in: Any, program: Any, role: Role
) -> None:
    rows, member = furnish(world), world.member(role)
    with tenant_scope(world.tenant(), actor="test"):
        hand_work_to(world, world.account())
    person, api = sign_in(member), program(member)
    differ, answers = [], set()
    for op in WRITERS:
        for which in ("mine", "other", "foreign"):
            door, pk = page_of(op), rows[op.subject, op.binned, which]
            point = transaction.savepoint()
            asked = {"field": next(iter(op.resource.found.fields)), "value": "", "base": "x"}
            page = person.post(f"/t/midori/{door.path(pk)}", asked).status_code
            transaction.savepoint_rollback(point)
            point = transaction.savepoint()
            path = op.route.replace("<uuid:pk>", str(pk))
            answer = api(op.method, path, None if op.method == "DELETE" else {}, If_Match="*").status_code
            transaction.savepoint_rollback(point)
            answers.add(is_let_in(answer))
            if is_let_in(page) != is_let_in(answer):
                differ.append(f"{op.id} {which}: page {page}, API {answer}")
    assert differ == []
    assert answers == ({True, False} if role != Role.VIEWER else {False})


def test_what_adds_a_record_asks_for_what_the_page_asks() -> None:
    on_pages = {
        (door.subject, door.action) for door in DOORS if not door.route.startswith(tuple(PAIRS.values()))
    }
    strange = [
        resource.name
        for resource in RESOURCES
        if resource.adds and (resource.adds.parent_model, resource.adds.action) not in on_pages
    ]
    assert strange == []


def test_verbs_ask_for_what_a_page_asks() -> None:
    on_pages = {(door.subject, door.action) for door in DOORS}
    assert [op.id for op in OPERATIONS if op.verb and (op.subject, op.action) not in on_pages] == []
