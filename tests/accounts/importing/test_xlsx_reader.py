import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from accounts.importing import limits
from accounts.importing.findings import Refusal
from accounts.importing.xlsx_reader import inspect, read_xlsx

from .files import EDINET_HEADER, EDINET_METADATA, edinet_row, xlsx


def test_the_same_list_as_a_workbook(tmp_path):
    path = xlsx(
        tmp_path / "list.xlsx", [EDINET_METADATA, EDINET_HEADER, *(edinet_row(i) for i in range(1, 9))]
    )
    layout, *rows = read_xlsx(path)
    assert (layout.format, layout.header, layout.header_line) == ("xlsx", EDINET_HEADER, 2)
    assert rows[0].line == 3
    assert rows[0].cells == [cell.replace("", "") for cell in edinet_row(1)]


def test_cells_read_as_a_person_sees_them(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["a", "b", "c", "d", "e", "f"])
    sheet.append([date(2026, 11, 19), datetime(2026, 11, 19, 14, 5), 3.0, 0.25, True, 12])  # noqa: DTZ001  Excel knows no zones
    sheet["F2"].number_format = "0000"
    sheet["D2"].number_format = "0%"
    book.save(tmp_path / "cells.xlsx")
    _layout, row = read_xlsx(tmp_path / "cells.xlsx")
    assert row.cells == ["2026/11/19", "2026/11/19 14:05", "3", "25%", "TRUE", "0012"]


def test_rows_that_end_early_are_filled_and_gaps_keep_their_numbers(tmp_path):
    _layout, *rows = read_xlsx(
        xlsx(tmp_path / "x.xlsx", [["社名", "よみ", "業種"], ["あ"], [], ["い", "い", "い"]])
    )
    assert [(row.line, row.cells, row.problem) for row in rows] == [
        (2, ["あ", "", ""], None), (4, ["い", "い", "い"], None),
    ]  # fmt: skip


def test_a_formula_without_a_stored_result_is_reported(tmp_path):
    path = xlsx(tmp_path / "formula.xlsx", [["社名", "値"], ["あ", "=1+1"], ["い", "2"]])
    _layout, first, second = read_xlsx(path)
    assert first.problem.code == "formula_without_value"
    assert second.problem is None


def test_the_first_visible_sheet_unless_chosen(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "hidden"
    book.active.sheet_state = "hidden"
    for name in ("一覧", "別表"):
        sheet = book.create_sheet(name)
        sheet.append(["社名"])
        sheet.append([name])
    book.save(tmp_path / "sheets.xlsx")
    layout, row = read_xlsx(tmp_path / "sheets.xlsx")
    assert (layout.sheets, layout.sheet, row.cells) == (["一覧", "別表"], "一覧", ["一覧"])
    layout, row = read_xlsx(tmp_path / "sheets.xlsx", sheet="別表")
    assert row.cells == ["別表"]


def archive(path, **parts):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/workbook.xml", "<workbook/>")
        for name, content in parts.items():
            file.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"xl/vbaProject.bin": b"x"}, "zip_macro"),
        ({"xl/externalLinks/externalLink1.xml": b"<x/>"}, "zip_external_links"),
        ({"xl/media/inner.zip": b"PK"}, "zip_nested"),
        ({"xl/media/picture.png": b"PK\x03\x04 inner"}, "zip_nested"),
        ({"xl/embeddings/oleObject1": b"x"}, "zip_nested"),
        ({"xl/worksheets/sheet1.xml": b"0" * (40 << 20)}, "zip_ratio"),
        ({f"xl/part{number}.xml": b"" for number in range(limits.ZIP_ENTRIES)}, "zip_entries"),
    ],
)
def test_bombs_and_passengers_are_refused_before_unpacking(tmp_path, parts, code):
    with pytest.raises(Refusal) as refused:
        inspect(archive(tmp_path / "bomb.xlsx", **parts))
    assert refused.value.finding.code == code


def test_a_declared_size_that_lies_is_noticed(tmp_path, monkeypatch):
    monkeypatch.setattr("accounts.importing.xlsx_reader.ZIP_UNPACKED_BYTES", 1000)
    path = archive(tmp_path / "liar.xlsx", **{"xl/worksheets/sheet1.xml": b"0123456789" * 500})
    data = bytearray(path.read_bytes())
    for at in (data.rfind(b"PK\x01\x02") + 24,):
        data[at : at + 4] = (10).to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(Refusal) as refused:
        inspect(path)
    assert refused.value.finding.code in {"zip_unpacked", "workbook_unreadable"}


def test_entities_are_not_expanded(tmp_path):
    path = xlsx(tmp_path / "plain.xlsx", [["社名"], ["あ"]])
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'
    rebuilt = tmp_path / "laughs.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(rebuilt, "w") as target:
        for entry in source.infolist():
            target.writestr(entry, bomb if "sheet1" in entry.filename else source.read(entry))
    with pytest.raises(Refusal) as refused:
        list(read_xlsx(rebuilt))
    assert refused.value.finding.code == "workbook_unreadable"
