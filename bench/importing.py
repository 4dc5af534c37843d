"""Ten thousand companies from a CSV, from the file to the saved rows, beside COPY and an upsert of the same file."""

import csv
import io
import json
import tempfile
from pathlib import Path

from django.core.management import call_command

from bench.figures import Figure, once
from bench.world import SLUG, owner

ROWS = 10_000
HEADS = ("外部ID", "社名", "よみ", "業種", "決算月", "従業員数")


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        first, changed = Path(folder, "first.csv"), Path(folder, "changed.csv")
        write(first, "製造")
        write(changed, "運輸")
        make_floor_table()
        try:
            return [
                once("import 10,000 new rows", lambda: take_in(first, "created"), lambda: upsert(first)),
                once(
                    "the same file, all changed", lambda: take_in(changed, "updated"), lambda: upsert(changed)
                ),
                once("the same file again", lambda: take_in(changed, "unchanged"), lambda: upsert(changed)),
            ]
        finally:
            drop_floor_table()


def write(path: Path, industry: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(HEADS)
        rows.writerows(
            (f"I-{n}", f"取込{n:05}株式会社", f"トリコミ{n:05}", industry, 1 + n % 12, n) for n in range(ROWS)
        )


def take_in(path: Path, outcome: str) -> None:
    """The product's own pipeline, as the command runs it; the report has to say what was expected."""
    said = io.StringIO()
    call_command(
        "import_records",
        "accounts",
        str(path),
        "--tenant",
        SLUG,
        "--as",
        "admin@bench.example",
        "--json",
        stdout=said,
    )
    report = json.loads(said.getvalue())
    assert report[outcome] == ROWS, report


def make_floor_table() -> None:
    with owner() as connection, connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_import (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tenant int NOT NULL,"
            " external_id text NOT NULL, name text, kana text, industry text, fiscal_month int, employees int);"
            " CREATE UNIQUE INDEX ON bench_import (tenant, external_id); CREATE INDEX ON bench_import (tenant, name, id)"
        )


def drop_floor_table() -> None:
    with owner() as connection, connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_import")


def upsert(path: Path) -> None:
    """Parse, COPY to a temporary table, one upsert: no history, no findings, no undo."""
    with (
        owner() as connection,
        connection.cursor() as cursor,
        path.open(encoding="utf-8", newline="") as file,
    ):
        lines = io.StringIO("".join("\t".join(row) + "\n" for row in list(csv.reader(file))[1:]))
        cursor.execute(
            "CREATE TEMP TABLE stage (external_id text, name text, kana text, industry text, fiscal_month int, employees int)"
        )
        cursor.copy_expert("COPY stage FROM stdin", lines)
        cursor.execute(
            "INSERT INTO bench_import (tenant, external_id, name, kana, industry, fiscal_month, employees)"
            " SELECT 1, * FROM stage ON CONFLICT (tenant, external_id) DO UPDATE SET name = excluded.name,"
            " kana = excluded.kana, industry = excluded.industry, fiscal_month = excluded.fiscal_month"
        )
