"""A copy of the database before it is migrated."""

import os
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from .environment import Environment
from .home import Home
from .progress import say, step
from .services import Services

HAS_TABLES = """
import psycopg2, sys
cursor = psycopg2.connect(sys.stdin.read()).cursor()
cursor.execute("SELECT to_regclass('django_migrations')")
sys.exit(0 if cursor.fetchone()[0] else 3)
"""
KEPT = 10


def worth_keeping(environment: Environment, url: str) -> bool:
    """Whether the database has ever been migrated."""
    return subprocess.run([environment.python, "-c", HAS_TABLES], input=url, text=True).returncode == 0


def make(home: Home, services: Services) -> None:
    """Writes a dump (or, failing that, a copy of the stopped data folder) into the home and says where it is."""
    name = f"masume-{datetime.now().astimezone():%Y%m%d-%H%M%S}"
    target = home.path / "backups" / f"{name}.dump"
    url = services.urls.get("DATABASE_BACKUP_URL")
    with step("移行の前に控えを取っています"):
        done = _dump(url, target, services.database.bin if services.database else None) if url else False
        if not done and services.database:
            target = target.with_suffix("")
            services.database.stop()
            shutil.copytree(services.database.data, target)
            services.database.start()
            done = True
    if not done:
        say("  注意: この DATABASE_URL の控えは取れません(DATABASE_BACKUP_URL と pg_dump が必要です)。")
        return
    say(f"  控え: {target}")
    for old in sorted(target.parent.glob("masume-*.dump"))[:-KEPT]:
        old.unlink()


def _dump(url: str, target: Path, programs: Path | None) -> bool:
    """Dumps as the backup role, which no row policy limits; whether the dump is whole and holds rows."""
    tool = str(programs / "pg_dump") if programs else shutil.which("pg_dump")
    if not tool or not Path(tool).exists():
        return False
    parts = urlsplit(url)
    host = f"{parts.username}@{parts.netloc.rpartition('@')[2]}"  # the password stays out of the process list
    address = urlunsplit(parts._replace(netloc=host))
    settings = {**os.environ, "PGPASSWORD": unquote(parts.password or "")}
    part = target.with_suffix(".part")
    command = [tool, "--format=custom", "--file", str(part), f"--dbname={address}"]
    if subprocess.run(command, env=settings, capture_output=True).returncode:
        part.unlink(missing_ok=True)
        return False
    part.chmod(0o600)
    part.replace(target)
    return True
