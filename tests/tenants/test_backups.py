"""Backups where things are missing: each refusal says what to do."""

import os
from pathlib import Path

import pytest
from django.core.management import call_command

from tenants.backups import Refused, archive, programs
from tenants.backups.manifest import Manifest, differences


def test_a_missing_pg_dump_is_named_with_its_version(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused, match="PostgreSQL 97 の pg_dump がありません"):
        programs.program("pg_dump", 97)


def test_the_password_of_a_role_stays_out_of_the_process_list() -> None:
    address, settings = programs.address("postgres://keeper:gr%40uen@db.example:5433/masume?sslmode=require")
    assert address == "postgres://keeper@db.example:5433/masume?sslmode=require"
    assert settings["PGPASSWORD"] == "gr@uen"


def test_an_existing_file_is_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "today.backup"
    file.write_text("yesterday's")
    with pytest.raises(SystemExit) as ended:
        call_command("backup", str(file))
    assert ended.value.code == 1 if os.environ.get("DATABASE_BACKUP_URL") else 2
    assert file.read_text() == "yesterday's"


def test_something_else_is_no_backup(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("name,kana\n")
    for name in ("list.csv", "absent"):
        with pytest.raises(Refused):
            archive.Reader(tmp_path / name)


def test_uploads_cannot_lead_out_of_their_folder() -> None:
    reader = object.__new__(archive.Reader)
    names = ("media/imports/a", "media/../outside", "media//etc/passwd", "database.dump")
    reader.manifest = Manifest("", 18, {}, {}, {}, dict.fromkeys(names, [0, ""]))
    assert reader.media() == ["imports/a"]


def test_a_table_more_or_less_is_a_difference() -> None:
    was = Manifest("", 18, {"a": {"": [1, "5"]}}, {"policies": ["p"]}, {})
    now = Manifest("", 18, {"b": {"": [1, "5"]}}, {"policies": []}, {})
    assert len(differences(was, now)) == 3
