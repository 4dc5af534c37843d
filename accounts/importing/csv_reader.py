"""Records of a delimited text file, each with the physical line it begins on, whatever its quotes do.

A quote that is never closed spoils its own line only: reading goes on with the next one.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TextIO

from .decoding import encoding_of, passes_for_cp932
from .findings import Finding, Refusal
from .limits import CELL_CHARACTERS, RECORD_LINES
from .tables import Event, Layout, Record, lay_out

DELIMITERS = (",", "\t", ";")
FIELD_CHARACTERS = 1 << 17
_SAMPLE_LINES = 60


def read_csv(
    path: Path, *, encoding: str | None = None, delimiter: str | None = None, whole: bool = False
) -> Iterator[Event]:
    """Yield the layout and then the rows of the file. Raises Refusal or Question."""
    opened_as = encoding_of(path, encoding)
    with path.open(encoding=opened_as, newline="") as file:
        chosen = delimiter if delimiter in DELIMITERS else _delimiter(file)
        file.seek(0)
        layout = Layout(
            format="tsv" if chosen == "\t" else "csv",
            header=[],
            header_line=0,
            skipped=[],
            encoding=opened_as,
            delimiter=chosen,
            whole=whole,
        )
        found = records(file, chosen)
        # Somebody who chose CP932 for a file has seen its lines.
        yield from lay_out(_without_strangers(found) if opened_as == "cp932" != encoding else found, layout)


def _without_strangers(found: Iterator[Record]) -> Iterator[Record]:
    """Records of a CP932 file; one with a cell in UTF-8, as lists from two sources have it, carries the problem."""
    for record in found:
        cell = next((n for n, cell in enumerate(record.cells, start=1) if passes_for_cp932(cell)), 0)
        if cell and record.problem is None:
            params, value = {"cell": cell}, record.cells[cell - 1][:200]
            record = Record(
                record.line, record.cells, Finding("encoding_mixed", record.line, "", value, params)
            )
        yield record


def records(lines: Iterator[str], delimiter: str) -> Iterator[Record]:
    """Every record that has something in it; a record spoilt by its quotes carries the problem."""
    csv.field_size_limit(FIELD_CHARACTERS)
    source = _Lines(lines)
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    while True:
        line = source.begin_record()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _TooManyLines):
            yield _spoilt(source, line, delimiter)
            continue
        if any(cell.strip() for cell in cells):
            yield Record(line, cells)


class _TooManyLines(Exception):
    """One record took more lines than any honest one."""


class _Lines:
    """Physical lines with their numbers; the lines of the record at hand can be given back."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._again: list[str] = []
        self.taken: list[str] = []
        self.number = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if len(self.taken) >= RECORD_LINES:
            raise _TooManyLines
        line = self._again.pop() if self._again else next(self._lines)
        self.number += 1
        if "\0" in line:
            raise Refusal("nul_byte", self.number)
        self.taken.append(line)
        return line

    def begin_record(self) -> int:
        """Forget the lines taken; the number of the line to come."""
        self.taken = []
        return self.number + 1

    def give_back_all_but_first(self) -> str:
        """Undo reading beyond the record's first line, and return that line."""
        first, *rest = self.taken
        self._again.extend(reversed(rest))
        self.number -= len(rest)
        return first


def _spoilt(source: _Lines, line: int, delimiter: str) -> Record:
    """The first line alone: a quote was left open on it, quotes stand inside a cell, or a cell is enormous."""
    text = source.give_back_all_but_first().rstrip("\r\n")
    cells = _until_the_bad_quote(text, delimiter)
    code = "quote_unclosed" if text.count('"') % 2 else "quote_misplaced"
    if len(text) > FIELD_CHARACTERS:
        code = "cell_too_long"
    params = {"cell": len(cells), "most": CELL_CHARACTERS}
    return Record(line, cells, Finding(code, line, value=cells[-1][:200], params=params))


def _until_the_bad_quote(text: str, delimiter: str) -> list[str]:
    """The cells of a line as far as they are well formed; the last one runs from its quote to the line's end."""
    cells: list[str] = []
    at = 0
    while at <= len(text):
        if text.startswith('"', at):
            end = _closing_quote(text, at + 1)
            if end < 0 or text[end + 1 : end + 2] not in ("", delimiter):
                return [*cells, text[at:]]
            cells.append(text[at + 1 : end].replace('""', '"'))
            at = end + 2
        else:
            end = text.find(delimiter, at)
            cells.append(text[at:] if end < 0 else text[at:end])
            at = len(text) + 1 if end < 0 else end + 1
    return cells


def _closing_quote(text: str, at: int) -> int:
    """Where the quoted cell ends, or −1; a doubled quote is one within the cell."""
    while (end := text.find('"', at)) >= 0:
        if not text.startswith('""', end):
            return end
        at = end + 2
    return -1


def _delimiter(file: TextIO) -> str:
    """The separator that splits most of the first lines into the same number of columns."""
    sample = list(islice(file, _SAMPLE_LINES))

    def evidence(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(record.cells) for record in records(iter(sample), delimiter))
        width, times = max(widths.items(), key=lambda item: (item[0] > 1, item[1], item[0]), default=(0, 0))
        return (times * (width > 1), width)

    return max(DELIMITERS, key=evidence)
