"""Thousands of faults whose places are known: each is named by line, column and reason, nothing else is, none is saved."""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

import openpyxl

from accounts.corporate_number import check_digit
from accounts.models import ImportFinding
from accounts.models.imports import ImportState
from drill.imports import door
from drill.outcome import Outcome
from tenants.models import Membership
from tenants.roles import Role
from tests.world import World

HEAD = (
    "外部ID",
    "社名",
    "法人番号",
    "決算日",
    "資本金(円)",
    "従業員数",
    "上場区分",
    "段階",
    "顧客層",
    "証券コード",
    "EDINETコード",
    "所在地",
)
KEY, NAME, NUMBER, CLOSING, CAPITAL, PEOPLE, LISTED, STAGE, TIER, SECURITY, EDINET, ADDRESS = range(len(HEAD))
Found = tuple[int, str, str]
"""Line, column heading, code: what a person needs to find the fault, and all that a finding is compared by."""


def number(base: int) -> str:
    digits = f"{base:012d}"
    return f"{check_digit(digits)}{digits}"


def good_row(n: int, dice: Random) -> list[str]:
    """What a careful person writes, in any of the ways that careful people do."""
    return [
        f"X-{n}",
        dice.choice((f"株式会社高島屋{n}", f"㈱みどり{n}", f"Söhne, {n} & Co.", f'"青葉"製作所{n}')),
        dice.choice(("", number(n))),
        dice.choice(("3月31日", " 3月末", "12/31", "９月３０日", "2月末日", "3月20日", "")),
        dice.choice(("1,000,000", "▲5000", "¥3,000", "１２３４", "", "2億")),
        dice.choice(("5500", "1,200", "３００", "", "1.2万")),
        dice.choice(("上場", "非上場", "○", "TRUE", "")),
        dice.choice(("契約中", "見込み", "live", "")),
        dice.choice(("ハイタッチ", "ロー", "")),
        dice.choice(("7203", "72030", "")),
        dice.choice(("", f"E{n % 100_000:05d}")) if n < 100_000 else "",
        dice.choice(("千代田区丸の内", "大阪市,中央区", "横浜市\n西区\nみなとみらい", "", "札幌市 ")),
    ]


@dataclass(frozen=True)
class Cell:
    """A fault of one cell: what stands there and what it is called."""

    column: int
    code: str
    text: Callable[[int, Random], str]


def _spoilt_digit(n: int, dice: Random) -> str:
    """The same number with another first digit: always wrong, whatever the right one was."""
    right = number(n)
    return dice.choice([digit for digit in "123456789" if digit != right[0]]) + right[1:]


CELLS = [
    Cell(NAME, "name_missing", lambda n, dice: dice.choice(("", "  ", "　"))),
    Cell(NAME, "text_too_long", lambda n, dice: "長" * dice.randrange(201, 400)),
    Cell(NUMBER, "corporate_number_check_digit", _spoilt_digit),
    Cell(NUMBER, "corporate_number_length", lambda n, dice: number(n)[: dice.randrange(5, 12)]),
    Cell(
        NUMBER, "corporate_number_characters", lambda n, dice: dice.choice(("1.01E+12", "A" + number(n)[1:]))
    ),
    Cell(CLOSING, "closing_impossible", lambda n, dice: dice.choice(("13月", "2月30日", "4月31日"))),
    Cell(CLOSING, "closing_unreadable", lambda n, dice: dice.choice(("毎月", "年度末ごろ", "?"))),
    Cell(CAPITAL, "number_unreadable", lambda n, dice: dice.choice(("約10億くらい", "不明", "12%"))),
    Cell(CAPITAL, "number_separators", lambda n, dice: dice.choice(("1,23,4", "1.234.567", "12,3"))),
    Cell(CAPITAL, "number_not_whole", lambda n, dice: dice.choice(("0.5", "12.34"))),
    Cell(CAPITAL, "number_too_big", lambda n, dice: "9" * dice.randrange(20, 40)),
    Cell(PEOPLE, "number_negative", lambda n, dice: dice.choice(("-5", "▲10", "(3)"))),
    Cell(PEOPLE, "number_too_big", lambda n, dice: "99999999999"),
    Cell(LISTED, "boolean_unreadable", lambda n, dice: dice.choice(("たぶん", "2", "はいいいえ"))),
    Cell(STAGE, "choice_unknown", lambda n, dice: dice.choice(("検討中?", "休眠"))),
    Cell(TIER, "choice_unknown", lambda n, dice: dice.choice(("ゴールド", "D"))),
    Cell(SECURITY, "securities_code_shape", lambda n, dice: dice.choice(("72", "ABCDE", "720312"))),
    Cell(EDINET, "edinet_code_shape", lambda n, dice: dice.choice(("E123", "X12345", "12345"))),
    Cell(ADDRESS, "text_too_long", lambda n, dice: "区" * dice.randrange(256, 600)),
]


