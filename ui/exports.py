"""Files people take away: CSV that a Japanese Excel opens as it is, xlsx whose texts stay texts, and nothing in either
that a spreadsheet would run. The only place that writes them."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.http import content_disposition_header
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FORMATS = tuple(CONTENT_TYPES)
CONTROLS: dict[int, None] = dict.fromkeys((*range(32), 127))
# Control characters that XML cannot carry.
UNPRINTABLE = {code: None for code in range(32) if chr(code) not in "\t\n\r"}
# A text that begins so is run as a formula by some spreadsheet, also behind blanks and quotes, also full-width.
RISKY = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\0")
BEFORE = " \u3000\xa0\n\"'"


def table_file(kind: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """The bytes of a file of ``kind`` (csv, xlsx). Values are texts, numbers, dates or None."""
    return csv_file(heads, rows) if kind == "csv" else xlsx_file(heads, rows)


def csv_file(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 with a byte order mark, dates as 2026/11/19; text that a spreadsheet would run is disarmed."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([safe_cell(head) for head in heads])
    writer.writerows([csv_value(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def csv_value(value: Any) -> Any:
    return f"{value:%Y/%m/%d}" if isinstance(value, date) else safe_cell(value)


def safe_cell(value: Any) -> Any:
    """The value for a CSV cell: numbers as they are, risky text behind an apostrophe, None empty."""
    if value is None:
        return ""
    if isinstance(value, str) and (value.startswith(RISKY) or value.lstrip(BEFORE).startswith(RISKY)):
        return f"'{value}"
    return value


def xlsx_file(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """One sheet with a frozen head. Texts are text cells, so nothing in them is a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    sheet.freeze_panes = "A2"
    for column, head in enumerate(heads, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = max(10, 2 * len(head) + 2)
    sheet.append([text_cell(sheet, head, bold=True) for head in heads])
    for row in rows:
        sheet.append([text_cell(sheet, value) if isinstance(value, str) else value for value in row])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@dataclass(frozen=True)
class Sheet:
    """One sheet of a document: a title, lines that say what it is, and a table. ``columns`` are heads with their widths in
    characters; ``aside`` of them, at the end, are for programs and printed small."""

    name: str
    title: str
    lines: Sequence[str]
    columns: Sequence[tuple[str, int]]
    rows: Sequence[Sequence[Any]]
    aside: int = 0


HEAD_FILL = PatternFill("solid", fgColor="E9EDF3")
RULE = Border(bottom=Side("thin", color="C9CED6"))
WRAPPED = Alignment(vertical="top", wrap_text=True)
A4 = 9
EXACT_DIGITS = 15
"""A spreadsheet counts with so many digits; a longer number is written as text, so that none gets lost."""


def document(sheets: Sequence[Sheet]) -> bytes:
    """A workbook to read, to print (A4 landscape, as wide as the page) and to send back. Texts are text cells."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        write_sheet(book.create_sheet(sheet.name), sheet)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def write_sheet(page: Any, sheet: Sheet) -> None:
    head_row = len(sheet.lines) + 3
    for column, (_head, width) in enumerate(sheet.columns, start=1):
        page.column_dimensions[get_column_letter(column)].width = width
    page.freeze_panes = f"A{head_row + 1}"
    page.print_title_rows = f"{head_row}:{head_row}"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.oddFooter.center.text = "&P / &N"
    title = text_cell(page, sheet.title, bold=True)
    title.font = Font(bold=True, size=14)
    page.append([title])
    for line in sheet.lines:
        page.append([text_cell(page, line)])
    page.append([])
    page.append([head_cell(page, head) for head, _width in sheet.columns])
    first_aside = len(sheet.columns) - sheet.aside
    for row in sheet.rows:
        page.append([body_cell(page, value, small=at >= first_aside) for at, value in enumerate(row)])


def head_cell(page: Any, head: str) -> WriteOnlyCell:
    cell = text_cell(page, head, bold=True)
    cell.fill, cell.border, cell.alignment = HEAD_FILL, RULE, WRAPPED
    return cell


def body_cell(page: Any, value: Any, *, small: bool = False) -> WriteOnlyCell:
    if isinstance(value, Decimal) and len(value.as_tuple().digits) > EXACT_DIGITS:
        value = f"{value:f}"
    cell = text_cell(page, value) if isinstance(value, str) else WriteOnlyCell(page, value=value)
    cell.border, cell.alignment = RULE, WRAPPED
    if isinstance(value, date):
        cell.number_format = "yyyy/mm/dd"
    if small:
        cell.font = Font(size=7, color="8A9099")
    return cell


def text_cell(sheet: Any, text: str, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=str(text).translate(UNPRINTABLE))
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell


def attachment(filename: str) -> str:
    """A Content-Disposition for ``filename``, Japanese names included, whatever a person called the file."""
    return str(content_disposition_header(True, filename.translate(CONTROLS)))
