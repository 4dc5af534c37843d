"""Backups: dumped, lost and restored; cut short, altered, killed half-way, taken by a role that sees nothing."""

import hashlib
import io
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode, urlsplit, urlunsplit
from urllib.request import HTTPCookieProcessor, build_opener

import psycopg2
from django.conf import settings
from psycopg2 import sql

from drill.outcome import Outcome
from tenants.backups import Refused, archive, manifest
from tenants.backups.restoring import restore
from tenants.backups.taking import take

ROOT = Path(__file__).resolve().parent.parent
ROLES = {"owner": "DATABASE_OWNER_URL", "backup": "DATABASE_BACKUP_URL", "app": "DATABASE_URL"}
DAMAGE = {
    "a policy dropped": "DROP POLICY accounts_account_rls ON accounts_account",
    "security not forced": "ALTER TABLE accounts_activity NO FORCE ROW LEVEL SECURITY",
    "security off": "ALTER TABLE accounts_keyperson DISABLE ROW LEVEL SECURITY",
    "a policy wide open": "ALTER POLICY accounts_contract_rls ON accounts_contract USING (true)",
    "a trigger off": "ALTER TABLE accounts_account DISABLE TRIGGER USER",
    "history made alterable": "GRANT UPDATE ON accounts_accountevent TO masume_app",
    "a right taken": "REVOKE SELECT ON accounts_account FROM masume_app",
    "an index lost": "DROP INDEX account_grams",
    "a constraint lost": "ALTER TABLE accounts_account DROP CONSTRAINT account_has_a_name",
    "one row lost": "DELETE FROM tenants_canary WHERE name = (SELECT min(name) FROM tenants_canary)",
    "one letter changed": "UPDATE tenants_tenant SET name = name || '。' WHERE slug = (SELECT min(slug) FROM tenants_tenant)",
    "a function that runs as the owner": "ALTER FUNCTION search_grams(text) SECURITY DEFINER",
}


def run(*, small: bool = False) -> Iterator[Outcome]:
    from drill import ground
    from tenants.scope import tenant_scope
    from tests import crowd
    from tests.world import World, build_world

    with ground.database("restore") as name:
        build_world()
        world = World()
        for slug in ("midori", "aoba"):
            with tenant_scope(world.tenant(slug), actor="drill"):
                if slug == "midori":
                    crowd.grow(world, 20 if small else 5_000)
        yield from attack(name, small=small)


def attack(database: str, *, small: bool) -> Iterator[Outcome]:
    """Every case against the database of that name, which stays as it is."""
    close_connections()
    source = urls(database)
    target = urls(f"{database}_elsewhere")
    with scratch(target) as folder:
        uploads, found = folder / "media", folder / "found"
        (uploads / "imports").mkdir(parents=True)
        (uploads / "imports" / "list.csv").write_bytes(os.urandom(3 << 20))
        file = folder / "all.backup"
        began = time.monotonic()
        taken = take(file, source["backup"], uploads)
        spent = time.monotonic() - began
        yield restored_rows(file, source, target, uploads, found, taken)
        yield locks_hold(target, taken)
        yield pages_are_served(target)
        yield damage_is_seen(target, taken)
        yield old_data_is_kept(file, target, found)
        yield broken_files(file, target, found, tries=4 if small else 200)
        yield blind_roles(folder, source)
        yield killed_half_way(folder, database, spent, tries=1 if small else 50)


def restored_rows(
    file: Path, source: dict[str, str], target: dict[str, str], uploads: Path, found: Path, taken: Any
) -> Outcome:
    """Compared by an oracle of our own: every row as COPY writes it, sorted and hashed, by table and tenant."""
    began = time.monotonic()
    restore(file, target["owner"], target["backup"], found)
    seconds = time.monotonic() - began
    was, now = contents(source["backup"]), contents(target["backup"])
    same = sum(was[key] == now.get(key) for key in was)
    files = (found / "imports" / "list.csv").read_bytes() == (uploads / "imports" / "list.csv").read_bytes()
    note = f"{taken.count:,} rows, {len(taken.tenants)} tenants, {len(taken.rows)} tables, restored in {seconds:.1f} s"
    extra = set(now) - set(was)
    return Outcome("table × tenant equal after a restore", len(was) + 1, same + files - len(extra), note)


