"""Rows of an Excel workbook, read as the text a person sees, after its zip directory was found harmless."""

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import zip_longest
from pathlib import Path
from typing import Any

import openpyxl
import openpyxl.xml

from .findings import Finding, Refusal
from .limits import (
    FORMAT_CHARACTERS,
    ROWS,
    SHEET_CELLS,
    SHEET_ROWS,
    SHEETS,
    ZIP_ENTRIES,
    ZIP_RATIO,
    ZIP_RATIO_FROM_BYTES,
    ZIP_UNPACKED_BYTES,
)
from .tables import Event, Layout, Record, lay_out

_ARCHIVES = (".zip", ".xlsx", ".xlsm", ".xls", ".docx", ".7z", ".rar", ".gz", ".bz2", ".xz", ".tar", ".cab")
_BLOCK = 1 << 18
_LIST_OF_SHEETS = 1 << 22
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s")
_ZEROS = re.compile(r"0{2,}")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NO_TEXT = re.compile(r"[\x00\ud800-\udfff]")
_PERCENT = re.compile(r"[#,0]*0(\.(0+))?%")


def read_xlsx(path: Path, *, sheet: str | None = None, whole: bool = False) -> Iterator[Event]:
    """Yield the layout and then the rows of the chosen sheet (else the first visible one). Raises Refusal."""
    has_formulas = inspect(path)
    if not openpyxl.xml.DEFUSEDXML:
        raise RuntimeError("openpyxl does not use defusedxml")
    book = _open(path, values=True)
    visible = [each.title for each in book.worksheets if each.sheet_state == "visible"]
    if not visible:
        raise Refusal("no_rows")
    name = sheet if sheet and sheet in visible else visible[0]
    layout = Layout(
        format="xlsx", header=[], header_line=0, skipped=[], sheet=name, sheets=visible, whole=whole
    )
    formulas = _open(path, values=False)[name] if has_formulas else None
    yield from lay_out(_records(book[name], formulas), layout)


def _open(path: Path, *, values: bool) -> openpyxl.Workbook:
    """The workbook, with stored results or with formulas. Opened as a file: uploads have names without an ending."""
    try:
        return openpyxl.load_workbook(path.open("rb"), read_only=True, data_only=values, keep_links=False)
    except Exception as error:
        raise Refusal("workbook_unreadable", reason=type(error).__name__) from error


def inspect(path: Path) -> bool:
    """Look through the archive before anything is unpacked for use; tell whether a sheet has formulas.

    Declared sizes lie, so every part is read through once and its bytes are counted. Raises Refusal.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_directory(entries)
            _count_sheets(archive)
            return _count_bytes(archive, entries)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and "password" in str(error):
            raise Refusal("file_encrypted") from error
        raise Refusal("workbook_unreadable", reason=type(error).__name__) from error
    except zlib.error as error:
        raise Refusal("workbook_unreadable", reason="zlib") from error


def _check_directory(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > ZIP_ENTRIES:
        raise Refusal("zip_entries", found=len(entries), most=ZIP_ENTRIES)
    names = [entry.filename.lower() for entry in entries]
    if "xl/workbook.xml" not in names:
        raise Refusal("file_kind_mismatch", ending=".xlsx")
    for entry in entries:
        is_link = entry.external_attr >> 28 == stat.S_IFLNK >> 12
        if (
            is_link
            or ".." in re.split(r"[/\\\\]", entry.filename)
            or entry.filename.startswith(("/", "\\\\"))
        ):
            raise Refusal("zip_paths", name=entry.filename[:200])
    for name in names:
        if "vbaproject" in name or name.endswith((".bin", ".exe", ".dll")) and "printersettings" not in name:
            raise Refusal("zip_macro", name=name)
        if name.startswith("xl/externallinks/"):
            raise Refusal("zip_external_links")
        if name.endswith(_ARCHIVES) or name.startswith("xl/embeddings/"):
            raise Refusal("zip_nested", name=name)
    if sum(entry.file_size for entry in entries) > ZIP_UNPACKED_BYTES:
        raise Refusal("zip_unpacked", most=ZIP_UNPACKED_BYTES >> 20)


def _count_sheets(archive: zipfile.ZipFile) -> None:
    """The book's list may name sheets by the hundred thousand that are all the same part of the archive."""
    with archive.open(
        next(each for each in archive.infolist() if each.filename.lower() == "xl/workbook.xml")
    ) as part:
        if len(_SHEET.findall(part.read(_LIST_OF_SHEETS))) > SHEETS or part.read(1):
            raise Refusal("too_many_sheets", most=SHEETS)


