"""Figures pasted from a spreadsheet: periods across and lines down, or the other way round, in the unit that is named."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.financials.amounts import NOT_DISCLOSED, UNITS, parse_amount
from accounts.financials.periods import Period, parse_period
from tenants.editing.fields import narrow

MOST_CELLS = 3_000
NAMES: dict[str, tuple[str, ...]] = {
    "revenue": ("売上高", "売上", "売上収益", "営業収益", "経常収益", "revenue"),
    "operating_profit": ("営業利益", "営業利益又は営業損失", "営業損益", "operatingprofit"),
    "ebitda": ("ebitda",),
    "sga": ("販管費", "販売費及び一般管理費", "販売費および一般管理費"),
    "operating_cf": ("営業cf", "営業キャッシュフロー", "営業活動によるキャッシュフロー"),
    "investing_cf": ("投資cf", "投資キャッシュフロー", "投資活動によるキャッシュフロー"),
    "cash": ("現金", "現金及び現金同等物", "現金及び現金同等物の期末残高", "現預金"),
    "assets": ("総資産", "総資産額", "資産合計"),
    "equity": ("純資産", "純資産額", "純資産合計", "資本合計"),
}
_BY_NAME = {name: key for key, names in NAMES.items() for name in names}
_UNIT = re.compile(r"[(（\[]?\s*(?:単位\s*[::]?\s*)?(千円|万円|百万円|十億円|億円|兆円|円)\s*[)）\]]?")


@dataclass(frozen=True)
class Finding:
    """Something in the table that cannot be read: 1-based line and column, and what to do."""

    line: int
    column: int
    text: str


@dataclass(frozen=True)
class Pasted:
    figures: dict[tuple[Period, str], int | None]
    findings: list[Finding]


@dataclass(frozen=True)
class _Head:
    """What one row or column is about, with the unit that its name carries."""

    meaning: Period | str | None
    unit: str


def read_paste(text: str, unit: str, today: date) -> Pasted:
    """``text`` as copied from a spreadsheet (tabs) or with commas; amounts in ``unit`` unless the table or a cell names its own."""
    rows = [row.split("\t") for row in text.replace("\r\n", "\n").split("\n")]
    if not any("\t" in row for row in text.split("\n")):
        return Pasted(
            {},
            [
                Finding(
                    1,
                    1,
                    _("表の形で貼り付けてください。表計算の範囲を選んでコピーすると、列がタブで区切られます"),
                )
            ],
        )
    if sum(map(len, rows)) > MOST_CELLS:
        return Pasted(
            {},
            [
                Finding(
                    1,
                    1,
                    _("マスが多すぎます(%(most)sまで)。必要な範囲だけを選んでください")
                    % {"most": f"{MOST_CELLS:,}"},
                )
            ],
        )
    return _Table(rows, unit, today).read()


class _Table:
    def __init__(self, rows: Sequence[Sequence[str]], unit: str, today: date) -> None:
        self.rows, self.unit, self.today = rows, unit, today
        self.findings: list[Finding] = []
        self.figures: dict[tuple[Period, str], int | None] = {}

    def read(self) -> Pasted:
        top = next((n for n, row in enumerate(self.rows) if any(cell.strip() for cell in row[1:])), 0)
        unit = self.unit_above(top)
        across = [
            self.head(cell, top, n, unit) if n else _Head(None, unit) for n, cell in enumerate(self.rows[top])
        ]
        for number in range(top + 1, len(self.rows)):
            row = self.rows[number]
            if any(cell.strip() for cell in row):
                self.read_row(number, row, self.head(row[0], number, 0, unit), across)
        if not self.figures and not self.findings:
            self.findings.append(
                Finding(top + 1, 1, _("科目の名前(売上高など)と決算期(26/3など)が見つかりません"))
            )
        return Pasted({} if self.findings else self.figures, self.findings)

    def unit_above(self, top: int) -> str:
        """(単位:百万円) often stands in the corner or in a line of its own."""
        corner = [cell for row in self.rows[:top] for cell in row] + [self.rows[top][0]]
        found = next((match for cell in corner if (match := _UNIT.fullmatch(narrow(cell)))), None)
        return found[1] if found else self.unit

    def head(self, cell: str, line: int, column: int, unit: str) -> _Head:
        """A line's name or a period; neither is a finding."""
        name = narrow(cell)
        if not name:
            return _Head(None, unit)
        bare, own = split_unit(name)
        if key := line_named(bare):
            return _Head(key, own or unit)
        try:
            return _Head(parse_period(name, self.today), unit)
        except ValidationError as error:
            reason = error.messages[0] if any(char.isdecimal() for char in name) else unknown_line(name)
            self.findings.append(Finding(line + 1, column + 1, reason))
            return _Head(None, unit)

    def read_row(self, number: int, row: Sequence[str], first: _Head, across: Sequence[_Head]) -> None:
        for column in range(1, len(row)):
            cell = row[column].strip()
            if not cell:
                continue
            if column >= len(across):
                self.findings.append(
                    Finding(
                        number + 1, column + 1, _("見出しのない列です。1行目に決算期か科目を入れてください")
                    )
                )
                continue
            pair = {type(head.meaning): head for head in (first, across[column])}
            if Period in pair and str in pair:
                self.read_cell(number, column, cell, pair[Period].meaning, pair[str])

    def read_cell(
        self, number: int, column: int, cell: str, period: Period | str | None, line: _Head
    ) -> None:
        assert isinstance(period, Period) and isinstance(line.meaning, str)
        if (period, line.meaning) in self.figures:
            self.findings.append(
                Finding(number + 1, column + 1, _("同じ決算期と科目が2度あります。どちらかを消してください"))
            )
        elif narrow(cell).lower() in NOT_DISCLOSED:
            self.figures[period, line.meaning] = None
        else:
            try:
                self.figures[period, line.meaning] = parse_amount(cell, line.unit)
            except ValidationError as error:
                self.findings.append(Finding(number + 1, column + 1, error.messages[0]))


def split_unit(name: str) -> tuple[str, str]:
    """売上高(百万円) as 売上高 and 百万円."""
    found = re.search(r"\(([^()]*)\)$", name)
    if found and found[1].strip() in UNITS:
        return name[: found.start()].strip(), found[1].strip()
    return name, ""


def line_named(name: str) -> str | None:
    bare = re.sub(r"[\s・]|\(.*?\)", "", narrow(name)).lower().removesuffix("額")
    return _BY_NAME.get(bare) or _BY_NAME.get(bare + "額")


def unknown_line(name: str) -> str:
    message = _(
        "「%(name)s」は扱っていない科目です。売上高・営業利益・EBITDA・販管費・営業CF・投資CF・現金・総資産・純資産のどれかにするか、行を外してください"
    )
    return message % {"name": name[:30]}
