"""A table as it comes out of a file: how it was read, its heading, and its rows one after the other."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from .findings import Finding, Refusal
from .limits import CELL_CHARACTERS, COLUMNS, ROWS, SHEET_COLUMNS
from .periods import periods

PROBE_RECORDS = 50
"""So many records are looked at to find the heading."""


@dataclass(frozen=True, slots=True)
class Record:
    """One row: the physical line it begins on, its cells as text, and what was wrong with its form."""

    line: int
    cells: list[str]
    problem: Finding | None = None


@dataclass(slots=True)
class Layout:
    """How the file was read, for the person to check. ``wide`` are headings of columns that became rows. ``whole``: every
    record follows as it stands in the file, those above the heading too, so that another heading can be chosen;
    ``header_line`` is 0 where none was found."""

    format: str
    header: list[str]
    header_line: int
    skipped: list[tuple[int, str]]
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)
    head: list[tuple[int, str]] = field(default_factory=list)
    wide: list[str] = field(default_factory=list)
    whole: bool = False

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


Event = Layout | Record | Finding


def lay_out(records: Iterable[Record], layout: Layout) -> Iterator[Event]:
    """Find the heading among the first records, then yield the layout and every row below it, all as wide as it."""
    stream = iter(records)
    probe: list[Record] = []
    for record in stream:
        if len(record.cells) > SHEET_COLUMNS:
            raise Refusal("too_many_columns", record.line, columns=len(record.cells), most=COLUMNS)
        probe.append(record)
        if len(probe) >= PROBE_RECORDS:
            break
    if layout.whole:
        yield from _whole(probe, stream, layout)
        return
    at = _heading_index(probe)
    for record in probe[:at]:
        if record.problem and record.problem.code == "encoding_mixed":
            raise Refusal("encoding_mixed", record.line)  # it may have been the heading
    heading = probe[at]
    if len(heading.cells) > COLUMNS:
        raise Refusal("too_many_columns", heading.line, columns=len(heading.cells), most=COLUMNS)
    layout.header = names(heading.cells)
    layout.header_line = heading.line
    layout.skipped = [(record.line, _raw(record.cells)) for record in probe[:at]]
    layout.head = [(record.line, _raw(record.cells)) for record in probe[: at + 2]]
    yield layout
    rows = 0
    for record in chain(probe[at + 1 :], stream):
        yield fitted(record, layout.header, pads=layout.format == "xlsx")
        rows += 1
        if rows > ROWS:
            raise Refusal("too_many_rows", record.line, most=ROWS)
    if not rows:
        raise Refusal("no_rows", heading.line)


def _whole(probe: Sequence[Record], stream: Iterable[Record], layout: Layout) -> Iterator[Event]:
    try:
        layout.header_line = probe[_heading_index(probe)].line
    except Refusal as refusal:
        if refusal.finding.code != "no_header":
            raise
    yield layout
    yield from chain(probe, stream)


def fold(text: str) -> str:
    """A heading without what does not matter: width, case, spaces, brackets and separators."""
    return re.sub(r"[\s_\-・:：*＊]+", "", unicodedata.normalize("NFKC", text).casefold())


def _heading_index(probe: Sequence[Record]) -> int:
    """The first record as wide as most of the others that has a name in nearly every cell."""
    if not probe:
        raise Refusal("no_rows")
    widths = Counter(_width(record.cells) for record in probe if record.problem is None)
    usual = max(widths, key=lambda width: widths[width] * (width > 1), default=1)
    for index, record in enumerate(probe):
        if len(record.cells) >= usual and record.problem is None and _looks_like_names(record.cells):
            return index
    raise Refusal("no_header", probe[0].line)


def _width(cells: Sequence[str]) -> int:
    """How many cells up to the last one that says something."""
    return max((number for number, cell in enumerate(cells, start=1) if cell.strip()), default=0)


def _looks_like_names(cells: Sequence[str]) -> bool:
    named = [cell for cell in cells if cell.strip()]
    times = periods(cells)  # months as columns are names, though they are written in figures
    digits = [
        cell
        for place, cell in enumerate(cells)
        if cell.strip()
        and place not in times
        and re.fullmatch(r"[\d\s.,/\-¥%]+", unicodedata.normalize("NFKC", cell))
    ]
    return len(named) * 2 > len(cells) and len(digits) * 3 <= len(named)


def names(cells: Sequence[str]) -> list[str]:
    """Headings that can be told apart: a blank one gets its number, a repeated one a counter."""
    found: list[str] = []
    for number, cell in enumerate(cells, start=1):
        name = " ".join(cell.split())[:200] or f"列{number}"
        again = sum(1 for earlier in cells[: number - 1] if earlier.split() == cell.split())
        found.append(f"{name} ({again + 1})" if again and cell.strip() else name)
    return found


def fitted(record: Record, header: Sequence[str], *, pads: bool) -> Record:
    """The record with exactly one cell per heading; what was missing or too much becomes its problem."""
    cells, wide = record.cells, len(header)
    if len(cells) == wide and record.problem is None and max(map(len, cells)) <= CELL_CHARACTERS:
        return record
    problem = _placed(record.problem, header, len(cells)) or _misfit(record, header, pads=pads)
    cells = [cell[:CELL_CHARACTERS] for cell in cells[:wide]]
    return Record(record.line, [*cells, *[""] * (wide - len(cells))], problem)


def _placed(problem: Finding | None, header: Sequence[str], found: int) -> Finding | None:
    """A problem noticed before the heading was known, now with the name of its column and the number of cells."""
    if problem is None:
        return None
    cell = problem.params.get("cell")
    column = header[min(cell, len(header)) - 1] if cell else problem.column
    return replace(problem, column=column, params={**problem.params, "expected": len(header), "found": found})


def _misfit(record: Record, header: Sequence[str], *, pads: bool) -> Finding | None:
    cells, wide = record.cells, len(header)
    params = {"expected": wide, "found": len(cells)}
    if more := [cell for cell in cells[wide:] if cell.strip()]:
        return Finding("columns_too_many", record.line, header[-1], more[0][:200], params)
    if len(cells) < wide and not pads:
        return Finding("columns_missing", record.line, header[len(cells)], "", params)
    for name, cell in zip(header, cells, strict=False):
        if len(cell) > CELL_CHARACTERS:
            return Finding("cell_too_long", record.line, name, cell[:80], {"most": CELL_CHARACTERS})
    return None


def _raw(cells: Sequence[str]) -> str:
    """The start of a record as one line, to be looked at."""
    return ",".join(cells).strip(",")[:400]
