"""Tables of figures with months or quarters as columns, as rows: one for each value that is there.

A row of such a table says many values, and each of them is judged, refused, corrected and taken back by itself. So each has
a number of its own, from which the line in the file and the heading follow (``Grid``). A cell without a value is no row.
Whose values they are stands in a column, in a line of its own above the rows, above the heading, or was chosen.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from accounts.importing.findings import Refusal
from accounts.importing.known_accounts import account_reader
from accounts.importing.limits import ROWS
from accounts.importing.periods import month_alone, period, periods
from accounts.importing.tables import Layout, Record, fold
from accounts.importing.values import Reader, folded
from accounts.models import Account, Import

COMPANY, PERIOD, VALUE = "会社名", "年月", "値"
BLANKS = {"", "-", "ー", "—", "―", "–", "*", "…", "n/a", "#n/a", "na", "未計測", "未集計", "なし"}
_LABEL = re.compile(r"^[^::]{1,10}[::]")
_YEAR = re.compile(r"(?<!\d)(20\d{2})年(度)?(?!\d)")
_POLITE = re.compile(r"\s*(?:様|御中|殿)$")


@dataclass(frozen=True)
class Grid:
    """The way between the number of a value and its place in the file; in other files a number is a line."""

    wide: Sequence[str]

    @classmethod
    def of(cls, layout: Mapping[str, Any]) -> "Grid":
        return cls(layout.get("wide") or ())

    def number(self, line: int, place: int) -> int:
        return line * len(self.wide) + place if self.wide else line

    def line(self, number: int) -> int:
        return number // len(self.wide) if self.wide else number

    def below(self, number: int) -> str:
        """The heading that a value stands below."""
        return self.wide[number % len(self.wide)] if self.wide else ""

    def heading(self, number: int, column: str) -> str:
        """The heading in the file for one of the rows'."""
        return self.below(number) if self.wide and column == VALUE else column

    def column(self, heading: str) -> str:
        return VALUE if heading in self.wide else heading

    def corrections(self, kept: Mapping[str, Any], header: Sequence[str]) -> Callable[[int], Any]:
        """What a person corrected in the row of a number; what stands in front of the values is corrected for the line."""
        if not self.wide:
            return lambda number: kept.get(str(number), {})
        ends = {str(header.index(PERIOD)), str(header.index(VALUE))}
        shared: dict[int, dict[str, str]] = {}
        for number, cells in kept.items():
            front = {at: text for at, text in (cells or {}).items() if at not in ends}
            shared.setdefault(self.line(int(number)), {}).update(front)

        def of(number: int) -> Any:
            own = kept.get(str(number), {})
            return None if own is None else {**shared.get(self.line(number), {}), **own}

        return of


def rows_of(
    batch: Import, layout: Layout, records: Iterator[Record], names: Sequence[str]
) -> Iterator[Record]:
    """The rows of the table, and ``layout`` as theirs; ``names`` are headings that say whose values a row has."""
    times = periods(layout.header) or periods(layout.header, year_above(batch, layout))
    own = {fold(name) for name in names}
    companies = [place for place, name in enumerate(layout.header) if fold(name) in own]
    read = account_reader()
    account = chosen_account(batch, read) or (named_account(batch, layout, read) if times else "")
    if not times:
        return records if companies or not account else beside(account, layout, records)
    fixed = [
        place for place, name in enumerate(layout.header) if place not in times and not period(name)
    ]  # a quarter beside its months is a sum
    months = [str(found) for found in times.values()]
    table = Table(layout.header, fixed, list(times), months, companies, account, read)
    layout.wide = [layout.header[place] for place in times]
    front = [] if companies else [COMPANY]
    layout.header = [*front, *(apart(layout.header[place]) for place in fixed), PERIOD, VALUE]
    return table.rows(records, Grid(layout.wide), layout.header_line)


def apart(name: str) -> str:
    """A heading of the file that is none of ours."""
    return f"{name} (2)" if name in (PERIOD, VALUE) else name


