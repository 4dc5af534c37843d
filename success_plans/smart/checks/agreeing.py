"""M: text and fields say the same figures, and the target lies where the verb points."""

import re
from collections.abc import Iterator
from decimal import Decimal

from success_plans.smart.amounts import Amount
from success_plans.smart.codes import Code
from success_plans.smart.finding import Finding
from success_plans.smart.reading import Reading

DOWN = re.compile(
    r"短縮|早め|前倒し|速く|削減|減ら|減少|下げ|縮|抑え|低減|圧縮|カット|\b(?:reduc\w+|cut|lower|shorten|decreas\w+|bring \w+(?: \w+){0,3} down|down from|drop|speed up|faster|quicker|sooner|(?<!no )(?:fewer|less)(?! than))\b|"
    r"ミス|エラー|誤(?:り|出荷|入力|配)|待ち時間|滞留|クレーム|差し?戻し|残業|離職|欠品|廃棄|遅延|遅れ|未(?:入金|承認|返信)",
    re.IGNORECASE | re.ASCII,
)
HIGH = re.compile(
    r"(?:提出|遵守|完了|達成|出席|参加|解決|応答|合格|受注|成約|稼働|継続|即答|回答|定時|到着|正答|納期)率"
)
UP = re.compile(
    r"増や|増加|向上|上げ|高め|伸ば|引き上げ|拡大|アップ|\b(?:increas\w+|rais\w+|improv\w+|grow|lift|boost|up from|(?<!no )more(?! than))\b",
    re.IGNORECASE | re.ASCII,
)


def check(reading: Reading) -> Iterator[Finding]:
    if reading.statement.is_action:
        return
    yield from conflicts(reading)
    baseline, target = reading.baseline, reading.target
    if baseline is None or target is None or (reading.change is not None and reading.change.relative):
        return
    down, up = DOWN.search(reading.text), UP.search(reading.text)
    high = HIGH.search(reading.subject)
    if (down and not up and not high and target > baseline) or (
        (high or (up and not down)) and target < baseline
    ):
        yield Finding(Code.WRONG_DIRECTION, ((high or down or up).span(),))  # type: ignore[union-attr]


def conflicts(reading: Reading) -> Iterator[Finding]:
    fields, change = reading.statement.fields, reading.change
    if change is None or change.relative:
        return
    pairs = ((fields.baseline, change.baseline), (fields.target, change.target))
    wrong = [
        stated
        for given, stated in pairs
        if given is not None and stated is not None and not same(given, stated)
    ]
    if wrong:
        yield Finding(Code.TEXT_FIELD_CONFLICT, tuple((amount.start, amount.end) for amount in wrong))


def same(given: Decimal, stated: Amount) -> bool:
    """The field may hold 62 (万円) or 620000, 40 or 0.4."""
    return given in (stated.value, stated.written) or (stated.is_share and given * 100 == stated.value)
