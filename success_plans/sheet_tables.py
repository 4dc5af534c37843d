"""The sheets of a file that somebody keeps a plan in, as they were read: every row, and which of them is the heading.

A file is read in the limited process of every import. Nothing is stored of it: what was read goes through the browser, signed,
until somebody takes suggestions over.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from uuid import UUID

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from accounts.importing.findings import Finding, Question, Refusal
from accounts.importing.reading import read
from accounts.importing.tables import Layout, Record, fitted, names
from accounts.importing.words import message_of, title_of

MOST_BYTES, MOST_SHEETS, MOST_ROWS, MOST_COLUMNS, MOST_CELL = 2 << 20, 6, 500, 60, 2_000
HEADINGS = 30
"""Rows from the top that may be chosen as the heading."""
SECONDS = 20
SALT, ONE_DAY = "masume.plan-sheet", 24 * 3600
Row = tuple[int, list[str], dict[str, Any] | None]


@dataclass(frozen=True)
class Table:
    """One sheet: all its rows, and the line of the heading; 0 where none was found or none is wanted."""

    name: str
    line: int
    all_rows: list[Row]
    pads: bool = True  # a workbook leaves out empty cells at the end of a row, a text file does not

    @cached_property
    def header(self) -> list[str]:
        cells = next((cells for line, cells, _problem in self.all_rows if line == self.line), None)
        return [] if cells is None else names(cells)

    @cached_property
    def rows(self) -> list[Row]:
        """What stands below the heading, as wide as it."""
        if not self.header:
            return []
        below = (
            Record(line, cells, as_finding(problem))
            for line, cells, problem in self.all_rows
            if line > self.line
        )
        fit = (fitted(record, self.header, pads=self.pads) for record in below)
        return [(one.line, one.cells, one.problem.as_dict() if one.problem else None) for one in fit]

    @property
    def samples(self) -> list[list[str]]:
        return [cells for _line, cells, _problem in self.rows]

    @property
    def headings(self) -> list[tuple[int, str]]:
        """Rows that may be the heading, with the start of what they say."""
        lines = ((line, "、".join(filter(str.strip, cells))) for line, cells, _p in self.all_rows[:HEADINGS])
        return [(line, said[:60]) for line, said in lines]

    def headed(self, line: str) -> "Table":
        """With another row as its heading; what is no row of its top changes nothing, and 0 means none."""
        known = {str(number) for number, _said in self.headings}
        return replace(self, line=int(line)) if line in known | {"0"} else self


def as_finding(problem: Mapping[str, Any] | None) -> Finding | None:
    return Finding(**problem) if problem else None


def tables_of(upload: UploadedFile) -> list[Table]:
    """Every visible sheet that says something. Raises ValidationError with what is wrong with the file."""
    if (upload.size or 0) > MOST_BYTES:
        raise ValidationError(_("プランのファイルは2MBまでです。プランの表だけのファイルにしてください"))
    with NamedTemporaryFile() as copy:
        for block in upload.chunks():
            copy.write(block)
        copy.flush()
        return list(_tables(Path(copy.name), upload.name or ""))


def _tables(path: Path, name: str) -> Iterator[Table]:
    first, others = _table(path, name, "")
    if first:
        yield first
    found = [_table(path, name, other)[0] for other in others[: MOST_SHEETS - 1]]
    yield from filter(None, found)
    if not first and not any(found):
        raise ValidationError(
            _(
                "見出しのある表が見つかりません。1行目に「アクション」「担当」「期日」のような見出しを置いてください"
            )
        )


def _table(path: Path, name: str, sheet: str) -> tuple[Table | None, list[str]]:
    """The sheet, and the names of the others; a further sheet without rows is none."""
    rows: list[Row] = []
    layout: Layout | None = None
    try:
        for event in read(path, name, seconds=SECONDS, sheet=sheet or None, whole=True):
            if isinstance(event, Layout):
                layout = event
                continue
            cells = [cell[:MOST_CELL] for cell in event.cells[:MOST_COLUMNS]]
            rows.append((event.line, cells, event.problem.as_dict() if event.problem else None))
            if len(rows) > MOST_ROWS:
                raise ValidationError(_("行が多すぎます。プランは%(most)s行までです") % {"most": MOST_ROWS})
    except Refusal as refusal:
        if sheet and refusal.finding.code == "no_rows":
            return None, []
        said = f"{title_of(refusal.finding.code)}。{message_of(refusal.finding)}"
        raise ValidationError(said) from None
    except Question:
        raise ValidationError(
            _("文字コードが決められません。Excelブック(.xlsx)かUTF-8のCSVで保存してください")
        ) from None
    assert layout is not None
    others = [one for one in layout.sheets if one != layout.sheet]
    table = Table(layout.sheet or name, layout.header_line, rows, layout.format == "xlsx")
    return (table if len(rows) > 1 else None), others


def pack(of: UUID, tables: Sequence[Table]) -> str:
    """For the plan or the account that it was read for."""
    content = [[one.name, one.line, one.all_rows, one.pads] for one in tables]
    return signing.dumps({"of": str(of), "tables": content}, salt=SALT, compress=True)


def unpack(of: UUID, packed: str) -> list[Table]:
    """What was read for this within a day. Raises ValidationError."""
    try:
        content = signing.loads(packed, salt=SALT, max_age=ONE_DAY)
    except signing.BadSignature:
        content = {}
    if content.get("of") != str(of):
        raise ValidationError(_("下見から時間がたちました。もう一度、ファイルを選んでください"))
    return [
        Table(name, line, [tuple(row) for row in rows], pads) for name, line, rows, pads in content["tables"]
    ]


def headed(tables: Sequence[Table], chosen: Mapping[str, str]) -> list[Table]:
    """With the headings that were chosen (``h<table>``)."""
    return [one.headed(chosen.get(f"h{number}", str(one.line))) for number, one in enumerate(tables)]
