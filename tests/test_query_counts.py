"""How many statements each page costs, the same with ten rows and with three hundred.

Every page that answers a GET is measured by itself; ``query_counts.json`` keeps the figures. A page that got dearer
or cheaper fails here: look why, then write the file anew with ``MASUME_WRITE_QUERY_COUNTS=1``, which also takes in new
pages. The beginning and end of the transaction are not counted (two statements, the same everywhere).
"""

import json
import os
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import crowd
from tests.doors import DOORS, Door
from tests.world import World

KEPT = Path(__file__).with_name("query_counts.json")
FRAME = ("SAVEPOINT", "RELEASE", "ROLLBACK", "SELECT bind_tenant", "BEGIN", "COMMIT")


def statements(client: Client, path: str) -> int | None:
    """Statements of one GET, after one that fills caches; None if it is not a page for this person."""
    if not is_page(client.get(path)):
        return None
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return sum(not query["sql"].startswith(FRAME) for query in captured)


def is_page(response: Any) -> bool:
    return response.status_code == 200 and response.headers["Content-Type"].startswith("text/html")


def pages(world: World, rows: dict[Any, Any]) -> list[tuple[str, Door, str]]:
    found = []
    for door in DOORS:
        if door.subject is None and not door.needs:
            found.append((door.name, door, f"/t/midori/{door.route}"))
        elif door.needs == ("pk",) and door.subject in rows:
            found.append((door.name, door, f"/t/midori/{door.path(rows[door.subject].pk)}"))
    return found


def measure(world: World, sign_in: Any, rows: dict[Any, Any]) -> dict[str, int]:
    clients = [sign_in(world.csm), sign_in(world.member(Role.ADMIN))]
    counts = {}
    for name, door, path in pages(world, rows):
        for client in clients:
            count = statements(client, path)
            if count is not None:
                counts[f"{name} {door.route}".strip()] = count
                break
    return counts


def test_pages_cost_what_they_did_and_no_more_with_more_rows(world: World, sign_in: Any) -> None:
    with tenant_scope(world.tenant(), actor="test"):
        rows = crowd.grow(world, 10)
    few = measure(world, sign_in, rows)
    with tenant_scope(world.tenant(), actor="test"):
        crowd.grow(world, 290)
    many = measure(world, sign_in, rows)
    if os.environ.get("MASUME_WRITE_QUERY_COUNTS"):
        KEPT.write_text(json.dumps(many, indent=2, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")
    grown = {page: (few[page], many[page]) for page in few if many[page] > few[page]}
    assert grown == {}
    kept = json.loads(KEPT.read_text("utf-8"))
    assert {page: many.get(page) for page in kept} == kept
