"""Quantities in a text: 1,200万円, 3割, 15%, 月60件, 9 days, $48,000 a month. Numbers of dates are none."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from success_plans.smart.days import Day, Undated

SCALES = {"千": 10**3, "万": 10**4, "百万": 10**6, "億": 10**8, "k": 10**3, "million": 10**6, "m": 10**6}
JAPANESE = (
    "パーセントポイント|ポイント|パーセント|%ポイント|%|割|倍|営業日|週間|時間半|時間|か月|ヶ月|カ月|ヵ月|分|秒|日|年|件|回|人日|人月|人|名|社|店舗|店|拠点|部署|部門|"
    "工場|ライン|現場|課|台|本|通|点|項目|箇所|か所|カ所|ヶ所|行|枚|個|冊|席|ID|アカウント|ライセンス|段階|レベル|ページ|円|語|呼|品目|種類|種|組|床|便|"
    "営業所|支店|支社|機能|画面|チーム|ユーザー|世帯|区分|工程|シート|案|票|トン|kg|km|歩|pt"
)
ENGLISH = r"percentage\s+points?|percent|(?:business|working|calendar)\s+days?|pp|pts?|[a-z][a-z-]{2,}"
COUNTED = r"[一-龥ァ-ヶー]{1,4}(?=\s?(?:から|→|->|=>|以[上下内]|未満|に|へ(?!の)))"
"""Whatever else is counted: 機, ケース, 区."""
AMOUNT = re.compile(
    rf"(?P<money>[$€£¥]\s?)?(?<![\d.A-Za-z])(?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    rf"(?:\s?(?P<scale>百万|億|万|千|(?:million|k|m)(?![a-z])))?(?:\s?(?P<unit>{JAPANESE}|%|{COUNTED}|(?:{ENGLISH})(?![a-z])))?",
    re.IGNORECASE | re.ASCII,
)
WORDS = re.compile(r"(?P<zero>ゼロ|皆無|\bzero\b)\s?(?P<unit>件|時間|人|名|回|円|%)?")
PER = re.compile(
    r"(?:(?<![\d0-9])(?P<before>[月週年日]|毎[月週日]|1日|1回|1件|1社|1人|1店舗)(?:間|あたり|当たり|平均|約|に)*\s?)$"
)
PER_AFTER = re.compile(
    r"^\s?(?:/|a\s|per\s|each\s|every\s)\s?(?P<after>月|週|日|年|month|week|day|year|quarter|shift|store)",
    re.I,
)
NOT_UNITS = {"and", "now", "today", "currently", "not", "out", "are", "was", "were", "will", "but", "who", "has", "have", "can", "more", "less", "fewer", "over", "under", "about", "active", "the", "for", "with", "from", "instead", "per", "each", "every", "this", "next", "until", "within", "reviewed", "checked"}  # fmt: skip
RANKED = ("営業日", "位", "週")
ORDINAL = re.compile(r"(?:第|Tier\s?|Ver\.?\s?|v|No\.?\s?|#|Phase\s?|p\.\s?|A)$", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class Amount:
    """``value`` is scaled (62万円 is 620000 円), ``written`` the bare number; ``per`` a month, a week …"""

    value: Decimal
    written: Decimal
    unit: str
    per: str
    start: int
    end: int

    @property
    def is_share(self) -> bool:
        return self.unit.lower() in ("%", "割", "パーセント", "percent")

    @property
    def is_points(self) -> bool:
        return self.unit.lower().replace(" ", "") in ("ポイント", "パーセントポイント", "%ポイント", "pp", "pt", "pts", "percentagepoints", "percentagepoint")  # fmt: skip


def amounts_in(text: str, days: Sequence[Day | Undated]) -> list[Amount]:
    """The amounts of ``text`` (folded) in their order, those of ``days`` left out."""
    found = [amount_of(match, text) for match in AMOUNT.finditer(text) if is_amount(match, text, days)]
    found += [
        Amount(Decimal(0), Decimal(0), match["unit"] or "", "", *match.span())
        for match in WORDS.finditer(text)
    ]
    return sorted(found, key=lambda amount: amount.start)


def is_amount(match: re.Match[str], text: str, days: Sequence[Day | Undated]) -> bool:
    inside = any(match.start("number") < day.end and day.start < match.end("number") for day in days)
    return not inside and (match["unit"] in RANKED or not ORDINAL.search(text[: match.start()]))


def amount_of(match: re.Match[str], text: str) -> Amount:
    written = Decimal(match["number"].replace(",", ""))
    unit = (match["unit"] or match["money"] or "").strip()
    end = match.end()
    if unit.lower() in NOT_UNITS:
        unit, end = "", match.end("number")
    value = written * SCALES.get((match["scale"] or "").lower(), 1)
    if unit == "割":
        value, unit = value * 10, "%"
    before, after = PER.search(text[: match.start()]), PER_AFTER.match(text[end:])
    per = (before and before["before"]) or (after and after["after"]) or ""
    if after:
        end += after.end()
    return Amount(value, written, unit, per, match.start(), end)
