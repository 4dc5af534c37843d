"""A PostgreSQL and a broker of the drill's own, workers and clocks beside them, and somebody who starts again what dies."""

import io
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, redirect_stderr, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg2
import redis

from bootstrap import postgres, processes, supervisor, valkey
from bootstrap.environment import Environment
from bootstrap.home import CHECKOUT
from bootstrap.services import ROLES, create_roles

LEASE = 5
DURABLE = (
    "fsync=off",
    "full_page_writes=off",
    "max_connections=100",
)  # but what was committed survives a crash
NOT_OURS = (
    "EMAIL_URL",
    "MASUME_CACHE_URL",
    "DATABASE_OWNER_URL",
    "DATABASE_BACKUP_URL",
    "TEST_SUPERUSER_URL",
)
CELERY = ("-m", "celery", "-A", "drill.night_kills.worker")


@dataclass
class Crew:
    """Everything that runs. ``dead`` counts what was done to it."""

    folder: Path
    database: postgres.Postgres
    broker: valkey.Valkey
    env: dict[str, str]
    parts: dict[str, supervisor.Part] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)
    held: list[int] = field(default_factory=list)
    day: date = date.min

    def begin(self, workers: int, with_threads: bool) -> None:
        """So many prefork workers of two children, one with threads as run.py has it, and two clocks."""
        commands = {
            f"worker-{n}": ("worker", "--pool=prefork", "--concurrency=2", "-n", f"w{n}@drill")
            for n in range(workers)
        }
        if with_threads:
            commands["worker-threads"] = (
                "worker",
                "--pool=threads",
                "--concurrency=3",
                "-n",
                "threads@drill",
            )
        for n in (1, 2):
            commands[f"beat-{n}"] = ("beat", "--schedule", str(self.folder / f"beat-{n}"))
        for name, words in commands.items():
            self.parts[name] = self.part(name, words)
            self.parts[name].begin()
        processes.wait_until(self.are_up, 120)

    def are_up(self) -> bool:
        return all(children_of(part.pid) for name, part in self.parts.items() if name.startswith("worker-"))

    def part(self, name: str, words: tuple[str, ...]) -> supervisor.Part:
        command = [sys.executable, *CELERY, *words, "--loglevel", "WARNING"]
        log = self.folder / f"{name}.log"
        return supervisor.Part(
            name, lambda: processes.spawn(command, log, cwd=CHECKOUT, env=self.env), supervisor.stop_program
        )

    def set_day(self, day: date) -> None:
        """Ten in the morning in Greenwich: everywhere in the drill's world it is that day, and past six."""
        self.day = day
        then = datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
        clock = Path(self.env["DRILL_CLOCK"])
        part = clock.with_suffix(".part")
        part.write_text(str((then - datetime.now(UTC)).total_seconds()))
        part.replace(clock)

    def mend(self) -> None:
        """As run.py does it, but without the pauses that grow when something dies again and again."""
        with redirect_stderr(io.StringIO()):
            for part in self.parts.values():
                part.falls = 0
                part.mend(time.monotonic())

    def connect(self) -> Any:
        connection = psycopg2.connect(self.database.admin_url.replace("/postgres?", "/masume?"))
        connection.autocommit = True
        return connection

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(self.connect()) as connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    def stop(self) -> None:
        for pid in self.held:
            send(pid, signal.SIGCONT)
        for part in self.parts.values():
            part.stop(part.pid)

    # What is done to it.

    def kill(self, kind: str, dice: random.Random) -> bool:
        """A child, a worker with its children, or a clock; False when there was none that had come up."""
        names = [name for name in self.parts if name.startswith("beat" if kind == "beat" else "worker")]
        pids = [self.parts[name].pid for name in names if processes.alive(self.parts[name].pid)]
        if kind != "beat":
            pids = [pid for pid in pids if children_of(pid)]
        if kind == "child":
            pids = [child for pid in pids for child in children_of(pid)]
        if not pids or not send(dice.choice(pids), signal.SIGKILL):
            return False
        self.done[f"{kind} killed"] += 1
        return True

    def hold(self, dice: random.Random) -> None:
        """A child stands still until its lease is over, and goes on as if nothing had been."""
        workers = [part.pid for name, part in self.parts.items() if name.startswith("worker-")]
        children = children_of(dice.choice(workers))
        if children and send(pid := dice.choice(children), signal.SIGSTOP):
            self.done["child held"] += 1
            self.held.append(pid)
            threading.Timer(LEASE * 1.5, send, (pid, signal.SIGCONT)).start()

    def flush(self) -> None:
        with suppress(redis.RedisError):
            redis.Redis.from_url(self.broker.url, socket_timeout=2).flushall()
            self.done["broker flushed"] += 1

    def cut_lines(self) -> None:
        """Every connection to the broker is cut, and the broker is there all the same."""
        with suppress(redis.RedisError):
            redis.Redis.from_url(self.broker.url, socket_timeout=2).client_kill_filter(_type="normal")
            self.done["lines to the broker cut"] += 1

    def restart_broker(self) -> None:
        send(self.broker.pid, signal.SIGKILL)
        self.broker.start()
        self.done["broker restarted"] += 1

    def restart_database(self) -> None:
        processes.stop(self.database.pid, (signal.SIGQUIT, 20))
        self.database.start()
        self.done["database restarted"] += 1

    def take_up(self) -> bool:
        """Killed five times in a row, work is a dead letter; an operator takes it up again. True if there was any."""
        if not self.query(
            "SELECT FROM tenants_jobslot WHERE state = 'dead' AND error = 'the worker fell silent'"
        ):
            return False
        retry = [sys.executable, "manage.py", "jobs", "retry", "--all"]
        subprocess.run(retry, cwd=CHECKOUT, env=self.env, capture_output=True, check=True)
        self.done["dead letters taken up"] += 1
        return True

    @property
    def kills(self) -> int:
        return sum(count for what, count in self.done.items() if what.endswith("killed"))


