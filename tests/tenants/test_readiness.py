"""Ready means: the right role, every policy, every migration; live means only that the process answers."""

import os
import subprocess
import sys
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
import redis
from django.db import connections
from django.test import Client
from django.utils import timezone

from tenants import readiness
from tenants.models import Canary
from tests.database import owner_url
from tests.world import World

pytestmark = pytest.mark.django_db


def ask(client: Client | None = None) -> tuple[int, dict[str, Any]]:
    answer = (client or Client()).get("/readyz", headers={"host": "10.0.0.7"})
    return answer.status_code, answer.json()


def test_all_is_well(world: World) -> None:
    status, found = ask()
    assert (status, found["ready"]) == (200, True)
    assert set(found["checks"]) == {"database", "role", "policies", "migrations", "broker", "worker", "work"}


def test_a_role_that_passes_row_level_security_is_red(world: World, monkeypatch: Any) -> None:
    with psycopg2.connect(owner_url(connections["default"].settings_dict["NAME"])) as owner:

        def as_owner(sql: str, *params: object) -> list[Any]:
            with owner.cursor() as cursor:
                cursor.execute(sql, params or None)
                return cursor.fetchall()

        monkeypatch.setattr(readiness, "rows", as_owner)
        status, found = ask()
    owner.close()
    assert status == 503 and "passes row-level security" in found["checks"]["role"]["reason"]


def test_a_missing_policy_is_red(world: World, monkeypatch: Any) -> None:
    known = readiness.tenant_tables()
    monkeypatch.setattr(readiness, "tenant_tables", lambda: {*known, "tenants_user"})
    status, found = ask()
    assert (status, found["checks"]["policies"]["reason"]) == (503, "no policy on tenants_user")


def test_an_unapplied_migration_is_red(world: World, monkeypatch: Any) -> None:
    on_disk = readiness.migrations_on_disk()
    monkeypatch.setattr(readiness, "migrations_on_disk", lambda: on_disk | {("tenants", "9999_future")})
    status, found = ask()
    assert (status, found["checks"]["migrations"]["reason"]) == (503, "not applied: tenants.9999_future")


def test_an_unreachable_database_is_red_and_the_process_still_lives(
    world: World, sign_in: Any, monkeypatch: Any
) -> None:
    def away(sql: str, *params: object) -> list[Any]:
        raise OSError("no route")

    client = sign_in(world.csm)
    monkeypatch.setattr(readiness, "rows", away)
    status, found = ask(client)
    assert (status, found["checks"]["database"]) == (503, {"ok": False, "reason": "unreachable"})
    assert client.get("/livez").status_code == 200


def test_a_broker_that_is_down_is_told_but_not_red(world: World, monkeypatch: Any) -> None:
    def down(*args: Any, **kwargs: Any) -> Any:
        raise redis.ConnectionError

    monkeypatch.setattr(readiness.redis.Redis, "from_url", down)
    status, found = ask()
    assert (status, found["checks"]["broker"]["ok"]) == (200, False)


@pytest.mark.parametrize("program", ["cs_planner.wsgi", "cs_planner.celery"])
def test_programs_do_not_start_as_the_owner(world: World, program: str) -> None:
    parts = urlsplit(os.environ["DATABASE_OWNER_URL"])
    url = urlunsplit(parts._replace(path=f"/{connections['default'].settings_dict['NAME']}"))
    code = f"import {program} as p; getattr(p, 'refuse_unsafe_role')()"
    if program.endswith("celery"):
        code = "import django; django.setup(); " + code
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "cs_planner.settings"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode != 0 and "passes row-level security as masume_owner" in done.stderr


def test_a_worker_without_a_tick_is_told_but_not_red(world: World) -> None:
    for silence, is_well in ((None, False), (30, True), (121, False)):
        if silence is not None:
            moment = timezone.now() - timedelta(seconds=silence)
            Canary.objects.update_or_create(name="worker", defaults={"seen_at": moment})
        status, found = ask()
        assert (status, found["checks"]["worker"]["ok"]) == (200, is_well)
