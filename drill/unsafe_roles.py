"""Started with a role that row-level security does not hold, every program refuses, and readiness is red."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from unittest import mock
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.conf import settings
from django.test import Client

from drill import ground
from drill.outcome import Outcome
from tenants import readiness
from tests.world import build_world

# Never os.devnull: beat removes a schedule it cannot read, and root may remove a device.
SCHEDULE = f"{tempfile.gettempdir()}/masume-drill-schedule-{os.getpid()}"
PROGRAMS = {
    "web": ["-m", "gunicorn", "cs_planner.wsgi", "--bind", "127.0.0.1:0", "--workers", "1"],
    "worker": ["-m", "celery", "-A", "cs_planner", "worker", "--pool", "solo"],
    "beat": ["-m", "celery", "-A", "cs_planner", "beat", "--schedule", SCHEDULE],
    "manage.py shell": ["manage.py", "shell", "-c", "print('came up')"],
    "manage.py export_accounts": ["manage.py", "export_accounts", "--tenant", "midori"],
    "manage.py night": ["manage.py", "night"],
}
FEW = ("manage.py shell",)  # the tests start the web and the worker as the owner elsewhere


def run(*, small: bool) -> Iterator[Outcome]:
    with ground.database("unsafe_roles") as name:
        build_world()
        yield from attack(name, small=small)


def attack(name: str, *, small: bool) -> Iterator[Outcome]:
    for role, address in unsafe(name).items():
        programs = {said: words for said, words in PROGRAMS.items() if not small or said in FEW}
        started = [said for said, words in programs.items() if not refuses(words, address)]
        yield Outcome(f"programs as {role}", len(programs), len(programs) - len(started), ", ".join(started))
        said = red(address)
        yield Outcome(f"/readyz as {role}", 1, int("passes row-level security" in said), said)
    plain = refuses(PROGRAMS["manage.py shell"], ground.url("DATABASE_URL", name))
    yield Outcome("the plain role, to compare: comes up", 1, int(not plain))


def unsafe(name: str) -> dict[str, str]:
    """The owner, a role with BYPASSRLS, and a superuser if the surroundings know one."""
    roles = {
        "the owner": "DATABASE_OWNER_URL",
        "BYPASSRLS": "DATABASE_BACKUP_URL",
        "a superuser": "TEST_SUPERUSER_URL",
    }
    return {said: ground.url(variable, name) for said, variable in roles.items() if os.environ.get(variable)}


def refuses(words: list[str], address: str) -> bool:
    """Whether a program ends at once, saying why and what to use instead."""
    env = {**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "cs_planner.settings"}
    command = [sys.executable, *words]
    try:
        done = subprocess.run(
            command, cwd=settings.ROOT, env=env, capture_output=True, text=True, timeout=180
        )
    except subprocess.TimeoutExpired:
        return False  # it serves
    said = done.stdout + done.stderr
    told = "passes row-level security as" in said and "Use the plain role masume_app" in said
    return done.returncode != 0 and told and "came up" not in said


def red(address: str) -> str:
    """What /readyz says when its process turns out to work with that role: a role can be altered under our feet."""
    connection = psycopg2.connect(urlunsplit(urlsplit(address)._replace(scheme="postgresql")))

    def rows(statement: str, *params: object) -> list[tuple[object, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement, params or None)
            return cursor.fetchall()

    try:
        with mock.patch.object(readiness, "rows", rows):
            answer = Client().get("/readyz")
    finally:
        connection.close()
    return str(answer.json()["checks"]["role"]["reason"]) if answer.status_code == 503 else "green"