def children_of(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def send(pid: int, number: signal.Signals) -> bool:
    with suppress(ProcessLookupError):
        if pid:
            os.kill(pid, number)
            return True
    return False


@contextmanager
def at_work(folder: Path, like: str = "") -> Iterator[Crew]:
    """Servers with an empty database; nothing else runs yet. All of it is stopped at the end.

    ``like`` is the owner's address of a migrated database whose tables are copied, which is quicker than migrating.
    """
    environment = Environment(Path(sys.prefix))
    database = replace(postgres.throw_away(folder, environment), settings=DURABLE)
    broker = replace(valkey.throw_away(folder, environment), lasting=True)
    try:
        database.start()
        broker.start()
        crew = hired(folder, environment, database, broker, like)
        try:
            yield crew
        finally:
            crew.stop()
    finally:
        broker.stop()
        database.stop()


def hired(
    folder: Path, environment: Environment, database: postgres.Postgres, broker: valkey.Valkey, like: str
) -> Crew:
    address = f"127.0.0.1:{database.port}/masume"
    urls = {name: f"postgres://{role}:test@{address}" for name, role in ROLES.items()}
    create_roles(environment, {**urls, "DATABASE_ADMIN_URL": database.admin_url})
    clock = folder / "clock"
    clock.write_text("0")
    settings = {name: value for name, value in os.environ.items() if name not in NOT_OURS} | {
        "MASUME_ENV": "embedded", "MASUME_HOME": str(folder), "MASUME_SECRET_KEY": "drill", "REDIS_URL": broker.url,
        "DRILL_CLOCK": str(clock), "DRILL_LEASE": str(LEASE), "DJANGO_SETTINGS_MODULE": "cs_planner.settings",
        "DATABASE_URL": urls["DATABASE_URL"],
    }  # fmt: skip
    crew = Crew(folder, database, broker, settings)
    if like:
        tables = subprocess.run(
            [database.bin / "pg_dump", "--schema-only", like], capture_output=True, check=True
        )
        with closing(crew.connect()) as connection, connection.cursor() as cursor:
            cursor.execute(re.sub(rb"(?m)^(\\(un)?restrict .*|CREATE SCHEMA public;)$", b"", tables.stdout))
    else:
        migrate = [sys.executable, "manage.py", "migrate", "--database=owner", "--noinput"]
        subprocess.run(migrate, cwd=CHECKOUT, env={**settings, **urls}, capture_output=True, check=True)
    return crew
