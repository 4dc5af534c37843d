"""Files made to hurt are refused for a little work, with the reason."""

import io
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from accounts.importing import xlsx_reader
from accounts.importing.csv_reader import read_csv
from accounts.importing.findings import Refusal
from accounts.importing.parse_worker import _messages
from accounts.importing.tables import Record
from accounts.importing.xlsx_reader import inspect, read_xlsx
from drill.imports import harmful

SECONDS = 10.0
"""Of work; the slowest needs one on a quiet machine, and needed a hundred before it was refused early."""


@pytest.fixture(autouse=True)
def _cheap() -> Iterator[None]:
    began = time.process_time()
    yield
    assert time.process_time() - began < SECONDS


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"a," * 1_000_000 + b"\n1\n", "too_many_columns"),
        (b'x,y\n"' + b"a\n" * 20_000_000, "too_many_rows"),
    ],
    ids=["a million columns", "tiny rows behind a quote"],
)
def test_a_text_file_beyond_the_limits_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(Refusal) as refused:
        list(read_csv(path))
    assert refused.value.finding.code == code


def test_a_book_with_a_hundred_thousand_names_of_sheets_is_refused(tmp_path: Path) -> None:
    out, path = io.BytesIO(), tmp_path / "list.xlsx"
    openpyxl.Workbook().save(out)
    with zipfile.ZipFile(out) as book, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name in book.namelist():
            part = book.read(name)
            if name == "xl/workbook.xml":
                names = b"".join(
                    b'<sheet name="s%d" sheetId="%d" r:id="rId1"/>' % (n, n) for n in range(100_000)
                )
                part = part.replace(b"</sheets>", names + b"</sheets>")
            made.writestr(name, part)
    with pytest.raises(Refusal) as refused:
        inspect(path)
    assert refused.value.finding.code in ("too_many_sheets", "zip_ratio")


def test_a_workbook_that_says_one_long_text_in_every_cell_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(harmful.one_text_everywhere(100))
    with pytest.raises(Refusal) as refused:
        for _message in _messages(read_xlsx(path)):
            pass
    assert refused.value.finding.code == "too_much_text"


def test_the_gaps_before_far_cells_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_reader, "SHEET_CELLS", 100_000)
    path = tmp_path / "list.xlsx"
    path.write_bytes(harmful.wide_gaps(1))
    with pytest.raises(Refusal) as refused:
        list(read_xlsx(path))
    assert refused.value.finding.code == "file_too_heavy"


def test_rows_that_say_much_are_handed_on_a_few_at_a_time() -> None:
    rows = (Record(line, ["x" * 30_000] * 10) for line in range(2, 102))
    sizes = [len(message["rows"]) for message in _messages(rows) if "rows" in message]
    assert max(sizes) <= 4
    assert sum(sizes) == 100
