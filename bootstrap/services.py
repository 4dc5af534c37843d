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
    """The servers of our own (None where an address is given), and every address by its name in the settings."""

    home: Home
    environment: Environment
    database: postgres.Postgres | None
    broker: valkey.Valkey | None
    urls: dict[str, str] = field(default_factory=dict)

    def servers(self) -> list[Server]:
        return [server for server in (self.database, self.broker) if server]

    def start(self) -> None:
        """Leaves both running, with roles and database in place; adopts what runs already."""
        names = (*ROLES, "DATABASE_ADMIN_URL", "REDIS_URL")
        urls = {name: os.environ[name] for name in names if os.environ.get(name)}
        if self.database:
            urls.update(self._start_database(self.database))
        elif not urls.get("DATABASE_URL"):
            urls = {**_urls(urls["DATABASE_ADMIN_URL"], self.home), **urls}
        if not urls.get("DATABASE_OWNER_URL"):
            raise Failure(
                "DATABASE_URL と一緒に DATABASE_OWNER_URL か DATABASE_ADMIN_URL も指定してください。", 2
            )
        if self.broker:
            _start("Valkey", self.broker)
            self.home.update("ports", valkey=self.broker.port)
            urls["REDIS_URL"] = self.broker.url
        if urls.get("DATABASE_ADMIN_URL"):
            create_roles(self.environment, urls, "--template" if self.database else "")
        self.urls = {name: url for name, url in urls.items() if name != "DATABASE_ADMIN_URL"}

    def stop(self) -> None:
        for server in reversed(self.servers()):
            server.stop()

    def _start_database(self, server: postgres.Postgres) -> dict[str, str]:
        _start("PostgreSQL", server)
        if server.data.parent != self.home.path and not self.home.port("postgres"):
            say(
                f"  データベースのファイルは {server.data} にあります({self.home.path} には root しか入れないため)。"
            )
        self.home.update("ports", postgres=server.port)
        addresses = _urls(f"postgres://127.0.0.1:{server.port}/masume", self.home)
        return {**addresses, "DATABASE_ADMIN_URL": server.admin_url}


def _start(name: str, server: Server) -> None:
    if not server.ready():  # one that runs already is no news
        with step(f"{name} を起動しています"):
            server.start()


def own(home: Home, environment: Environment) -> Services:
    """Both servers of this home, whatever addresses are given."""
    return Services(home, environment, postgres.of_home(home, environment), valkey.of_home(home, environment))


def find(home: Home, environment: Environment) -> Services:
    """The services that the environment variables ask for, not started."""
    given = os.environ.get
    outside = given("DATABASE_URL") or given("DATABASE_ADMIN_URL")
    database = None if outside else postgres.of_home(home, environment)
    broker = None if given("REDIS_URL") else valkey.of_home(home, environment)
    return Services(home, environment, database, broker)


def create_roles(environment: Environment, urls: dict[str, str], *options: str) -> None:
    command = [str(environment.python), "-m", "bootstrap.roles", *options]
    answer = subprocess.run(command, cwd=CHECKOUT, env={**os.environ, **urls}, capture_output=True)
    if answer.returncode:
        raise Failure(f"データベースの利用者を作れません。{tail(answer.stderr)}")


@contextmanager
def running(home: Home, environment: Environment) -> Iterator[Services]:
    """Services for the time of the block. The last user stops them, unless `run.py services` asked to keep them."""
    services = find(home, environment)
    try:
        with home.locked("users", shared=True):
            with home.locked("start"):
                services.start()
            yield services
    finally:
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
