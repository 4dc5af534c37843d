"""The product and the floor as they are run: gunicorn processes of the same kind, with addresses of their own."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bench import world

ROOT = Path(__file__).resolve().parent.parent
FLOOR, OURS = "bench.floor:application", "cs_planner.wsgi:application"
PATIENCE = 60.0


@dataclass(frozen=True)
class Server:
    port: int
    process: subprocess.Popen[bytes]

    @property
    def workers(self) -> list[int]:
        """The processes that answer, children of gunicorn's first one."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def pids(self) -> list[int]:
        """Workers, and the sessions of PostgreSQL in the database of the bench, whoever of both sides they serve."""
        return [*self.workers, *world.backends()]


@contextmanager
def serving(
    application: str, home: Path, *, workers: int = 2, threads: int = 4, through: int = 0
) -> Iterator[Server]:
    """A gunicorn that answers, with the product's own kind of workers; ``through`` is a gate before PostgreSQL."""
    server = start(application, home, workers=workers, threads=threads, through=through)
    try:
        yield server
    finally:
        stop(server)


def start(application: str, home: Path, *, workers: int = 1, threads: int = 4, through: int = 0) -> Server:
    port = free_port()
    options = ["--worker-class", "gthread", "--workers", str(workers), "--threads", str(threads)]
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", *options,
         "--no-control-socket", "--log-level", "error"],
        cwd=ROOT, env=environment(application, home, through),
    )  # fmt: skip
    wait_for(port, process)
    return Server(port, process)


def stop(server: Server) -> None:
    server.process.terminate()
    server.process.wait(30)


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    begun = time.monotonic()
    while time.monotonic() - begun < PATIENCE:
        assert process.poll() is None, "gunicorn did not come up"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.005)
        else:
            return
    raise TimeoutError(f"nobody answers on {port}")


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def environment(application: str, home: Path, through: int = 0) -> dict[str, str]:
    """As ``run.py`` starts the web, on the database of the bench; the floor reads what libpq reads."""
    if application == FLOOR:
        return os.environ | floor_variables()
    parts = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{world.name()}")
    if through:
        name, _at, _address = parts.netloc.rpartition("@")
        parts = parts._replace(netloc=f"{name}@127.0.0.1:{through}", query="sslmode=disable")
    url = parts.geturl()
    return os.environ | {
        "MASUME_ENV": "embedded",
        "MASUME_HOME": str(home),
        "DATABASE_URL": url,
        "PYTHONWARNINGS": "ignore",
    }


def floor_variables() -> dict[str, str]:
    parts = urlsplit(os.environ["DATABASE_OWNER_URL"])
    return {
        "PGHOST": parts.hostname or "",
        "PGPORT": str(parts.port or 5432),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": world.name(),
        "PGOPTIONS": "-c search_path=floor",
    }


@contextmanager
def prepared_home() -> Iterator[Path]:
    """A folder with the static files as they are served, for the time of the bench."""
    with tempfile.TemporaryDirectory(prefix="masume-bench-") as folder:
        run([sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"], OURS, Path(folder))
        run([sys.executable, "-m", "bench.floor"], FLOOR, Path(folder))
        yield Path(folder)


def run(command: list[str], application: str, home: Path) -> None:
    subprocess.run(command, cwd=ROOT, env=environment(application, home), check=True)


def proportional_memory(pids: list[int]) -> float:
    """Megabytes of these processes, what they share divided by who shares it."""
    kilobytes = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                kilobytes += int(line.split()[1])
    return kilobytes / 1024