def beside(account: str, layout: Layout, records: Iterator[Record]) -> Iterator[Record]:
    """Rows that say no account, with the chosen one in front."""
    layout.header = [COMPANY, *layout.header]
    return (replace(record, cells=[account, *record.cells]) for record in records)


@dataclass
class Table:
    """``account`` is whose values the next rows have where they say nothing themselves."""

    header: Sequence[str]
    fixed: Sequence[int]
    times: Sequence[int]
    months: Sequence[str]
    companies: Sequence[int]
    account: str
    read: Reader

    def rows(self, records: Iterator[Record], grid: Grid, heading: int) -> Iterator[Record]:
        count, said = 0, list[str]()
        for record in records:
            if name := self.announced(record):
                self.account, said = name, []
                continue
            if record.problem:
                blank = [""] * (len(self.fixed) + 2 + (not self.companies))
                yield Record(grid.number(record.line, 0), blank, record.problem)
                count += 1
                continue
            if [" ".join(cell.split()) for cell in record.cells] == list(self.header):
                continue  # the heading again, above the next account
            said = [record.cells[place].strip() for place in self.companies] if self.is_told(record) else said
            front = self.front(record, said)
            for place, (at, month) in enumerate(zip(self.times, self.months, strict=True)):
                if folded(record.cells[at]) not in BLANKS:
                    yield Record(grid.number(record.line, place), [*front, month, record.cells[at]])
                    count += 1
            if count > ROWS:
                raise Refusal("too_many_rows", record.line, most=ROWS)
        if not count:
            raise Refusal("no_rows", heading)

    def is_told(self, record: Record) -> bool:
        return any(record.cells[place].strip() for place in self.companies)

    def front(self, record: Record, said: Sequence[str]) -> list[str]:
        """What stands before the values; the company of merged cells is that of the row above."""
        cells = list(record.cells)
        for place, text in zip(self.companies, said or [""] * len(self.companies), strict=True):
            cells[place] = text
        if self.companies and not any(said):
            cells[self.companies[0]] = self.account
        return [*([] if self.companies else [self.account]), *(cells[place] for place in self.fixed)]

    def announced(self, record: Record) -> str:
        """The account that a line names which says nothing else: the rows below are its own."""
        filled = [cell.strip() for cell in record.cells if cell.strip()]
        if len(filled) != 1 or (record.problem and record.problem.code != "columns_missing"):
            return ""
        name = bare(filled[0])
        return name if self.read(name).value else ""


def chosen_account(batch: Import, read: Reader) -> str:
    """The account whose page the file was given to, by a name or number that means no other."""
    account = Account.objects.filter(pk=batch.choice("account")).first() if batch.choice("account") else None
    if account is None:
        return ""
    said = (account.name, account.external_id, account.corporate_number, str(account.pk))
    return next(text for text in said if text and read(text).value == str(account.pk))


def named_account(batch: Import, layout: Layout, read: Reader) -> str:
    """The one account that the lines above the heading, the sheet or the file are named after."""
    above = [cell for _line, text in layout.skipped for cell in text.split(",")]
    names = map(bare, (*above, layout.sheet, Path(batch.file_name).stem))
    return next((name for name in names if name and read(name).value), "")


def year_above(batch: Import, layout: Layout) -> int:
    """The year that the lines above the heading, the sheet or the file say of months without one; 0 for none. A fiscal year
    is only one of the months below it when they begin in April or are the whole of it."""
    said = unicodedata.normalize(
        "NFKC", " ".join([*(text for _line, text in layout.skipped), layout.sheet, batch.file_name])
    )
    months = [found for found in map(month_alone, layout.header) if found]
    if found := _YEAR.search(said):
        return int(found[1]) if not found[2] or months[:1] == [4] or len(months) == 12 else 0
    return 0


def bare(text: str) -> str:
    """お客様名: 東嶺ダイレクト 様 → 東嶺ダイレクト."""
    return _POLITE.sub("", _LABEL.sub("", text.strip())).strip()
