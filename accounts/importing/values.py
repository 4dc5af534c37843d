"""Read one cell as what its field wants. Every reader gets the text as written and answers with a Reading.

An empty cell reads as None without a finding: it never blanks what is known. Folding (NFKC) is for reading only;
text is kept as it was written.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from accounts import corporate_number as numbers
from accounts.fiscal import ClosingError, parse_closing


@dataclass(frozen=True, slots=True)
class Reading:
    """A value, or a finding's code with its parameters, or both where the value was read in a particular way."""

    value: Any = None
    code: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


Reader = Callable[[str], Reading]
NOTHING = Reading()

UNITS = {1: "円", 1_000: "千円", 10_000: "万円", 1_000_000: "百万円", 100_000_000: "億円"}

_YES = {"true", "t", "yes", "y", "1", "はい", "有", "あり", "○", "◯", "〇", "✓", "上場", "on"}
_NO = {"false", "f", "no", "n", "0", "いいえ", "無", "なし", "×", "✕", "x", "非上場", "未上場", "off"}
_ERAS = {"r": 2018, "令和": 2018, "h": 1988, "平成": 1988, "s": 1925, "昭和": 1925, "t": 1911, "大正": 1911}
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,}")
_BREAKS = re.compile(r"\r\n|\r|\n")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{2,4})*,\d{3}(?:\.\d+)?")
_PLAIN = re.compile(r"\d+(?:\.\d*)?|\.\d+")
_NUMBER = re.compile(
    r"(?P<before>[▲△\-−‐–+]|\()?(?:[¥\\$]|jpy)?(?P<again>[▲△\-−+])?(?P<digits>[\d,.]+)"
    r"(?P<unit>億|百万|万|千)?円?\)?(?P<percent>%)?"
)
_UNIT_WORDS = {"億": 100_000_000, "百万": 1_000_000, "万": 10_000, "千": 1_000}
_DATES = [
    re.compile(pattern)
    for pattern in (
        r"(?P<y>\d{4})[/\-.年](?P<m>\d{1,2})[/\-.月](?P<d>\d{1,2})日?(?:t|\(.\)|\d{1,2}:).*",
        r"(?P<y>\d{4})[/\-.年](?P<m>\d{1,2})[/\-.月](?P<d>\d{1,2})日?(?:\(.\))?",
        r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})",
        r"(?P<era>令和|平成|昭和|大正|[rhst])(?P<n>\d{1,2}|元)[/\-.年](?P<m>\d{1,2})[/\-.月](?P<d>\d{1,2})日?",
    )
]
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?:\d{1,2}:.*)?")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_SERIALS_FROM, _SERIALS_UNTIL = 20_000, 80_000  # 1954 to 2119
_EXCEL_DAY_ZERO = date(1899, 12, 30)


