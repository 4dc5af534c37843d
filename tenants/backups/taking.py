"""Taking a backup: one moment of the database, everything uploaded, and proof that the file holds both."""

import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import psycopg2

from tenants.backups import Refused, archive, manifest, programs
from tenants.backups.manifest import Manifest

COPY = re.compile(rb"COPY public\.\"?(\w+)\"? \((.*)\) FROM stdin;")


def take(target: Path, url: str, media: Path) -> Manifest:
    """Write ``target``; ``url`` is of a role that sees every row. The file appears whole or not at all."""
    if target.exists():
        raise Refused(f"{target} はもうあります。別の名前を指定してください。")
    with archive.written(target) as writer, snapshot(url) as (connection, name):
        tool = programs.program("pg_dump", connection.server_version // 10000)
        found = manifest.read(connection, datetime.now(UTC).isoformat(timespec="seconds"))
        dump(tool, url, name, writer)
        add_media(media, writer)
        writer.close(found)
        prove(archive.Reader(writer.path))
    return found


class snapshot:  # noqa: N801 – reads as the block it opens
    """A read-only transaction and the name by which pg_dump sees the same moment."""

    def __init__(self, url: str) -> None:
        self.connection = connect(url)

    def __enter__(self) -> tuple[Any, str]:
        self.connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        with self.connection.cursor() as cursor:
            refuse_blind_role(cursor)
            cursor.execute("SELECT pg_export_snapshot()")
            return self.connection, cursor.fetchone()[0]

    def __exit__(self, *problem: object) -> None:
        self.connection.close()


def connect(url: str) -> Any:
    try:
        return psycopg2.connect(url)
    except psycopg2.OperationalError as problem:
        raise Refused(f"データベースにつながりません: {str(problem).strip()}") from None


def refuse_blind_role(cursor: Any) -> None:
    """Row-level security shows such a role no rows, and pg_dump would call the empty file a success."""
    cursor.execute("SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
    name, sees_everything = cursor.fetchone()
    if not sees_everything:
        raise Refused(
            f"利用者 {name} には行の制限がかかるため、控えが空になります。"
            "DATABASE_BACKUP_URL に BYPASSRLS のある利用者(masume_backup)を指定してください。"
        )


def dump(tool: str, url: str, snapshot_name: str, writer: archive.Writer) -> None:
    address, settings = programs.address(url)
    command = [
        tool,
        "--format=custom",
        f"--snapshot={snapshot_name}",
        "--lock-wait-timeout=60s",
        f"--dbname={address}",
    ]
    with subprocess.Popen(command, env=settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout and process.stderr
        writer.add(archive.DUMP, process.stdout)
        problem = process.stderr.read().decode(errors="replace")
    if process.returncode:
        raise Refused(f"pg_dump が終わりませんでした: {problem.strip()[-500:]}")


def add_media(media: Path, writer: archive.Writer) -> None:
    """What was uploaded. The nightly tidying may take a file away meanwhile; then nothing refers to it any more."""
    for folder, _names, files in os.walk(media):
        for path in sorted(Path(folder, name) for name in files):
            try:
                with path.open("rb") as source:
                    writer.add(archive.MEDIA + path.relative_to(media).as_posix(), source)
            except FileNotFoundError:
                continue


def prove(backup: archive.Reader) -> None:
    """Read the file back and count its rows by table and tenant; Refused when one is missing."""
    tool = programs.program("pg_restore", backup.manifest.major)
    with programs.fed([tool, "--data-only", "--file=-"], backup.open(archive.DUMP)) as process:
        found = dict(copied_rows(process.stdout))
    sums = backup.manifest.rows
    wrong = [t for t in sums if found.get(t, Counter()) != {owner: n for owner, (n, _sum) in sums[t].items()}]
    if wrong:
        raise Refused(f"書いた控えを読み返すと行が違います({'、'.join(wrong)})。控えは残していません。")


def copied_rows(script: IO[bytes]) -> Iterator[tuple[str, Counter[str]]]:
    """Each table of a dump with the number of its rows by tenant."""
    for line in script:
        if found := COPY.match(line):
            table, columns = found[1].decode(), found[2].decode().split(", ")
            owner = "id" if table == "tenants_tenant" else "tenant_id"
            yield table, owners(script, columns.index(owner) if owner in columns else None)


def owners(rows: Iterable[bytes], column: int | None) -> Counter[str]:
    counted: Counter[str] = Counter()
    for row in rows:
        if row == b"\\.\n":
            break
        owner = b"" if column is None else row.rstrip(b"\n").split(b"\t", column + 1)[column]
        counted["" if owner == b"\\N" else owner.decode()] += 1
    return counted
