"""The database and the broker together: those of the surroundings if their addresses are given, else our own."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from . import postgres, valkey
from .environment import Environment
from .home import CHECKOUT, Home
from .progress import Failure, say, step, tail

ROLES = {
    "DATABASE_URL": "masume_app",
    "DATABASE_OWNER_URL": "masume_owner",
    "DATABASE_BACKUP_URL": "masume_backup",
}
Server = postgres.Postgres | valkey.Valkey


@dataclass
class Services:
    """What was started (nothing, where an address was given) and the addresses by their names in the settings."""

    database: postgres.Postgres | None = None
    broker: valkey.Valkey | None = None
    urls: dict[str, str] = field(default_factory=dict)

    def servers(self) -> list[Server]:
        return [server for server in (self.database, self.broker) if server]

    def stop(self) -> None:
        for server in reversed(self.servers()):
            server.stop()


def own(home: Home, environment: Environment) -> Services:
    """Both servers of this home, whatever addresses are given."""
    return Services(postgres.of_home(home, environment), valkey.of_home(home, environment))


def start(home: Home, environment: Environment) -> Services:
    """Leaves both running, with the roles and the database in place; adopts what runs already."""
    services = Services()
    if not (os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_ADMIN_URL")):
        services.database = postgres.of_home(home, environment)
    if not os.environ.get("REDIS_URL"):
        services.broker = valkey.of_home(home, environment)
    server, broker = services.database, services.broker
    urls = {
        name: os.environ[name] for name in (*ROLES, "DATABASE_ADMIN_URL", "REDIS_URL") if os.environ.get(name)
    }
    if server:
        with step("PostgreSQL を起動しています"):
            server.start()
        if server.data.parent != home.path and not home.port("postgres"):
            say(
                f"  データベースのファイルは {server.data} にあります(root では PostgreSQL が {home.path} に入れないため)。"
            )
        home.update("ports", postgres=server.port)
        urls = {
            **urls,
            **_urls(f"postgres://127.0.0.1:{server.port}/masume", home),
            "DATABASE_ADMIN_URL": server.admin_url,
        }
    elif not urls.get("DATABASE_URL"):
        urls = {**_urls(urls["DATABASE_ADMIN_URL"], home), **urls}
    if not urls.get("DATABASE_OWNER_URL"):
        raise Failure(
            "DATABASE_URL と一緒に DATABASE_OWNER_URL か DATABASE_ADMIN_URL も指定してください。", 2
        )
    if broker:
        with step("Valkey を起動しています"):
            broker.start()
        home.update("ports", valkey=broker.port)
        urls["REDIS_URL"] = broker.url
    if urls.get("DATABASE_ADMIN_URL"):
        create_roles(environment, urls, "--template" if server else "")
    services.urls = {name: url for name, url in urls.items() if name != "DATABASE_ADMIN_URL"}
    return services


def create_roles(environment: Environment, urls: dict[str, str], *options: str) -> None:
    command = [str(environment.python), "-m", "bootstrap.roles", *options]
    answer = subprocess.run(command, cwd=CHECKOUT, env={**os.environ, **urls}, capture_output=True)
    if answer.returncode:
        raise Failure(f"データベースの利用者を作れません。{tail(answer.stderr)}")


@contextmanager
def running(home: Home, environment: Environment) -> Iterator[Services]:
    """Services for the time of the block. The last user stops them, unless `run.py services` asked to keep them."""
    with home.locked("users", shared=True):
        with home.locked("start"):
            services = start(home, environment)
        yield services
    with home.locked("start"), home.locked("users", wait=False) as last:
        if last and not home.read("run").get("keep"):
            services.stop()


def _urls(address: str, home: Home) -> dict[str, str]:
    """One address per role, on the server of `address`."""
    url = urlsplit(address)
    host = url.netloc.rpartition("@")[2]
    options = urlencode(
        [pair for pair in parse_qsl(url.query) if pair[0] not in ("user", "password")], safe="/"
    )
    return {
        name: urlunsplit((url.scheme, f"{role}:{home.password(role)}@{host}", "/masume", options, ""))
        for name, role in ROLES.items()
    }
