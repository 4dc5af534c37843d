"""The folder of one Masume: data, secret, passwords, ports and who is running. Two homes never meet."""

import fcntl
import json
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .progress import Failure

CHECKOUT = Path(__file__).resolve().parent.parent
PRIVATE = ("backups", "logs", "mail", "media", "valkey")


class Home:
    """Paths and small stored facts; every file in it that matters is readable by its owner only."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.mkdir(mode=0o711, parents=True, exist_ok=True)
            for name in PRIVATE:
                (path / name).mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise Failure(
                f"フォルダ {path} に書けません({error.strerror})。MASUME_HOME で別の場所を選べます。"
            ) from None
        if not os.access(path / "logs", os.W_OK):
            raise Failure(f"フォルダ {path} は別の利用者のものです。MASUME_HOME で別の場所を選べます。")

    def log(self, name: str) -> Path:
        return self.path / "logs" / f"{name}.log"

    def secret(self, name: str = "secret") -> str:
        """A random word kept in a file of that name; made on first use."""
        file = self.path / name
        if not file.exists():
            write_private(file, secrets.token_urlsafe(48))
        return file.read_text().strip()

    def password(self, role: str) -> str:
        known = self.read("passwords")
        if role not in known:
            self.write("passwords", {**known, role: secrets.token_urlsafe(24)})
        return str(self.read("passwords")[role])

    def read(self, name: str) -> dict[str, Any]:
        """A stored fact sheet, {} when there is none (or when a crash left half of one)."""
        try:
            return dict(json.loads((self.path / f"{name}.json").read_text()))
        except (FileNotFoundError, ValueError):
            return {}

    def write(self, name: str, facts: dict[str, Any]) -> None:
        write_private(self.path / f"{name}.json", json.dumps(facts, indent=1, ensure_ascii=False))

    def update(self, name: str, **facts: Any) -> None:
        self.write(name, {**self.read(name), **facts})

    def port(self, name: str) -> int:
        """The port this home last used for `name`, 0 if none yet."""
        return int(self.read("ports").get(name, 0))

    @contextmanager
    def locked(self, name: str, shared: bool = False, wait: bool = True) -> Iterator[bool]:
        """Holds a lock file of this home; yields whether it was had. The kernel frees it if we die."""
        with (self.path / f"{name}.lock").open("a") as file:
            kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
            try:
                fcntl.flock(file, kind if wait else kind | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True


def locate() -> Home:
    return Home(Path(os.environ.get("MASUME_HOME") or CHECKOUT / ".masume").expanduser().resolve())


def write_private(file: Path, text: str) -> None:
    """Replaces a file in one go, readable by its owner only."""
    part = file.with_name(file.name + ".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as output:
        output.write(text)
    part.replace(file)


def is_free(port: int) -> bool:
    """Whether nobody answers on the port of this machine and we may listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def free_port(*preferred: int) -> int:
    """The first of the preferred ports that is free, or any free one."""
    for port in preferred:
        if port and is_free(port):
            return port
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