def _count_bytes(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> bool:
    total, has_formulas = 0, False
    for entry in entries:
        unpacked, is_sheet, tail = 0, entry.filename.lower().startswith("xl/worksheets/"), b""
        with archive.open(entry) as part:
            while block := part.read(_BLOCK):
                if not unpacked and block.startswith(
                    (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\xd0\xcf\x11\xe0")
                ):
                    raise Refusal("zip_nested", name=entry.filename)
                unpacked += len(block)
                total += len(block)
                if total > ZIP_UNPACKED_BYTES:
                    raise Refusal("zip_unpacked", most=ZIP_UNPACKED_BYTES >> 20)
                if unpacked > ZIP_RATIO_FROM_BYTES and unpacked > ZIP_RATIO * max(entry.compress_size, 1):
                    raise Refusal("zip_ratio", most=ZIP_RATIO)
                if is_sheet and not has_formulas:
                    has_formulas = b"<f>" in tail + block or b"<f " in tail + block
                    tail = block[-2:]
    return has_formulas


def _records(sheet: Any, formulas: Any | None) -> Iterator[Record]:
    sheet.reset_dimensions()
    rows = sheet.iter_rows()
    pairs: Iterator[tuple[Any, Any]] = ((row, ()) for row in rows)
    if formulas is not None:
        formulas.reset_dimensions()
        pairs = zip_longest(rows, formulas.iter_rows(values_only=True), fillvalue=())
    filled = 0
    for number, (row, written) in _numbered(pairs):
        if not row and not written:
            continue  # a gap: a single cell in the last row stands behind a million of them
        filled += len(row)
        if filled > SHEET_CELLS:
            raise Refusal("file_too_heavy", number)
        cells = _texts(number, row)
        while cells and not cells[-1]:
            cells.pop()
        problem = _uncalculated(number, row, written) or _no_text(number, cells)
        if cells or problem:
            yield Record(number, cells, problem)


def _numbered(rows: Iterator[Any]) -> Iterator[tuple[int, Any]]:
    """Every row with its number, as far as the file is one that a spreadsheet could have written."""
    number = 0
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except Exception as error:
            raise _unreadable(number + 1, error) from error
        number += 1
        if number > SHEET_ROWS:
            raise Refusal("too_many_rows", number, most=ROWS)
        yield number, row


def _texts(number: int, row: Any) -> list[str]:
    try:
        return [_text(cell) for cell in row]
    except Exception as error:
        raise _unreadable(number, error) from error


def _unreadable(line: int, error: Exception) -> BaseException:
    """A file may say what is no number or name what is not there; memory that runs out is another matter."""
    if isinstance(error, MemoryError):
        return error
    return Refusal("row_unreadable", line, reason=type(error).__name__)


def _uncalculated(number: int, row: Any, written: Any) -> Finding | None:
    """A formula whose result was never stored reads as an empty cell; say so instead of losing it."""
    for cell, formula in zip(row, written, strict=False):
        if cell.value is None and isinstance(formula, str) and formula.startswith("="):
            return Finding("formula_without_value", number, value=formula[:200])
    return None


def _no_text(number: int, cells: list[str]) -> Finding | None:
    """Excel can write down what is no character; take it out of the cells and say where it was."""
    for at, cell in enumerate(cells):
        if _NO_TEXT.search(cell):
            cells[:] = [_NO_TEXT.sub("\ufffd", each) for each in cells]
            return Finding("character_unreadable", number, value=cells[at][:200], params={"cell": at + 1})
    return None


def _text(cell: Any) -> str:
    """The cell as Excel shows it: dates as dates, leading zeros and percent kept, no .0 behind whole numbers."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value) if "_x" in value else value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return f"{value:%Y/%m/%d}" if value.time() == time() else f"{value:%Y/%m/%d %H:%M}"
    if isinstance(value, date):
        return f"{value:%Y/%m/%d}"
    if isinstance(value, (time, timedelta)):
        return str(value)
    shown_as = cell.number_format or ""
    return _number(value, shown_as if len(shown_as) <= FORMAT_CHARACTERS else "")


def _number(value: int | float, shown_as: str) -> str:
    if percent := _PERCENT.fullmatch(shown_as):
        return f"{value * 100:.{len(percent[2] or '')}f}%"
    if value == int(value) and abs(value) < 1e15:
        digits = str(int(value))
        return digits.zfill(len(shown_as)) if _ZEROS.fullmatch(shown_as) else digits
    return f"{value:.15g}"
