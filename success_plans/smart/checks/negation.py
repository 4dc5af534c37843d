"""S: not only what shall not happen, but what is there instead."""

import re
from collections.abc import Iterator

from success_plans.smart.codes import Code
from success_plans.smart.criteria import Criterion, criterion_of
from success_plans.smart.finding import Finding, found
from success_plans.smart.reading import Reading

NOT = re.compile(
    r"(?:ない|ず|させない|なく)(?:よう|こと|状態|で済)(?:に|を|が)?(?:する|なる|注意|気を|努め|心がけ|徹底|目指|防)?[ぁ-ん]*|(?:二度と|決して|絶対に)[^、。]{0,10}ない|(?:を?防(?:ぐ|止する?)|避ける|回避する?|なくなる)$|"
    r"\b(?:do(?:es)? not|don't|doesn't|avoid(?:s|ing)?|prevent(?:s|ing)?|never|no longer|not to|stop(?:s)?|without any|mustn't|shouldn't|should not)\b",
    re.IGNORECASE | re.ASCII,
)


def check(reading: Reading) -> Iterator[Finding]:
    match = NOT.search(reading.core)
    if not match:
        return
    fields = reading.statement.fields
    if reading.statement.is_action:
        ends = reading.core.rstrip().endswith(match[0]) or not reading.folded.is_japanese
        if ends and not fields.evidence and not reading.amounts:
            yield found(Code.NEGATIVE_ONLY, NOT.search(reading.text))
    elif criterion_of(reading) is Criterion.NONE:
        yield found(Code.NEGATIVE_ONLY, NOT.search(reading.text))