def contents(url: str) -> dict[tuple[str, str], tuple[int, str]]:
    """(table, tenant) → number and hash of its rows."""
    found: dict[tuple[str, str], list[bytes]] = {}
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            text = io.BytesIO()
            cursor.copy_expert(
                sql.SQL("COPY {} TO STDOUT WITH (FORMAT csv, HEADER)").format(sql.Identifier(table)), text
            )
            head, *rows = text.getvalue().split(b"\n")
            columns = head.split(b",")
            place = columns.index(b"tenant_id") if b"tenant_id" in columns else None
            for row in filter(None, rows):
                owner = tenant_in(row) if place is not None else ""
                found.setdefault((table, owner), []).append(row)
    return {
        key: (len(rows), hashlib.sha256(b"\n".join(sorted(rows))).hexdigest()) for key, rows in found.items()
    }


def tenant_in(row: bytes) -> str:
    """Good enough to tell tenants apart: lines of a text may have commas and breaks of their own."""
    from tests.world import TENANTS, ident

    return next((slug for slug in TENANTS if str(ident(slug)).encode() in row), "")


def locks_hold(target: dict[str, str], taken: Any) -> Outcome:
    """As the app: nothing without a tenant, nothing of another one, and history cannot be rewritten."""
    from tests.world import ident

    tried = held = 0
    with closing(psycopg2.connect(target["app"])) as connection:
        for table in [line.split(" | ")[0] for line in taken.shape["policies"]]:
            query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
            for tenant in (None, ident("aoba")):
                tried += 1
                with connection.cursor() as cursor, suppress(psycopg2.errors.InsufficientPrivilege):
                    if tenant:
                        cursor.execute("SELECT bind_tenant(%s, 'drill', '')", [str(tenant)])
                        cursor.execute(
                            query + sql.SQL(" WHERE tenant_id <> {}").format(sql.Literal(str(tenant)))
                        )
                        held += cursor.fetchone() == (0,)
                    else:
                        cursor.execute(query)
                        held += cursor.fetchone() == (0,)
                        connection.rollback()
                        continue
                if tenant is None:
                    held += 1
                connection.rollback()
        tried += 1
        with connection.cursor() as cursor:
            cursor.execute("SELECT bind_tenant(%s, 'drill', '')", [str(ident("midori"))])
            try:
                cursor.execute("UPDATE accounts_accountevent SET name = ''")
            except psycopg2.errors.InsufficientPrivilege:
                held += 1
    return Outcome(
        "locks hold in the restored database", tried, held, f"{len(taken.shape['policies'])} policies"
    )


def pages_are_served(target: dict[str, str]) -> Outcome:
    """The web server starts on the restored database; a person signs in and reads a page."""
    tried = ["/readyz", "/t/midori/", "/t/midori/accounts/"]
    read = []
    with serving(target["app"]) as base:
        opener = build_opener(HTTPCookieProcessor(CookieJar()))
        read.append('"ready": true' in opener.open(base + "/readyz").read().decode())
        sign_in(opener, base)
        read.append("今日" in opener.open(base + "/t/midori/").read().decode())
        read.append("東都百貨店" in opener.open(base + "/t/midori/accounts/").read().decode())
    return Outcome("pages served from the restored database", len(tried), sum(read), ", ".join(tried))


@contextmanager
def serving(app_url: str) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "cs_planner.wsgi",
        "--bind",
        f"127.0.0.1:{port}",
        "--no-control-socket",
    ]
    environment = {
        k: v for k, v in os.environ.items() if k not in ("DATABASE_OWNER_URL", "DATABASE_BACKUP_URL")
    }
    with subprocess.Popen(
        command, cwd=ROOT, env={**environment, "DATABASE_URL": app_url}, stderr=subprocess.DEVNULL
    ) as server:
        base = f"http://127.0.0.1:{port}"
        try:
            wait_for(base + "/livez")
            yield base
        finally:
            server.terminate()


