"""Restoring a backup: into a new database beside the old one, compared row by row, then the two change names.

Whatever goes wrong before the last step leaves the old database as it was.
"""

import os
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2 import errors, sql

from tenants.backups import Refused, archive, manifest, programs
from tenants.backups.manifest import Manifest
from tenants.backups.taking import connect, refuse_blind_role

MAINTENANCE = "postgres"  # the database one is on while others are made and renamed
LOCALE = "ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"
GUESTS = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'"


@dataclass(frozen=True)
class Restored:
    manifest: Manifest
    kept_as: str  # the name under which the database of before stays; empty when there was nothing in it


def restore(path: Path, owner_url: str, backup_url: str, media: Path, *, replace: bool = False) -> Restored:
    """Put the backup at ``path`` in the place of the owner's database and of the folder of uploads."""
    backup = archive.Reader(path)
    name = programs.database_of(owner_url)
    with maintenance(owner_url) as cursor:
        check_roles(cursor, backup.manifest)
        holds_something = exists(cursor, name) and occupied(backup_url)
        if holds_something and not replace:
            raise Refused(
                f"データベース {name} にはもうデータがあります。置き換えてよければ --replace を付けてください。"
            )
        refuse_guests(cursor, name)
        fresh = f"{name}_restoring"
        make(cursor, fresh, owner_url)
        try:
            fill(backup, programs.on_database(owner_url, fresh))
            compare(backup.manifest, programs.on_database(backup_url, fresh))
            refuse_guests(cursor, name)
        except BaseException:
            run(cursor, "DROP DATABASE IF EXISTS {}", fresh)
            raise
        kept = change_names(cursor, name, fresh, keep=holds_something)
    put_files_back(backup, media)
    return Restored(backup.manifest, kept)


@contextmanager
def maintenance(owner_url: str) -> Iterator[Any]:
    """A cursor of the owner outside the database in question; each statement is for itself."""
    with closing(connect(programs.on_database(owner_url, MAINTENANCE))) as connection:
        connection.autocommit = True
        yield connection.cursor()


def run(cursor: Any, statement: str, *names: str) -> None:
    cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def check_roles(cursor: Any, wanted: Manifest) -> None:
    """The roles are not in the backup, their passwords least of all: they must be there, and as harmless as before."""
    cursor.execute("SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles")
    known = dict(cursor.fetchall())
    if missing := sorted(set(wanted.roles) - set(known)):
        raise Refused(
            f"利用者 {'、'.join(missing)} がいません。DATABASE_ADMIN_URL を指定して"
            " python -m bootstrap.roles を実行してから、やり直してください。"
        )
    if freed := sorted(role for role, free in wanted.roles.items() if known[role] and not free):
        raise Refused(
            f"利用者 {'、'.join(freed)} に、行の制限を受けない権利があります。取り上げてから、やり直してください。"
        )