def folded(text: str) -> str:
    """Text for comparing: one width, lower case, no spaces."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def text(most: int) -> Reader:
    """A line of text as it was written, without spaces around it."""

    def read(raw: str) -> Reading:
        line = _BREAKS.sub(" ", raw).strip() if "\n" in raw or "\r" in raw else raw.strip()
        if not line:
            return NOTHING
        if len(line) > most:
            return Reading(code="text_too_long", params={"most": most, "found": len(line)})
        return Reading(line)

    return read


def number(unit: int = 1) -> Reader:
    """A whole number: ¥, commas, full-width digits, ▲ or brackets for negative, 億 万 千 behind it."""

    @lru_cache(maxsize=4096)
    def read(raw: str) -> Reading:
        plain = folded(raw)
        if not plain or plain in {"-", "ー", "—", "―", "–"}:
            return NOTHING
        amount, code = _amount(plain)
        if amount is None:
            return Reading(code=code)
        scaled = amount * unit
        if unit == 1 and scaled != scaled.to_integral_value():
            return Reading(code="number_not_whole")
        whole = int(scaled.to_integral_value(ROUND_HALF_UP))
        return Reading(whole) if abs(whole) < 2**63 else Reading(code="number_too_big")

    return read


def decimal(places: int) -> Reader:
    """A number with up to so many decimals, written like a whole one; the value is its text, so that none gets lost."""

    @lru_cache(maxsize=4096)
    def read(raw: str) -> Reading:
        plain = folded(raw)
        if not plain or plain in {"-", "ー", "—", "―", "–"}:
            return NOTHING
        amount, code = _amount(plain)
        if amount is None:
            return Reading(code=code)
        if abs(amount) >= 10**13:
            return Reading(code="number_too_big")
        return Reading(str(round(amount, places)))

    return read


def count(unit: int = 1) -> Reader:
    """A whole number that cannot be negative and fits an integer column."""
    inner = number(unit)

    def read(raw: str) -> Reading:
        reading = inner(raw)
        if reading.value is not None and reading.value < 0:
            return Reading(code="number_negative")
        if reading.value is not None and reading.value >= 2**31:
            return Reading(code="number_too_big")
        return reading

    return read


def _amount(plain: str) -> tuple[Decimal | None, str]:
    found = _NUMBER.fullmatch(plain)
    if not found or found["percent"]:
        return None, "number_unreadable"
    digits = found["digits"]
    if not (_PLAIN.fullmatch(digits) or _GROUPED.fullmatch(digits)):
        return None, "number_separators"
    try:
        amount = Decimal(digits.replace(",", "")) * _UNIT_WORDS.get(found["unit"], 1)
    except InvalidOperation:
        return None, "number_unreadable"
    negative = (found["before"] or "+") not in "+" or (found["again"] or "+") not in "+"
    return (-amount if negative else amount), ""


@lru_cache(maxsize=4096)
def a_date(raw: str) -> Reading:
    """A calendar day: 2026/11/19, 2026-11-19, 20261119, 2026年11月19日, R8.11.19, 令和8年11月19日, an Excel serial."""
    plain = folded(raw)
    if not plain or plain in {"-", "ー", "—", "―", "–"}:
        return NOTHING
    for form in _DATES:
        if found := form.fullmatch(plain):
            return _day(found.groupdict())
    if found := _DAY_FIRST.fullmatch(plain):
        first, second = int(found[1]), int(found[2])
        if first > 12 >= second:
            return _day({"y": found[3], "m": found[2], "d": found[1]})
        if second > 12 >= first:
            return _day({"y": found[3], "m": found[1], "d": found[2]})
        return Reading(code="date_ambiguous")
    if _SERIAL.fullmatch(plain) and _SERIALS_FROM <= float(plain) < _SERIALS_UNTIL:
        day = _EXCEL_DAY_ZERO + timedelta(days=int(float(plain)))
        return Reading(day.isoformat(), "date_serial", {"date": f"{day:%Y/%m/%d}"})
    return Reading(code="date_unreadable")


def _day(parts: Mapping[str, str | None]) -> Reading:
    if era := parts.get("era"):
        year = _ERAS[era] + (1 if parts["n"] == "元" else int(parts["n"] or 0))
    else:
        year = int(parts["y"] or 0)
    try:
        return Reading(date(year, int(parts["m"] or 0), int(parts["d"] or 0)).isoformat())
    except ValueError:
        return Reading(code="date_impossible")


@lru_cache(maxsize=1024)
def yes_or_no(raw: str) -> Reading:
    """有無, はい・いいえ, TRUE・FALSE, 上場・非上場, ○・×."""
    plain = folded(raw)
    if not plain:
        return NOTHING
    if plain in _YES:
        return Reading(True)
    return Reading(False) if plain in _NO else Reading(code="boolean_unreadable")


def choice(options: Mapping[str, Iterable[str]]) -> Reader:
    """One of the values, written as the value itself or as any of its names."""
    by_name = {folded(name): value for value, names in options.items() for name in (value, *names)}
    shown = "・".join(next(iter(names), value) for value, names in options.items())

    def read(raw: str) -> Reading:
        plain = folded(raw)
        if not plain:
            return NOTHING
        if plain in by_name:
            return Reading(by_name[plain])
        return Reading(code="choice_unknown", params={"choices": shown})

    return lru_cache(maxsize=1024)(read)


def email(raw: str) -> Reading:
    address = unicodedata.normalize("NFKC", raw).strip()
    if not address:
        return NOTHING
    if not _EMAIL.fullmatch(address) or len(address) > 254:
        return Reading(code="email_shape")
    return Reading(address.lower())


def corporate_number(raw: str) -> Reading:
    if not raw.strip():
        return NOTHING
    try:
        return Reading(numbers.corporate_number(raw))
    except numbers.NumberProblem as problem:
        rest = folded(raw)[1:]
        return Reading(code=problem.code, params={"expected": problem.expected, "rest": rest})


def securities_code(raw: str) -> Reading:
    if not raw.strip():
        return NOTHING
    try:
        return Reading(numbers.securities_code(raw))
    except numbers.NumberProblem as problem:
        return Reading(code=problem.code)


def edinet_code(raw: str) -> Reading:
    """E and five digits, as the EDINET code list writes them."""
    code = folded(raw).upper()
    if not code:
        return NOTHING
    return Reading(code) if re.fullmatch(r"[EGN]\d{5}", code) else Reading(code="edinet_code_shape")


@lru_cache(maxsize=2048)
def closing(raw: str) -> Reading:
    """決算日 in every spelling; the value is [month, day or None], None for day meaning the month's last one."""
    try:
        found = parse_closing(raw)
    except ClosingError as error:
        return Reading(code=error.code)
    if found is None:
        return NOTHING
    params = {"month": found.month, "day": found.day}
    if found.day is not None:
        return Reading([found.month, found.day], "closing_mid_month", params)
    if found.month == 2 and "末" not in raw and folded(raw) in {"2月28日", "2/28", "2月29日", "2/29"}:
        return Reading([2, None], "closing_february", params)
    if "末" in raw:
        return Reading([found.month, None], "closing_month_end", params)
    return Reading([found.month, None])