class Sheet:
    """Rows with seeded faults, and the findings they must give."""

    def __init__(self, rows: int, faults: int, seed: int) -> None:
        self.dice = Random(seed)
        self.expected: set[Found] = set()
        self.rows, self.line = rows, 1
        self.faulty = set(self.dice.sample(range(rows), faults))

    def blame(self, column: int, code: str, line: int = 0) -> None:
        self.expected.add((line or self.line, HEAD[column], code))

    def row(self, n: int) -> list[str]:
        """A row, spoilt in one to three cells when it is its turn."""
        cells = good_row(n, self.dice)
        if n in self.faulty:
            faults = {
                fault.column: fault for fault in self.dice.sample(CELLS, self.dice.choice((1, 1, 1, 2, 3)))
            }
            for fault in faults.values():
                cells[fault.column] = fault.text(n, self.dice)
                self.blame(fault.column, fault.code)
        return cells


class CsvSheet(Sheet):
    """The same as text, where the form of a line can be spoilt as well."""

    def text(self) -> str:
        lines = [",".join(HEAD) + "\r\n"]
        self.line = 2
        for n in range(self.rows):
            if self.dice.random() < 0.01:
                lines.append(self.dice.choice(("\r\n", ",,,\r\n")))
                self.line += 1
            written = self.written(n) + self.dice.choice(("\r\n", "\n"))
            lines.append(written)
            self.line += written.count("\n")
        return "".join(lines)

    def written(self, n: int) -> str:
        if n in self.faulty and self.dice.random() < 0.3:
            return self.dice.choice(FORMS)(self, good_row(n, self.dice))
        return joined(self.row(n))

    def open_quote(self, cells: list[str]) -> str:
        at = self.dice.choice((NAME, NUMBER, TIER))
        self.blame(at, "quote_unclosed")
        return joined(cells[:at]) + ',"開いたまま,' + joined(flat(cells[at + 1 :]))

    def stray_quote(self, cells: list[str]) -> str:
        at = self.dice.choice((NAME, CLOSING, STAGE))
        self.blame(at, "quote_misplaced")
        return joined(cells[:at]) + ',"みどり"商事,' + joined(flat(cells[at + 1 :]))

    def too_few(self, cells: list[str]) -> str:
        keep = self.dice.randrange(2, len(HEAD) - 1)
        self.blame(keep, "columns_missing")
        return joined(flat(cells[:keep]))

    def too_many(self, cells: list[str]) -> str:
        self.blame(len(HEAD) - 1, "columns_too_many")
        return joined(flat(cells)) + self.dice.choice((",東京都", ",,余り", ",a,b,c"))

    def enormous(self, cells: list[str]) -> str:
        self.blame(ADDRESS, "cell_too_long")
        return joined([*flat(cells)[:ADDRESS], "区" * 33_000])


FORMS = (CsvSheet.open_quote, CsvSheet.stray_quote, CsvSheet.too_few, CsvSheet.too_many, CsvSheet.enormous)


def joined(cells: Sequence[str]) -> str:
    """As Excel writes it: quoted where it must be, quotes doubled."""
    return ",".join(
        '"' + cell.replace('"', '""') + '"' if any(sign in cell for sign in ',"\r\n') else cell
        for cell in cells
    )


def flat(cells: Sequence[str]) -> list[str]:
    """Without the newlines and quotes of the row's other cells: one fault of form in a line."""
    return [cell.replace("\n", " ").replace('"', "") for cell in cells]


def attack(world: World, *, rows: int, seed: int) -> Iterator[Outcome]:
    admin, faults = world.member(Role.ADMIN), rows // 10
    sheet = CsvSheet(rows, faults, seed)
    yield trial(
        admin,
        f"faults in {rows:,} lines of CP932",
        sheet,
        sheet.text().replace("¥", "\\").encode("cp932", "replace"),
        "list.csv",
    )
    sheet = CsvSheet(rows // 2, faults // 2, seed + 1)
    yield trial(
        admin, f"faults in {rows // 2:,} lines of UTF-8", sheet, sheet.text().encode("utf-8-sig"), "list.csv"
    )
    book = Sheet(rows // 5, faults // 5, seed + 2)
    yield trial(admin, f"faults in {rows // 5:,} rows of a workbook", book, workbook(book), "list.xlsx")
    clean = CsvSheet(rows // 5, 0, seed + 3)
    yield trial(admin, "false alarms over a clean file", clean, clean.text().encode(), "list.csv")


def workbook(sheet: Sheet) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet()
    page.append(HEAD)
    for n in range(sheet.rows):
        sheet.line = n + 2
        page.append([cell or None for cell in sheet.row(n)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def trial(admin: Membership, case: str, sheet: Sheet, data: bytes, name: str) -> Outcome:
    with door.rehearsal(admin):
        batch = door.look(admin, data, name)
        if batch.state != ImportState.CHECKED:
            return Outcome(case, max(len(sheet.expected), 1), 0, f"{batch.state}: {batch.problem}")
        errors = ImportFinding.objects.filter(of=batch, severity="error")
        found = {(each.line, each.column, each.code) for each in errors.iterator()}
        lost, false = sheet.expected - found, found - sheet.expected
        bad_lines = len({line for line, *_rest in sheet.expected})
        counted = batch.summary["left_out"] == bad_lines and batch.summary["new"] == sheet.rows - bad_lines
        kept = door.saved()
    note = f"{len(false)} false, {kept} rows saved, left out as said: {counted}"
    if lost or false:
        note += f"; lost {sorted(lost)[:3]}; false {sorted(false)[:3]}"
    tried = max(len(sheet.expected), 1)
    spoilt = len(false) + kept + (not counted)
    return Outcome(case, tried, max(tried - len(lost) - spoilt, 0), note)
