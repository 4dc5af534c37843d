"""The Django application as run.py sees it: its settings, what must be done before it serves, its demo."""

import hashlib
import json
import os
import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from . import backup
from .environment import Environment
from .home import CHECKOUT, Home
from .progress import Failure, say, step, tail
from .services import Services

MANAGE = CHECKOUT / "manage.py"
OPERATORS_ONLY = ("DATABASE_ADMIN_URL", "DATABASE_OWNER_URL", "DATABASE_BACKUP_URL")
WATCHED = (".py", ".sql", ".html", ".css", ".js", ".svg", ".png", ".woff2", ".lock")


@dataclass(frozen=True)
class Application:
    """The checkout's code with the services and the environment of one home."""

    home: Home
    environment: Environment
    services: Services

    @property
    def settings(self) -> dict[str, str]:
        """The environment of an operator's command: every address, the owner's included."""
        port = self.home.port("web") or 8000
        facts = {
            "MASUME_HOME": str(self.home.path),
            "MASUME_ENV": os.environ.get("MASUME_ENV", "embedded"),
            "MASUME_SECRET_KEY": os.environ.get("MASUME_SECRET_KEY") or self.home.secret(),
            "MASUME_PORT": str(port),
            "MASUME_URL": os.environ.get("MASUME_URL") or f"http://localhost:{port}",
        }
        if self.services.database:
            facts["MASUME_PG_BIN"] = str(self.services.database.bin)
        return {**os.environ, **facts, **self.services.urls}

    @property
    def settings_of_programs(self) -> dict[str, str]:
        """The environment of the web server and the worker: only the application's own role."""
        return {name: value for name, value in self.settings.items() if name not in OPERATORS_ONLY}

    def manage(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        """Runs a management command quietly."""
        command = [str(self.environment.python), str(MANAGE), *words]
        return subprocess.run(command, env=self.settings, cwd=CHECKOUT, capture_output=True)

    def prepare(self) -> None:
        """Migrations and static files, if the code changed since last time; a backup before a real migration."""
        database = self.services.database
        prepared = {"sources": _fingerprint(), "database": str(database.data) if database else ""}
        if database and self.home.read("prepared") == prepared:
            return
        if backup.worth_keeping(self.environment, self.settings["DATABASE_OWNER_URL"]):
            with step("表の移行が要るか確かめています"):
                pending = self.manage("migrate", "--check", "--database=owner").returncode != 0
            if pending:
                backup.make(self.home, self.services, self.manage)
        with step("データベースの表を整えています"):
            _must(self.manage("migrate", "--database=owner", "--noinput"))
        with step("画面の部品を集めています"):
            _must(self.manage("collectstatic", "--noinput"))
        self.home.write("prepared", prepared)

    def demo(self) -> list[dict[str, Any]]:
        """Loads the demo where it is missing, once a day and version; returns its tenants with their sign-ins."""
        due = [self.home.read("prepared"), f"{datetime.now().astimezone():%Y-%m-%d}"]
        known = self.home.read("demo")
        if self.services.database and known.get("loaded") == due:
            return list(known["tenants"])
        with step("デモのデータを確かめています"):
            answer = self.manage("demo", "--json")
        if b"Unknown command" in answer.stderr:
            say("  この版にはデモのデータがありません。")
            return []
        tenants = list(json.loads(_must(answer))["tenants"])
        self.home.write("demo", {"loaded": due, "tenants": tenants})
        return tenants


def _must(answer: subprocess.CompletedProcess[bytes]) -> bytes:
    """The output of a command that has to succeed."""
    if answer.returncode:
        raise Failure(f"用意ができませんでした。{tail(answer.stdout + answer.stderr)}")
    return answer.stdout


def _fingerprint() -> str:
    """Changes when any file changes that migrations, permissions or static files are made from."""
    digest = hashlib.sha256()
    for folder, names, files in os.walk(CHECKOUT):
        names[:] = sorted(name for name in names if not name.startswith(".") and name != "tests")
        for path in (Path(folder, name) for name in sorted(files) if name.endswith(WATCHED)):
            digest.update(str(path).encode() + path.read_bytes())
    return digest.hexdigest()
