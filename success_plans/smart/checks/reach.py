"""A: what cannot be reached, and an action that is too small for its objective. Only plain cases are named."""

import re
from collections.abc import Iterator

from success_plans.smart.codes import Code
from success_plans.smart.finding import Finding, found
from success_plans.smart.folding import fold
from success_plans.smart.reading import Reading

SHORT, SHORTEST = 31, 14
MANY = 10
LIGHT = re.compile(
    r"(?:メール|案内|お知らせ|リマインド|チャット|電話|チラシ|資料)[^。、]{0,10}?(?:を)?(?:1|一)(?:通|回|本|枚|件)|(?:図|ポスター|掲示物?|写真)[^、。]{0,6}(?:1|一)枚|(?:1|一)(?:通|回|本)(?:だけ|のみ)?(?:の)?(?:メール|案内|電話|リマインド|連絡)|"
    r"\b(?:one|a single|1)\s(?:\w+\s){0,2}(?:e-?mail|reminder|message|call|note|notice|poster|slide|post|flyer|leaflet|agent|user|person|session|branch|store|clerk|manager|nurse|teacher|driver)\b|"
    r"(?:1|一)(?:支店|店舗|店|名|人|拠点|部署|現場|工場|校|クラス)(?:で|に|だけ|のみ|を|へ)",
    re.IGNORECASE | re.ASCII,
)
BIG = re.compile(
    r"全|(?:\d{2,})\s?(?:名|人|店|社|拠点|部署|%|件)|\ball\b|\b\d{2,}\b", re.IGNORECASE | re.ASCII
)


def check(reading: Reading) -> Iterator[Finding]:
    if reading.statement.is_action:
        parent = fold(reading.statement.context.parent).text
        light = LIGHT.search(reading.text)
        reaches = any(
            amount.unit in ("名", "人", "店", "社") and amount.value >= MANY for amount in reading.amounts
        )
        if parent and light and not reaches and BIG.search(parent):
            yield found(Code.INSUFFICIENT_ACTION, light)
    elif is_out_of_reach(reading):
        yield Finding(Code.UNREALISTIC, tuple((change.start, change.end) for change in reading.changes[:1]))


def is_out_of_reach(reading: Reading) -> bool:
    baseline, target, due = reading.baseline, reading.target, reading.due_on
    if target is None:
        return False
    stated = reading.change.target if reading.change else None
    is_share = reading.statement.fields.unit in ("%", "%") or bool(stated and stated.is_share)
    if is_share and target > 100 and re.search(r"率|割合|rate|ratio|share", reading.everywhere("metric")):
        return True
    if baseline is None or due is None or not baseline:
        return False
    days = (due - reading.statement.context.as_of).days
    moved = abs(target - baseline) / abs(baseline)
    if not 0 <= days <= SHORT or baseline < MANY:
        return False
    return (target == 0 and baseline >= 100) or (days <= SHORTEST and moved >= 0.75) or moved >= 9
