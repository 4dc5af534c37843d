"""run.py test, drill and bench: throw-away servers, and what runs on them."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import environment as environments
from . import postgres, processes, valkey
from .account import Account
from .environment import Environment
from .home import CHECKOUT, Home
from .progress import say, step
from .services import ROLES, create_roles

CHECKS = {"ruff": ["ruff", "check", "."], "mypy": ["mypy"], "lint-imports": ["lint-imports"]}
OF_A_RUNNING_MASUME = ("EMAIL_URL", "MASUME_URL", "MASUME_PORT", "MASUME_ALLOWED_HOSTS", "MASUME_CACHE_URL")
MEMORY = Path("/dev/shm")
MOST_AT_ONCE = 4
"""Test processes; each has a database of its own, all share the servers."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def run(home: Home, arguments: list[str]) -> int:
    """Runs the checks of the code, unless pytest gets arguments, then the tests. Returns the exit status."""
    environment = _environment(home)
    failed = [] if arguments else [name for name in CHECKS if not _passes(name, environment)]
    say("■ pytest")
    tests = run_module("pytest", home, arguments or at_once())
    if failed:
        say(f"通らなかった検査: {'、'.join(failed)}")
    return tests or int(bool(failed))


def at_once() -> list[str]:
    """For all tests: a process per core; those of a file stay together, in the order of ``tests/conftest.py``."""
    return ["-n", str(min(os.cpu_count() or 1, MOST_AT_ONCE)), "--dist", "loadfile", "--no-loadscope-reorder"]


def run_module(name: str, home: Home, arguments: list[str]) -> int:
    """Runs ``python -m name`` beside throw-away servers. Returns its exit status."""
    environment = _environment(home)
    with _scratch() as folder, _servers(folder, environment) as urls:
        settings = {name: value for name, value in os.environ.items() if name not in OF_A_RUNNING_MASUME}
        settings |= {**urls, "MASUME_ENV": "test", "MASUME_HOME": str(folder), "MASUME_SECRET_KEY": "test"}
        if browser := settings.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), ""):
            settings["CHROMIUM"] = browser
        return subprocess.call([environment.python, "-m", name, *arguments], env=settings, cwd=CHECKOUT)


def _environment(home: Home) -> Environment:
    with home.locked("start"):
        return environments.ensure(home, "env-test")


def _passes(name: str, environment: Environment) -> bool:
    say(f"■ {name}")
    program, *words = CHECKS[name]
    return subprocess.call([environment.folder / "bin" / program, *words], cwd=CHECKOUT) == 0


@contextmanager
def _servers(folder: Path, environment: Environment) -> Iterator[dict[str, str]]:
    """A throw-away PostgreSQL and Valkey; yields their addresses."""
    server, broker = postgres.throw_away(folder, environment), valkey.throw_away(folder, environment)
    try:
        with step("試験用の PostgreSQL と Valkey を起動しています"):
            server.start()
            broker.start()
            address = f"127.0.0.1:{server.port}/masume"
            urls = {name: f"postgres://{role}:test@{address}" for name, role in ROLES.items()}
            create_roles(environment, {**urls, "DATABASE_ADMIN_URL": server.admin_url}, "--template")
        # The product never sees it: tests empty tables by it, and start programs with it to see them refuse.
        superuser = f"postgres://postgres@localhost:{server.port}/postgres?host={server.socket_folder}"
        yield {**urls, "REDIS_URL": broker.url, "TEST_SUPERUSER_URL": superuser}
    finally:
        broker.stop()
        server.stop()


@contextmanager
def _scratch() -> Iterator[Path]:
    """A folder in memory if there is one; those of earlier runs that were killed are cleared away first."""
    base = MEMORY if os.access(MEMORY, os.W_OK) else Path(tempfile.gettempdir())
    for old in base.glob("masume-test-*"):
        owner = int(old.name.split("-")[2])
        if old.stat().st_uid == os.geteuid() and not processes.alive(owner):
            valkey.Valkey(old / "valkey", Path(), "", Path()).stop()
            postgres.Postgres(old / "postgres", Path(), Account(), Path()).stop()
            shutil.rmtree(old, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"masume-test-{os.getpid()}-", dir=base))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
