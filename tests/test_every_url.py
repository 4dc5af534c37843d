"""Every URL × method × person × target, with the answer that the permission table foretells.

Nobody lists URLs here: the resolver is walked, each view says its action and its subject, and a view that says
nothing fails. Contributors have one open action on ``mine`` and none elsewhere.
"""

from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import Account
from success_plans.models import ActionItem
from tenants.owned import TenantOwned
from tenants.permissions import REACH, Reach
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.doors import DOORS, Door
from tests.world import World

TARGETS = ("mine", "other", "foreign")
METHODS = ("GET", "POST", "PUT", "DELETE")
USED = METHODS[:2]
HOME_ROLES = (Role.ADMIN, Role.MANAGER, Role.CSM, Role.SALES, Role.CONTRIBUTOR, Role.VIEWER)
WITH_SUBJECT = [door for door in DOORS if door.subject is not None]
COUNTED = {"cases": 0}


def test_every_view_declares_its_action() -> None:
    undeclared = [door.route for door in DOORS if door.action not in REACH]
    assert undeclared == []


def test_every_id_in_a_path_is_loaded_by_its_declared_subject() -> None:
    assert [door.route for door in DOORS if "pk" in door.needs and door.subject is None] == []


@pytest.fixture
def targets(world: World, door: Door) -> dict[str, UUID]:
    """A row of the door's subject on each of the three accounts; in the bin for a door that looks there."""
    return {which: target(world, door, which) for which in TARGETS if door.subject is not None}


def target(world: World, door: Door, which: str) -> UUID:
    with tenant_scope(world.tenant("aoba" if which == "foreign" else "midori"), actor="test"):
        account = Account.objects.get(pk=world.account_id(which))
        row = row_of(door.subject, account)
        if door.binned:
            row.put_in_bin()
        if which == "mine":
            hand_work_to(world, account)
        return row.pk  # type: ignore[no-any-return]


def row_of(model: Any, account: Account) -> Any:
    if model is Account:
        return account
    in_tenant = {} if issubclass(model, TenantOwned) else {"tenant": account.tenant}
    return make.row(model, account, **in_tenant)


def hand_work_to(world: World, account: Account) -> None:
    make.row(ActionItem, account, assignee=world.member(Role.CONTRIBUTOR))


def expected(world: World, role: str, door: Door, target: str | None, pk: UUID | None) -> set[int] | None:
    """The statuses that would be right; None when the table lets the request through (then anything but 403/404/5xx
    that speaks of rights is right: 200, 302, 400, 405, 409, 422)."""
    reach = REACH[door.action or ""][Role(role)]
    if target is None:
        return {403} if reach is Reach.NONE else None
    if target == "foreign":
        return {404}
    if role == Role.CONTRIBUTOR and target == "other" and hasattr(door.subject, "seen_by"):
        return {404}
    if reach is Reach.NONE:
        return {403}
    if reach is Reach.ALL:
        return None
    return None if reaches(world, role, door, pk, reach) else {403}


def reaches(world: World, role: str, door: Door, pk: UUID | None, reach: Reach) -> bool:
    member = world.member(role)
    with tenant_scope(world.tenant(), member=member):
        return reach in door.subject._base_manager.get(pk=pk).reaches(member)


def check(status: int, wanted: set[int] | None, case: tuple[Any, ...]) -> None:
    COUNTED["cases"] += 1
    if wanted is None:
        assert status not in (401, 403) and status < 500, (status, *case)
    else:
        assert status in wanted, (status, wanted, *case)


def request(client: Client, method: str, slug: str, door: Door, pk: UUID | None) -> int:
    client.raise_request_exception = False
    return client.generic(method, f"/t/{slug}/{door.path(pk)}").status_code


def one_role(door: Door) -> Role:
    """Door after door the next one, for what is asked of one role each."""
    return HOME_ROLES[DOORS.index(door) % len(HOME_ROLES)]


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.route or "/")
def test_each_person_gets_what_the_table_says(door: Door, world: World, targets: Any, sign_in: Any) -> None:
    for target in targets or (None,):
        pk = targets.get(target)
        for role in HOME_ROLES:
            wanted = expected(world, role, door, target, pk)
            client = sign_in(world.member(role))
            for method in METHODS if role == one_role(door) else USED:
                point = transaction.savepoint()
                check(request(client, method, "midori", door, pk), wanted, (door.route, method, role, target))
                transaction.savepoint_rollback(point)


def test_the_matrix_counts_its_cases() -> None:
    """The figure itself is printed at the end of the run."""
    assert COUNTED["cases"] >= len(DOORS) * len(USED) * len(HOME_ROLES)
