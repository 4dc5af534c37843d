"""A worker that lives and takes no work: told by /readyz, ended and started again by whoever supervises it."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from bootstrap import processes, still_working, supervisor, valkey
from bootstrap.environment import Environment
from bootstrap.home import Home
from tenants import readiness
from tenants.models import Canary, JobSlot
from tenants.models.job_slot import SlotState
from tests.attacks import here
from tests.world import World

ENVIRONMENT = Environment(Path(sys.prefix))


@pytest.fixture
def broker() -> Iterator[valkey.Valkey]:
    with tempfile.TemporaryDirectory() as folder:
        server = valkey.throw_away(Path(folder), ENVIRONMENT)
        server.start()
        yield server
        server.stop()


@pytest.fixture
def worker(
    transactional_db: None, broker: valkey.Valkey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[supervisor.Part]:
    """The worker as run.py starts it, with a clock that ticks every two seconds."""
    clock = tmp_path / "clock"
    clock.write_text("0")
    facts = {
        "MASUME_ENV": "embedded", "MASUME_HOME": str(tmp_path), "MASUME_PORT": "1", "DATABASE_URL": here.app_url(),
        "REDIS_URL": broker.url, "DRILL_CLOCK": str(clock), "DRILL_LEASE": "5",
    }  # fmt: skip
    monkeypatch.setattr(
        supervisor, "WORKER", supervisor.WORKER.replace("cs_planner", "drill.night_kills.worker")
    )
    monkeypatch.setattr(readiness, "SILENT_AFTER", 6)
    monkeypatch.setattr(supervisor, "ASKED_EVERY", 0.5)
    _web, part = supervisor.program_parts(Home(tmp_path), ENVIRONMENT, {**os.environ, **facts})
    part.is_silent = lambda: bool(readiness.worker())
    part.begin()
    yield part
    part.stop(part.pid)


def test_a_worker_that_stands_still_is_told_and_started_again(worker: supervisor.Part) -> None:
    assert processes.wait_until(lambda: readiness.worker() == "", 120, 0.3), "it takes ticks"
    was = worker.pid
    os.kill(was, signal.SIGSTOP)
    assert processes.alive(was), "to its supervisor it looks alive"
    deadline = time.monotonic() + 60
    while worker.pid in (was, 0) and time.monotonic() < deadline:
        worker.listen(time.monotonic())
        worker.mend(time.monotonic())
        time.sleep(0.2)
    assert worker.pid not in (was, 0) and not processes.alive(was)
    assert processes.wait_until(lambda: readiness.worker() == "", 120, 0.3), "the new one takes ticks"


def test_a_worker_with_its_hands_full_is_not_silent(world: World) -> None:
    long_ago = timezone.now() - timedelta(seconds=readiness.SILENT_AFTER + 60)
    Canary.objects.create(name="worker", seen_at=long_ago)
    assert Client().get("/readyz").json()["checks"]["worker"]["reason"].startswith("no tick for")
    now = timezone.now()
    slot = JobSlot.objects.create(
        tenant=world.tenant(), job="night", slot_start=now, due_at=now, state=SlotState.RUNNING,
        lease_until=now + readiness.LEASE,
    )  # fmt: skip
    assert readiness.worker() == ""
    JobSlot.objects.filter(pk=slot.pk).update(lease_until=now)
    assert readiness.worker().startswith("no tick for"), "it does not renew its lease either"


@contextmanager
def answering(checks: dict[str, bool], status: int = 200) -> Iterator[str]:
    body = json.dumps({"checks": {name: {"ok": ok, "reason": ""} for name, ok in checks.items()}}).encode()

    class Readyz(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Readyz)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/readyz"
    server.shutdown()
    server.server_close()


WELL = {"database": True, "broker": True, "worker": True}


@pytest.mark.parametrize(
    ("checks", "status", "is_silent"),
    [
        (WELL, 200, False),
        ({**WELL, "worker": False}, 200, True),
        ({**WELL, "worker": False}, 503, True),
        ({**WELL, "worker": False, "broker": False}, 200, False),
        ({"database": False, "worker": False, "broker": True}, 503, False),
    ],
)
def test_only_a_worker_that_could_work_is_blamed(
    checks: dict[str, bool], status: int, is_silent: bool
) -> None:
    with answering(checks, status) as address:
        assert supervisor.takes_no_work(address) is is_silent
    assert supervisor.takes_no_work(address) is False, "nobody answers: nobody knows"


def test_the_container_of_a_silent_worker_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(still_working, "TOLD", tmp_path / "silent")
    with subprocess.Popen(["sleep", "60"]) as first, answering({**WELL, "worker": False}) as address:
        found = [still_working.main(address, first.pid) for _time in range(2)]
        assert found == [1, 1] and first.poll() is None, "twice may be chance"
        assert still_working.main(address, first.pid) == 1
        assert first.wait(10) == -signal.SIGTERM


def test_one_good_answer_forgets_the_bad_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(still_working, "TOLD", tmp_path / "silent")
    with subprocess.Popen(["sleep", "60"]) as first:
        for checks in ({**WELL, "worker": False}, {**WELL, "worker": False}, WELL, {**WELL, "worker": False}):
            with answering(checks) as address:
                still_working.main(address, first.pid)
        assert first.poll() is None
        first.kill()
