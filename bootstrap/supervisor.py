"""Keeps the parts of a running Masume alive: restarts what dies, with growing pauses, and stops leftovers."""

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

from . import processes
from .environment import Environment
from .home import CHECKOUT, Home
from .progress import Failure, say
from .services import Server, Services

HEALTHY = 60.0  # seconds after which a part counts as well again
LONGEST_PAUSE = 30.0
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

    def begin(self) -> None:
        self.pid = self.start()
        self.began = time.monotonic()

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
    return web, part("worker", WORKER, "--schedule", str(home.path / "beat-schedule"))


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
            part.mend(time.monotonic())
        time.sleep(0.5)
