"""S of an action: what somebody does, not the figure that shall come of it."""

import re
from collections.abc import Iterator

from success_plans.smart.checks.done import CONCRETE, CONCRETE_ENGLISH
from success_plans.smart.codes import Code
from success_plans.smart.finding import Finding
from success_plans.smart.reading import Reading

ENDS = re.compile(
    r"(?:達成|(?:率|数|時間|件数)[^、。]{0,8}\d[^、。]{0,6}|(?:減ら|増や|下げ|上げ|短縮|削減|向上|改善|半減)[ぁ-ん]*|(?:に|へ)(?:する|なる)?|!+|[%件名人円])$"
)
REACHES = re.compile(
    r"\d[^、。]{0,6}(?:(?:に|へ)(?:する|なる|抑える|します)|以下|以上|以内|未満|を?達成(?:する)?)?!*$"
)
DOING = re.compile(r"(?:変更|設定|登録|作成|送付|更新|追加|移行)(?:し|して)")
FIGURE_ALONE = re.compile(
    r"^(?:[\w-]+\s){0,5}(?:rate|time|share|count|volume|backlog|score)s?\s(?:up |down )?(?:from|to|at)\b",
    re.IGNORECASE | re.ASCII,
)
REACHED = re.compile(
    r"\b(?:reach|achieve|hit|increase|reduce|cut(?!-)|raise|grow|lower|improve)(?:s|es|d)?\b|^\d[\d,.]*%?\s[a-z]",
    re.IGNORECASE | re.ASCII,
)


def check(reading: Reading) -> Iterator[Finding]:
    if not reading.statement.is_action or not (reading.changes or reading.amounts):
        return
    if reading.folded.is_japanese:
        figure = reading.changes or any(amount.is_share for amount in reading.amounts)
        last = re.search(r"[^:。]*$", reading.core)
        reached = REACHES.search(last[0]) if last and reading.changes else None
        reaches = last and reached and not DOING.search(last[0]) and not CONCRETE.search(reached[0])
        ends = ENDS.search(reading.core) and not CONCRETE.search(
            reading.core.replace("達成", "").replace("誤記入", "")
        )
        if figure and (reaches or ends):
            yield Finding(
                Code.RESULT_AS_ACTION, tuple((amount.start, amount.end) for amount in reading.amounts)
            )
    elif (
        FIGURE_ALONE.search(after_owner(reading))
        or REACHED.search(after_owner(reading))
        and not CONCRETE_ENGLISH.search(reading.text)
    ):
        yield Finding(Code.RESULT_AS_ACTION, tuple((amount.start, amount.end) for amount in reading.amounts))


def after_owner(reading: Reading) -> str:
    return reading.text[reading.owner.end if reading.owner else 0 :].lstrip(" :,")
