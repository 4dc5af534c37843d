"""What must hold for the launcher's files wherever a clone lands."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted(ROOT.glob("requirements*.lock"))


def test_run_py_still_parses_where_it_has_to_say_that_python_is_too_old() -> None:
    ast.parse((ROOT / "run.py").read_text(), feature_version=(3, 8))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_requirement_is_pinned_by_hash_and_names_no_host(lock: Path) -> None:
    text = lock.read_text().replace("\\\n", " ")
    for line in text.splitlines():
        assert re.match(r"[a-z0-9-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", line), line
    assert "://" not in text and "--index" not in text and "--find-links" not in text


def test_the_locks_hold_every_direct_requirement() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    wanted = {
        "requirements.lock": project["project"]["dependencies"],
        "requirements-test.lock": project["project"]["dependencies"] + groups["test"],
        "requirements-embedded.lock": groups["embedded"],
        "requirements-installer.lock": groups["installer"],
    }
    for name, requirements in wanted.items():
        pinned = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / name).read_text(), re.M))
        direct = {re.match(r"[\w-]+", requirement).group().lower() for requirement in requirements}
        assert direct <= pinned, name


def test_the_test_lock_pins_the_same_versions_as_production() -> None:
    runtime, test = (
        dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / name).read_text(), re.M))
        for name in ("requirements.lock", "requirements-test.lock")
    )
    assert runtime.items() <= test.items()


def test_the_script_of_ci_is_valid_bash() -> None:
    assert subprocess.run(["bash", "-n", ROOT / ".ci" / "run"]).returncode == 0
