"""A copy of the database before it is migrated."""

import shutil
import subprocess
from collections.abc import Callable
from datetime import datetime

from .environment import Environment
from .home import Home
from .progress import say, step, tail
from .services import Services

HAS_TABLES = """
import psycopg2, sys
cursor = psycopg2.connect(sys.stdin.read()).cursor()
cursor.execute("SELECT to_regclass('django_migrations')")
sys.exit(0 if cursor.fetchone()[0] else 3)
"""
KEPT = 10
Manage = Callable[..., subprocess.CompletedProcess[bytes]]


def worth_keeping(environment: Environment, url: str) -> bool:
    """Whether the database has ever been migrated."""
    return subprocess.run([environment.python, "-c", HAS_TABLES], input=url, text=True).returncode == 0


def make(home: Home, services: Services, manage: Manage) -> None:
    """Runs ``manage backup`` into the home (or, failing that, copies the stopped data folder) and says where it is."""
    target = home.path / "backups" / f"masume-{datetime.now().astimezone():%Y%m%d-%H%M%S}.backup"
    with step("移行の前に控えを取っています"):
        answer = manage("backup", str(target))
        done = answer.returncode == 0
        if not done and services.database:
            target = target.with_suffix("")
            services.database.stop()
            shutil.copytree(services.database.data, target)
            services.database.start()
            done = True
    if not done:
        say(f"  注意: この DATABASE_URL の控えは取れません。{tail(answer.stderr)}")
        return
    say(f"  控え: {target}")
    for old in sorted(target.parent.glob("masume-*.backup"))[:-KEPT]:
        old.unlink()
