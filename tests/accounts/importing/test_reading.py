import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from accounts.importing import limits, reading
from accounts.importing.findings import Question, Refusal
from accounts.importing.values import closing

from .files import edinet_csv, edinet_row, xlsx

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"


def refusal(path: Path, name: str | None = None) -> str:
    with pytest.raises(Refusal) as refused:
        list(reading.read(path, name or path.name))
    return refused.value.finding.code


def test_a_file_is_read_in_another_process(tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(edinet_csv([edinet_row(index) for index in range(1, 1200)]))
    layout, *rows = reading.read(path, "一覧.csv")
    assert layout.encoding == "cp932"
    assert len(rows) == 1199
    assert rows[-1].line == 1201


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.csv", b"", "file_empty"),
        ("a.csv", b"PK\x03\x04....", "file_kind_mismatch"),
        ("a.xlsx", b"a,b\n1,2\n", "file_kind_mismatch"),
        ("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "file_encrypted"),
        ("a.xlsx", OLE + "Workbook".encode("utf-16-le"), "file_is_xls"),
        ("a.xlsx", OLE + "WordDocument".encode("utf-16-le"), "file_kind_mismatch"),
        ("a.csv", b"\xef\xbb\xbf <!DOCTYPE html><table>", "file_kind_mismatch"),
        ("a.xls", OLE, "file_is_xls"),
        ("a.xlsm", b"PK\x03\x04", "zip_macro"),
        ("a.exe", b"MZ", "file_kind_unknown"),
        ("a.csv", b"MZ\x90\x00", "file_kind_mismatch"),
        ("a.xlsx", b"PK\x03\x04broken", "workbook_unreadable"),
    ],
)
def test_other_files_are_refused_by_what_they_are(tmp_path, name, data, code):
    path = tmp_path / "upload"
    path.write_bytes(data)
    assert refusal(path, name) == code


def test_a_file_that_is_too_big_is_not_opened(tmp_path):
    path = tmp_path / "big.csv"
    with path.open("wb") as file:
        file.truncate(limits.FILE_BYTES + 1)
    assert refusal(path) == "file_too_big"


def test_a_question_comes_back(tmp_path):
    path = tmp_path / "euc.csv"
    path.write_bytes("社名,決算月\n高島屋,3月\n".encode("euc_jp"))
    with pytest.raises(Question) as asked:
        list(reading.read(path, path.name))
    assert "euc_jp" in asked.value.answers
    layout, *_rows = reading.read(path, path.name, encoding="euc_jp")
    assert layout.header == ["社名", "決算月"]


def test_a_worker_that_dies_is_a_refusal(tmp_path, monkeypatch):
    path = tmp_path / "list.csv"
    path.write_bytes(edinet_csv([edinet_row(1)]))
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert refusal(path) == "file_too_heavy"


def test_an_enormous_cell_is_a_finding_and_no_more(tmp_path):
    path = tmp_path / "wide.csv"
    path.write_text('a,b\n"' + "あ" * 5_000_000 + '",2\n3,4\n', "cp932")
    _layout, first, second = reading.read(path, path.name)
    assert (first.problem.code, second.problem) == ("cell_too_long", None)


def test_the_worker_cannot_take_all_memory():
    greedy = "from accounts.importing.limits import *; confine_this_process(); bytearray(WORKER_MEMORY_BYTES)"
    ended = subprocess.run(
        [sys.executable, "-c", greedy], cwd=reading._ROOT, capture_output=True, check=False
    )
    assert b"MemoryError" in ended.stderr


@pytest.mark.skipif(not SHARED.exists(), reason="the shared sample files are not here")
def test_the_published_list_itself():
    layout, *rows = reading.read(SHARED / "edinet" / "EdinetcodeDlInfo_300.csv", "EdinetcodeDlInfo.csv")
    assert (layout.encoding, layout.header_line, len(rows)) == ("cp932", 2, 300)
    readings = [closing(row.cells[5]) for row in rows]
    months = Counter(found.value[0] for found in readings if found.value)
    assert sum(found.value is None and not found.code for found in readings) == 29
    assert [months[month] for month in range(1, 13)] == [9, 18, 135, 8, 10, 12, 11, 8, 10, 10, 8, 32]


@pytest.mark.skipif(not SHARED.exists(), reason="the shared sample files are not here")
@pytest.mark.parametrize(
    "name",
    [
        "saas/ravenstack_accounts.csv",
        "churn/telco_customer_churn_500.csv",
        "tickets/ITSM_data_40.csv",
        "edinet/type5_csv/E00304_S100ISXG.tsv",
    ],
)
def test_other_published_files(name):
    _layout, *rows = reading.read(SHARED / name, name)
    assert rows
    assert not any(row.problem for row in rows)


def test_a_workbook_goes_the_same_way(tmp_path):
    layout, *rows = reading.read(xlsx(tmp_path / "x.xlsx", [["社名", "決算月"], ["あ", "3月"]]), "x.xlsx")
    assert (layout.format, rows[0].cells) == ("xlsx", ["あ", "3月"])