def exists(cursor: Any, name: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    return cursor.fetchone() is not None


def occupied(backup_url: str) -> bool:
    """Whether a tenant lives in the database; tables alone are nothing to be sorry for."""
    with closing(connect(backup_url)) as connection, connection.cursor() as cursor:
        refuse_blind_role(cursor)
        cursor.execute("SELECT to_regclass('public.tenants_tenant') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("SELECT EXISTS (SELECT FROM public.tenants_tenant)")
        return bool(cursor.fetchone()[0])


def refuse_guests(cursor: Any, name: str) -> None:
    """Nobody may be at work in the database that is about to change its name; who is leaving gets two seconds."""
    for pause in (0.05, 0.15, 0.3, 0.5, 1.0, 0.0):
        cursor.execute(GUESTS, [name])
        (guests,) = cursor.fetchone()
        if not guests:
            return
        time.sleep(pause)
    raise Refused(
        f"データベース {name} を {guests} 本の接続が使っています。web・worker・beat を止めてから"
        "(run.py なら run.py stop)、やり直してください。"
    )


def make(cursor: Any, name: str, owner_url: str) -> None:
    """An empty database, with what the search function's owner needs in order to own it."""
    try:
        run(cursor, "DROP DATABASE IF EXISTS {}", name)
        run(cursor, f"CREATE DATABASE {{}} TEMPLATE template0 {LOCALE}", name)
    except errors.InsufficientPrivilege:
        raise Refused(
            "DATABASE_OWNER_URL の利用者に CREATEDB がありません。与えてから、やり直してください。"
        ) from None
    with closing(connect(programs.on_database(owner_url, name))) as connection, connection.cursor() as inside:
        connection.autocommit = True
        inside.execute(
            "SELECT rolname FROM pg_roles WHERE pg_has_role(current_user, oid, 'SET') AND NOT rolcanlogin"
        )
        for (narrow,) in inside.fetchall():
            if not narrow.startswith("pg_"):
                run(inside, "GRANT USAGE, CREATE ON SCHEMA public TO {}", narrow)


def fill(backup: archive.Reader, url: str) -> None:
    tool = programs.program("pg_restore", backup.manifest.major)
    address, settings = programs.address(url)
    command = [tool, "--exit-on-error", f"--dbname={address}"]
    with programs.fed(command, backup.open(archive.DUMP), settings):
        pass
    with closing(connect(url)) as connection:
        connection.autocommit = True
        give_functions_back(connection.cursor(), backup.manifest)
        connection.cursor().execute("ANALYZE")


def give_functions_back(cursor: Any, wanted: Manifest) -> None:
    """Rights on functions of roles whose rights the owner does not inherit: pg_restore gives them in vain, without a word."""
    granted = {line.split(" | ")[0]: line.split(" | ")[-1] for line in wanted.shape["functions"]}
    cursor.execute("SET search_path = ''")
    cursor.execute(
        "SELECT oid::regprocedure::text, pg_get_userbyid(proowner) FROM pg_proc"
        " WHERE pronamespace = 'public'::regnamespace AND NOT pg_has_role(proowner, 'USAGE')"
    )
    for function, owner in cursor.fetchall():
        run(cursor, "SET ROLE {}", owner)
        cursor.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        for right in granted[function].split(","):
            role = right.partition("=")[0]
            if role != owner:
                to = sql.SQL("PUBLIC") if role == "PUBLIC" else sql.Identifier(role)
                cursor.execute(sql.SQL(f"GRANT EXECUTE ON FUNCTION {function} TO {{}}").format(to))
        cursor.execute("RESET ROLE")


def compare(wanted: Manifest, url: str) -> None:
    """Every table, tenant, policy, trigger and right; Refused when one of them is not as it was."""
    with closing(connect(url)) as connection:
        with connection.cursor() as cursor:
            refuse_blind_role(cursor)
        found = manifest.read(connection, wanted.made_at)
    if told := manifest.differences(wanted, found):
        raise Refused("戻したものが控えと違います。データベースは前のままです。\n" + "\n".join(told[:20]))


def change_names(cursor: Any, name: str, fresh: str, *, keep: bool) -> str:
    """``fresh`` becomes ``name``; gives the new name of the old one if it is kept."""
    kept = f"{name}_before_{datetime.now(UTC):%Y%m%d_%H%M%S}" if keep else ""
    try:
        if keep:
            run(cursor, "ALTER DATABASE {} RENAME TO {}", name, kept)
        else:
            run(cursor, "DROP DATABASE IF EXISTS {}", name)
        run(cursor, "ALTER DATABASE {} RENAME TO {}", fresh, name)
    except psycopg2.Error as problem:
        raise Refused(
            f"データベースの名前を替えられません({str(problem).strip()})。戻したものは {fresh} にあります。"
        ) from None
    return kept


def put_files_back(backup: archive.Reader, media: Path) -> None:
    """The uploads of the backup; each file appears whole. Files that are not in it stay."""
    for name in backup.media():
        target = media / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = target.with_name(target.name + ".part")
        with backup.open(archive.MEDIA + name) as source, part.open("wb") as file:
            while chunk := source.read(archive.CHUNK):
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
