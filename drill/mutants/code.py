"""Each line of ``written`` taken away in a copy of the tree, and the tests that must notice run there."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.db import connections

from drill import ground
from drill.mutants.written import LINES, Line
from drill.outcome import Outcome, row

ROOT = Path(__file__).resolve().parents[2]
NOT_COPIED = shutil.ignore_patterns(".*", "__pycache__", "node_modules")
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)
PATIENCE = 900


def attack(lines: Sequence[Line] = LINES) -> Iterator[Outcome]:
    lost = [
        f"{line.name}: {line.old!r} is not in {line.file} once" for line in lines if not line_stands(line)
    ]
    yield row("lines that stand where they are said to stand", len(lines), lost)
    with template() as migrated:
        red = [
            " ".join(words) for words in sorted({line.tests for line in lines}) if failing(words, migrated)
        ]
        yield row("tests that pass while every line is there", len({line.tests for line in lines}), red)
        for line in lines:
            if line_stands(line):
                found = failing(line.tests, migrated, line)
                yield Outcome(f"without: {line.name}", 1, int(bool(found)), found or f"SURVIVES {line.file}")


def line_stands(line: Line) -> bool:
    file = ROOT / line.file
    return file.exists() and file.read_text().count(line.old) == 1


def failing(words: Sequence[str], migrated: str, line: Line | None = None) -> str:
    """The first test that fails in a copy of the tree, without ``line`` if one is given; empty if all pass."""
    with tempfile.TemporaryDirectory(prefix="masume-mutant-") as folder:
        tree = shutil.copytree(ROOT, Path(folder, "masume"), ignore=NOT_COPIED)
        if line:
            file = tree / line.file
            file.write_text(file.read_text().replace(line.old, line.new))
        return first_failure(words, tree, migrated)


def first_failure(words: Sequence[str], tree: Path, migrated: str) -> str:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *words]
    surroundings = {**os.environ, "PYTEST_XDIST_WORKER": "mutant", "MASUME_TEST_TEMPLATE": migrated, "PYTHONPATH": str(tree)}  # fmt: skip
    try:
        done = subprocess.run(
            command, cwd=tree, env=surroundings, capture_output=True, text=True, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        return f"no end within {PATIENCE} seconds"
    if done.returncode == 0:
        return ""
    named = FAILED.search(done.stdout)
    return named[1] if named else f"pytest ended with {done.returncode}: {done.stdout[-200:]}"


@contextmanager
def template() -> Iterator[str]:
    """A migrated database that nobody is connected to, so that test databases are copied from it."""
    with ground.database("mutants_template") as name:
        for alias in connections:
            connections[alias].close()
        yield name