def wait_for(url: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(URLError, ConnectionError, TimeoutError):
            build_opener().open(url, timeout=5)
            return
        time.sleep(0.1)
    raise TimeoutError(url)


def sign_in(opener: Any, base: str) -> None:
    from tests.world import PASSWORD

    form = opener.open(base + "/sign-in/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert token
    given = {"csrfmiddlewaretoken": token[1], "login": "csm@midori.example", "password": PASSWORD}
    opener.open(base + "/sign-in/", urlencode(given).encode())


def damage_is_seen(target: dict[str, str], taken: Any) -> Outcome:
    """The comparison that a restore relies on: one fault after the other."""
    seen = []
    with closing(psycopg2.connect(target["owner"])) as owner, owner.cursor() as cursor:
        cursor.execute("INSERT INTO tenants_canary VALUES ('drill', now()) ON CONFLICT DO NOTHING")
        owner.commit()
        with closing(psycopg2.connect(target["backup"])) as reader:
            before = manifest.read(reader, "")
        for statement in DAMAGE.values():
            cursor.execute(statement)
            owner.commit()
            with closing(psycopg2.connect(target["backup"])) as reader:
                after = manifest.read(reader, "")
            seen.append(bool(manifest.differences(before, after)))
            before = after
    missed = [name for name, was_seen in zip(DAMAGE, seen, strict=True) if not was_seen]
    return Outcome("damage that the comparison must see", len(DAMAGE), sum(seen), ", ".join(missed))


def old_data_is_kept(file: Path, target: dict[str, str], found: Path) -> Outcome:
    """A database with data is refused, then replaced on request, and the one of before stays."""
    refused = False
    try:
        restore(file, target["owner"], target["backup"], found)
    except Refused:
        refused = True
    done = restore(file, target["owner"], target["backup"], found, replace=True)
    kept = urls(done.kept_as)["backup"] if done.kept_as else ""
    with closing(psycopg2.connect(kept)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tenants_tenant")
        old = cursor.fetchone()[0]
    return Outcome("a full database refused, replaced on request, kept", 2, refused + (old > 0), done.kept_as)


def broken_files(file: Path, target: dict[str, str], found: Path, *, tries: int) -> Outcome:
    """Cut off or with one byte changed anywhere: refused, and the database is as it was."""
    chance, size, refused = random.Random(9), file.stat().st_size, 0
    before = contents(target["backup"])
    bad = file.with_name("bad.backup")
    spans = [(m.offset_data, m.size) for m in archive.Reader(file).tar.getmembers()]
    for number in range(tries):
        shutil.copyfile(file, bad)
        with bad.open("r+b") as text:
            if number % 2:
                text.truncate(chance.randrange(size - 1024))
            else:
                start, length = chance.choice(spans)
                place = start + chance.randrange(length)
                text.seek(place)
                byte = text.read(1)
                text.seek(place)
                text.write(bytes([byte[0] ^ (1 << chance.randrange(8))]))
        try:
            restore(bad, target["owner"], target["backup"], found, replace=True)
        except Refused:
            refused += 1
    untouched = contents(target["backup"]) == before
    return Outcome("broken files refused, database untouched", tries, refused if untouched else 0)


def blind_roles(folder: Path, source: dict[str, str]) -> Outcome:
    refused = 0
    for role in ("owner", "app"):
        file = folder / f"{role}.backup"
        try:
            take(file, source[role], folder / "media")
        except Refused:
            refused += not file.exists()
    return Outcome("roles that row-level security would silently empty", 2, refused, "owner, app")


def killed_half_way(folder: Path, database: str, spent: float, *, tries: int) -> Outcome:
    """kill -9 at any moment: no file under the name that was asked for, and the next backup works."""
    chance, clean = random.Random(4), 0
    file = folder / "killed.backup"
    environment = {**os.environ, **{name: urls(database)[role] for role, name in ROLES.items()}}
    environment["MASUME_HOME"] = str(folder)
    for _ in range(tries):
        process = subprocess.Popen([sys.executable, ROOT / "manage.py", "backup", str(file)], env=environment,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)  # fmt: skip
        deadline = time.monotonic() + 30
        part = file.with_name(file.name + ".part")
        while not part.exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(chance.random() * spent * 0.6)
        killed = process.poll() is None
        process.kill()
        process.wait()
        whole = file.exists() and bool(archive.Reader(file).manifest)
        clean += (killed and not file.exists()) or whole
        file.unlink(missing_ok=True)
    take(file, urls(database)["backup"], folder / "media")
    return Outcome("backups killed half-way: no file, or a whole one", tries + 1, clean + file.exists())


def urls(database: str) -> dict[str, str]:
    found = {}
    for role, variable in ROLES.items():
        address = os.environ.get(variable) or os.environ["DATABASE_URL"].replace(
            "masume_app", f"masume_{role}"
        )
        found[role] = urlunsplit(urlsplit(address)._replace(scheme="postgresql", path=f"/{database}"))
    return found


def close_connections() -> None:
    from django.db import connections

    for alias in connections:
        connections[alias].close()


@contextmanager
def scratch(target: dict[str, str]) -> Iterator[Path]:
    """A folder, and no database of the target's name or of its past before and after."""
    drop_all_like(target)
    folder = Path(
        tempfile.mkdtemp(prefix="masume-restore-", dir=settings.HOME if settings.HOME.exists() else None)
    )
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        drop_all_like(target)


def drop_all_like(target: dict[str, str]) -> None:
    name = urlsplit(target["owner"]).path.lstrip("/")
    maintenance = urlunsplit(urlsplit(target["owner"])._replace(path="/postgres"))
    with closing(psycopg2.connect(maintenance)) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute(
            "SELECT datname FROM pg_database WHERE datname = %s OR datname LIKE %s", [name, f"{name}\\_%"]
        )
        for (found,) in cursor.fetchall():
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(found)))
