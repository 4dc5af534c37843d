"""Read an uploaded file in a process of its own, so that a hostile one can only harm itself."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Timer
from typing import Any

from .findings import Finding, Question, Refusal
from .limits import WORKER_WALL_SECONDS
from .tables import Layout, Record

_ROOT = Path(__file__).resolve().parents[2]


def read(
    path: Path, name: str, *, seconds: float = WORKER_WALL_SECONDS, **options: str | bool | None
) -> Iterator[Layout | Record]:
    """Yield the layout, then every row. `name` is the file's own name; options: encoding, delimiter,
    sheet, whole.

    Raises Refusal when the file cannot be read (also when reading it took too much memory or time), Question when a
    person has to choose.
    """
    command = [sys.executable, "-m", "accounts.importing.parse_worker", str(path), name, json.dumps(options)]
    with subprocess.Popen(
        command, cwd=_ROOT, env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as worker:
        alarm = Timer(seconds, worker.kill)
        alarm.start()
        try:
            assert worker.stdout is not None
            yield from _events(worker.stdout)
        finally:
            alarm.cancel()
            worker.kill()


def _events(lines: Iterator[bytes]) -> Iterator[Layout | Record]:
    for line in lines:
        message: dict[str, Any] = json.loads(line)
        if rows := message.get("rows"):
            for number, cells, problem in rows:
                yield Record(number, cells, problem and Finding(**problem))
        elif layout := message.get("layout"):
            yield Layout(**layout)
        elif refusal := message.get("refusal"):
            found = Finding(**refusal)
            raise Refusal(found.code, found.line, **found.params)
        elif "question" in message:
            raise Question(message["question"], message["answers"])
        elif "end" in message:
            return
    raise Refusal("file_too_heavy")


def _environment() -> dict[str, str]:
    """Nothing of ours: the reader of a stranger's file has no use for secrets and database addresses."""
    kept = ("PATH", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH", "LD_LIBRARY_PATH")
    return {name: os.environ[name] for name in kept if name in os.environ}
