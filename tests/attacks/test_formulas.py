"""Formulas in every text of every record: no file that Masume hands out has a cell that a spreadsheet would run."""

import ast
import csv
import io
from pathlib import Path
from typing import Any

import openpyxl
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Import
from tenants import jobs
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests.attacks.poison import poisoned_world
from tests.test_query_counts import pages
from tests.world import World
from ui.exports import BEFORE

COMMAND = "cmd|'/c calc'!A1"
STARTS = (
    "=",
    "+",
    "-",
    "@",
    "\t=",
    "\r=",
    "\n=",
    "＝",
    "＋",
    "－",
    "＠",
    " =",
    "　=",
    '"=',
    "'=",
    '",=',
    ";=",
    "\xa0=",
)
RUN = tuple("=+-@＝＋－＠\t\r")


def formula(n: int) -> str:
    return STARTS[n % len(STARTS)] + COMMAND


def test_no_file_holds_a_formula(world: World, sign_in: Any, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    client = sign_in(world.member(Role.ADMIN))
    batch = refused_import(world, client)
    with tenant_scope(world.tenant(), actor="test"):
        rows, _fields = poisoned_world(world, formula, each=len(STARTS))
    answers = [client.get(path) for _name, _door, path in pages(world, {**rows, Import: batch})]
    files = [answer for answer in answers if is_for_spreadsheets(answer)]
    seen = [cell for answer in files for cell in cells_of(answer)]
    assert [cell for cell in seen if isinstance(cell, str) and is_run(cell)] == []
    assert len(files) >= 3
    assert all(any(start + COMMAND[:5] in str(cell) for cell in seen) for start in STARTS), seen


def refused_import(world: World, client: Any) -> Import:
    """A file whose headings and cells are formulas, and whose rows cannot be taken."""
    out = io.StringIO()
    lines = [[formula(n), formula(n), formula(n)] for n in range(len(STARTS))]
    csv.writer(out).writerows([["社名", "決算月", formula(0)], *lines])
    upload = SimpleUploadedFile("list.csv", out.getvalue().encode())
    answer = client.post("/t/midori/imports/new/", {"file": upload})
    jobs.work(watched=False)
    with tenant_scope(world.tenant(), actor="test"):
        return Import.objects.get(pk=answer.headers["Location"].rstrip("/").rsplit("/", 1)[1])


def is_for_spreadsheets(answer: Any) -> bool:
    """A file that somebody keeps and opens in a spreadsheet; a drawing or JSON is none."""
    kept = "attachment" in answer.headers.get("Content-Disposition", "")
    return kept and any(kind in answer.headers["Content-Type"] for kind in ("csv", "spreadsheet"))


def cells_of(answer: Any) -> list[Any]:
    if "csv" in answer.headers["Content-Type"]:
        return [cell for row in csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))) for cell in row]
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink] == []
    return [f"'{cell.value}" if cell.data_type == "s" else cell.value for cell in cells]


def is_run(cell: str) -> bool:
    return cell.startswith(RUN) or (not cell.startswith("'") and cell.lstrip(BEFORE).startswith(RUN))


def test_only_one_module_writes_csv_files() -> None:
    writers = [
        path
        for room in django_settings.ROOT.iterdir()
        if (room / "apps.py").exists()
        for path in room.rglob("*.py")
        if calls(path, "writer", "DictWriter", "Workbook")
    ]
    assert [path.relative_to(django_settings.ROOT).as_posix() for path in writers] == ["ui/exports.py"]


def calls(path: Path, *names: str) -> bool:
    tree = ast.parse(path.read_text("utf-8"))
    return any(
        isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in names
        for node in ast.walk(tree)
    )
