"""Keeps the parts of a running Masume alive: restarts what dies, with growing pauses, and stops leftovers."""

import json
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from . import processes
from .environment import Environment
from .home import CHECKOUT, Home
from .progress import Failure, say
from .services import Server, Services

HEALTHY = 60.0  # seconds after which a part counts as well again
LONGEST_PAUSE = 30.0
ASKED_EVERY = 20.0  # seconds between two questions whether the worker still takes work
SILENT_TIMES = 3  # so many answers in a row that it does not, and it is started again
WEB = "gunicorn cs_planner.wsgi --worker-class gthread --workers 2 --threads 4 --max-requests 2000"
WEB += " --max-requests-jitter 200 --no-control-socket"
WORKER = "celery -A cs_planner worker -B --pool=threads --concurrency 4 --loglevel INFO"


@dataclass
class Part:
    """One long-running program: how it starts (returning its pid) and how it is stopped."""

    label: str
    start: Callable[[], int]
    stop: Callable[[int], None]
    pid: int = 0
    began: float = 0.0
    falls: int = 0
    is_silent: Callable[[], bool] | None = None
    asked: float = 0.0
    silent: int = 0

    def begin(self) -> None:
        self.pid = self.start()
        self.began = self.asked = time.monotonic()
        self.silent = 0

    def listen(self, now: float) -> None:
        """Ends it when it lives but has stopped working: a consumer that lost its broker, a process that stands still."""
        if not self.is_silent or not self.pid or now - self.asked < ASKED_EVERY:
            return
        self.asked = now
        self.silent = self.silent + 1 if self.is_silent() else 0
        if self.silent >= SILENT_TIMES:
            say(f"  {self.label} は動いていますが、仕事を受け取っていません。止めて起動し直します。")
            self.silent = 0
            self.stop(self.pid)

    def mend(self, now: float) -> None:
        """Starts it again if it died; the pause before grows while it keeps dying."""
        if processes.alive(self.pid):
            return
        if self.pid:
            self.falls = 1 if now - self.began > HEALTHY else self.falls + 1
            self.stop(self.pid)
            self.pid, self.began = 0, now
            say(f"  {self.label} が止まりました。{self._pause():.0f} 秒後に起動し直します。")
        if now - self.began >= self._pause():
            try:
                self.begin()
            except Failure as failure:
                say(f"  {failure}")
                self.began, self.falls = now, self.falls + 1
            else:
                say(f"  {self.label} を起動し直しました。")

    def _pause(self) -> float:
        return min(2.0 ** (self.falls - 1), LONGEST_PAUSE)


def server_parts(services: Services) -> list[Part]:
    """The database and the broker, in the order they start."""

    def part(label: str, server: Server) -> Part:
        def begin() -> int:
            server.start()
            return server.pid

        return Part(label, begin, lambda pid: server.stop())

    return [part(type(server).__name__, server) for server in services.servers()]


def program_parts(home: Home, environment: Environment, settings: dict[str, str]) -> tuple[Part, Part]:
    """The web server, and the worker with its clock."""

    def part(name: str, command: str, *more: str) -> Part:
        words = [str(environment.python), "-m", *command.split(), *more]

        def begin() -> int:
            pid = processes.spawn(words, home.log(name), cwd=CHECKOUT, env=settings)
            home.update("run", **{name: [pid, processes.birth(pid)]})
            return pid

        return Part(name, begin, stop_program)

    web = part("web", WEB, "--bind", f"127.0.0.1:{settings['MASUME_PORT']}")
    worker = part("worker", WORKER, "--schedule", str(home.path / "beat-schedule"))
    worker.is_silent = lambda: takes_no_work(f"http://127.0.0.1:{settings['MASUME_PORT']}/readyz")
    return web, worker


def takes_no_work(address: str) -> bool:
    """What ``/readyz`` says of the worker, as long as PostgreSQL and the broker are there for it."""
    checks: dict[str, Any] = {}
    with suppress(OSError, ValueError):
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            answer = opener.open(address, timeout=5)
        except urllib.error.HTTPError as unready:
            answer = unready
        checks = json.loads(answer.read())["checks"]
    well = {name for name, check in checks.items() if check["ok"]}
    return bool(checks) and {"database", "broker"} <= well and "worker" not in well


def stop_program(pid: int) -> None:
    """Ends a program with everything it left in its session (the clock of a killed worker lives on)."""
    if not pid:
        return
    processes.stop(pid, (signal.SIGTERM, 20))
    processes.kill_group(pid)


def stop_leftovers(home: Home) -> None:
    """Stops the web server and worker of a run.py that was killed."""
    facts = home.read("run")
    for name in ("web", "worker"):
        pid, birth = facts.get(name) or [0, ""]
        if pid and processes.birth(pid) == birth:
            say(f"  前回の {name} が残っていたので止めます。")
            stop_program(pid)
        elif pid and not processes.alive(pid) and birth.startswith(processes.boot()):
            processes.kill_group(pid)


def watch(parts: list[Part]) -> None:
    """Mends what dies, for ever; ends by the exception of a signal."""
    while True:
        for part in parts:
            part.listen(time.monotonic())
            part.mend(time.monotonic())
        time.sleep(0.5)
