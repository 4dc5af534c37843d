"""A securities report as the CSV that EDINET offers (type=5): UTF-16, tab-separated, a line per element and context.

The same element stands there several times: for the group and for the parent alone, for this year and years before,
in the statements and in the summary. Only this period's figures count, the group's if it has any, the parent's never in
their place.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from accounts.financials.elements import ELEMENTS, WRITTEN_OFF
from accounts.financials.lines import BY_KEY
from accounts.financials.periods import Period, months_between

HEADER = [
    "要素ID",
    "項目名",
    "コンテキストID",
    "相対年度",
    "連結・個別",
    "期間・時点",
    "ユニットID",
    "単位",
    "値",
]
MOST_BYTES = 20 * 1024 * 1024
MOST_LINES = 200_000
PARENT_ALONE = "_NonConsolidatedMember"
FLOWS = ("CurrentYearDuration", "CurrentYTDDuration", "InterimDuration")
STOCKS = ("CurrentYearInstant", "CurrentQuarterInstant", "InterimInstant")
QUARTERS = {"FY": None, "Q1": 1, "Q2": 2, "HY": 2, "Q3": 3}
DEI = {
    "code": "EDINETCodeDEI",
    "name": "FilerNameInJapaneseDEI",
    "standard": "AccountingStandardsDEI",
    "consolidated": "WhetherConsolidatedFinancialStatementsArePreparedDEI",
    "starts_on": "CurrentFiscalYearStartDateDEI",
    "ends_on": "CurrentPeriodEndDateDEI",
    "kind": "TypeOfCurrentPeriodDEI",
    "amends": "AmendmentFlagDEI",
    "submission": "NumberOfSubmissionDEI",
    "filed_on": "FilingDateCoverPage",
}


class UnreadableReport(ValueError):
    """Not a report that can be taken over; the text says why and what to do, with the line where that helps."""


@dataclass(frozen=True)
class Report:
    """What one report says of its own period. ``figures`` are yen by line; a line that is not in there is not disclosed.
    ``amends`` says that it corrects an earlier report; of two for one period the later ``submission`` counts."""

    edinet_code: str
    filer: str
    period: Period
    is_consolidated: bool
    standard: str
    is_amendment: bool
    submission: int
    filed_on: date | None
    figures: Mapping[str, int]
    lines: Mapping[str, int] = field(default_factory=dict)

    @property
    def undisclosed(self) -> list[str]:
        return [key for key in BY_KEY if key not in self.figures]


@dataclass(frozen=True)
class Stated:
    """One line of the file."""

    element: str
    context: str
    value: str
    line: int


def read_report(content: bytes) -> Report:
    """The report in the file. Raises UnreadableReport."""
    stated = list(_lines(_text(content)))
    said = {name: _said(stated, element) for name, element in DEI.items()}
    if not said["code"] or not said["ends_on"]:
        raise UnreadableReport(
            _(
                "EDINETコードか会計期間の行がありません。EDINETの書類取得(CSV)で得たファイルをそのまま選んでください"
            )
        )
    is_consolidated = said["consolidated"] == "true"
    found = _figures(stated, "" if is_consolidated else PARENT_ALONE)
    return Report(
        edinet_code=said["code"],
        filer=said["name"],
        period=_period(said),
        is_consolidated=is_consolidated,
        standard=said["standard"],
        is_amendment=said["amends"] == "true",
        submission=int(said["submission"]) if said["submission"].isdecimal() else 1,
        filed_on=_day(said["filed_on"]),
        figures={key: amount for key, (amount, _line) in found.items()},
        lines={key: line for key, (_amount, line) in found.items()},
    )


def _text(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise UnreadableReport(
            _("ファイルが大きすぎます(20MBまで)。有価証券報告書のCSVを1つずつ選んでください")
        )
    if content[:2] == b"PK":
        raise UnreadableReport(
            _("ZIPのままです。展開して、XBRL_TO_CSVの中にある jpcrp で始まるCSVを選んでください")
        )
    try:
        return content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableReport(
            _("文字コードがUTF-16ではありません。EDINETから得たCSVを、開いて保存し直さずに選んでください")
        ) from None


def _lines(text: str) -> Iterator[Stated]:
    if "\x00" in text:
        raise UnreadableReport(_("壊れた文字(NUL)が入っています。EDINETから取り直してください"))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t")
    try:
        header = next(reader, [])
        if [cell.strip() for cell in header] != HEADER:
            raise UnreadableReport(
                _(
                    "1行目が「要素ID、項目名、コンテキストID…」の見出しではありません。EDINETの書類取得(CSV、type=5)のファイルを選んでください"
                )
            )
        for row in reader:
            if reader.line_num > MOST_LINES:
                raise UnreadableReport(_("行が多すぎます(%(most)s行まで)") % {"most": f"{MOST_LINES:,}"})
            if not row:
                continue
            if len(row) != len(HEADER):
                message = _(
                    "%(line)s行目の列が%(found)s個です(正しくは9個)。ファイルが途中で切れていないか確かめ、取り直してください"
                )
                raise UnreadableReport(message % {"line": reader.line_num, "found": len(row)})
            yield Stated(row[0].rpartition(":")[2], row[2], row[8].strip(), reader.line_num)
    except csv.Error:
        message = _("%(line)s行目の引用符が閉じていません。EDINETから取り直してください")
        raise UnreadableReport(message % {"line": reader.line_num}) from None


def _said(stated: list[Stated], element: str) -> str:
    """What the cover or the key data say; 「－」 means nothing."""
    return next((row.value for row in stated if row.element == element and row.value != "－"), "")


def _figures(stated: list[Stated], member: str) -> dict[str, tuple[int, int]]:
    """Yen and line number by key, of this period and of exactly that reporting unit."""
    contexts = {start + member for start in (*FLOWS, *STOCKS)}
    standing: dict[str, tuple[int, int]] = {}
    for row in stated:
        if row.context in contexts and row.element not in standing and _is_figure(row.value):
            standing[row.element] = (int(row.value), row.line)
    found = {
        key: next(standing[name] for name in names if name in standing)
        for key, names in ELEMENTS.items()
        if any(name in standing for name in names)
    }
    written_off = [standing[name][0] for name in WRITTEN_OFF if name in standing]
    if "operating_profit" in found and written_off:
        profit, line = found["operating_profit"]
        found["ebitda"] = (profit + sum(written_off), line)
    return found


def _is_figure(value: str) -> bool:
    """A whole number of yen; 「－」, empty and text are none."""
    digits = value.removeprefix("-")
    return digits.isascii() and digits.isdecimal() and len(digits) <= 17


def _period(said: Mapping[str, str]) -> Period:
    ends_on, starts_on = _day(said["ends_on"]), _day(said["starts_on"])
    if ends_on is None:
        raise UnreadableReport(
            _("会計期間の終了日「%(day)s」が日付ではありません") % {"day": said["ends_on"][:20]}
        )
    if said["kind"] not in QUARTERS:
        raise UnreadableReport(
            _(
                "この書類の会計期間(%(kind)s)は扱えません。有価証券報告書・半期報告書・四半期報告書を選んでください"
            )
            % {"kind": said["kind"][:20] or "－"}
        )
    quarter = QUARTERS[said["kind"]]
    usual = 12 if quarter is None else 3 * quarter
    odd = starts_on is not None and starts_on < ends_on and months_between(starts_on, ends_on) != usual
    return Period(ends_on, quarter, starts_on if odd else None)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
