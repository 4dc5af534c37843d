"""The Django application as run.py sees it: its settings, what must be done before it serves, its demo."""

import hashlib
import json
import os
import subprocess
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


def settings(home: Home, services: Services) -> dict[str, str]:
    """The environment of an operator's command: every address, the owner's included."""
    port = home.port("web") or 8000
    facts = {
        "MASUME_HOME": str(home.path),
        "MASUME_ENV": os.environ.get("MASUME_ENV", "embedded"),
        "MASUME_SECRET_KEY": os.environ.get("MASUME_SECRET_KEY") or home.secret(),
        "MASUME_PORT": str(port),
        "MASUME_URL": os.environ.get("MASUME_URL") or f"http://localhost:{port}",
    }
    return {**os.environ, **facts, **services.urls}


def without_rights(settings: dict[str, str]) -> dict[str, str]:
    """The environment of the web server and the worker: only the application's own role."""
    return {name: value for name, value in settings.items() if name not in OPERATORS_ONLY}


def manage(
    environment: Environment, settings: dict[str, str], *words: str
) -> subprocess.CompletedProcess[bytes]:
    """Runs a management command quietly."""
    return subprocess.run(
        [environment.python, MANAGE, *words], env=settings, cwd=CHECKOUT, capture_output=True
    )


def prepare(home: Home, environment: Environment, services: Services, settings: dict[str, str]) -> None:
    """Migrations and static files, if the code changed since the last time; a backup before a real migration."""
    sources = _fingerprint()
    known = home.read("prepared")
    if (
        services.database
        and known.get("sources") == sources
        and known.get("database") == str(services.database.data)
    ):
        return
    pending = manage(environment, settings, "migrate", "--check", "--database=owner").returncode != 0
    if pending and backup.worth_keeping(environment, settings["DATABASE_OWNER_URL"]):
        backup.make(home, services)
    with step("データベースの表を整えています"):
        _must(
            manage(environment, settings, "migrate", "--database=owner", "--noinput"),
            "表を整えられませんでした",
        )
    with step("画面の部品を集めています"):
        _must(manage(environment, settings, "collectstatic", "--noinput"), "画面の部品を集められませんでした")
    home.write(
        "prepared", {"sources": sources, "database": str(services.database.data) if services.database else ""}
    )


def demo(home: Home, environment: Environment, settings: dict[str, str]) -> list[dict[str, Any]]:
    """Loads the demo where it is missing, once a day and version; returns its tenants with their sign-ins."""
    due = [home.read("prepared"), f"{datetime.now().astimezone():%Y-%m-%d}"]
    known = home.read("demo")
    if known.get("loaded") == due and not os.environ.get("DATABASE_URL"):
        return list(known["tenants"])
    with step("デモのデータを確かめています"):
        answer = manage(environment, settings, "demo", "--json")
    if b"Unknown command" in answer.stderr:
        say("  この版にはデモのデータがありません。")
        return []
    _must(answer, "デモのデータを読み込めませんでした")
    tenants = list(json.loads(answer.stdout)["tenants"])
    home.write("demo", {"loaded": due, "tenants": tenants})
    return tenants


def _must(answer: subprocess.CompletedProcess[bytes], complaint: str) -> None:
    if answer.returncode:
        raise Failure(f"{complaint}。{tail(answer.stdout + answer.stderr)}")


def _fingerprint() -> str:
    """Changes when any file changes that migrations, permissions or static files are made from."""
    digest = hashlib.sha256()
    for folder, names, files in os.walk(CHECKOUT):
        names[:] = sorted(
            name for name in names if not name.startswith(".") and name not in ("tests", "node_modules")
        )
        for name in sorted(files):
            if name.endswith((".py", ".sql", ".css", ".js", ".svg", ".lock", ".png", ".woff2")):
                path = Path(folder, name)
                digest.update(str(path).encode() + path.read_bytes())
    return digest.hexdigest()
