"""A: what contract and ringi promise. Without them nothing is said."""

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal

from success_plans.smart.amounts import amounts_in
from success_plans.smart.change import Change, changes_in
from success_plans.smart.codes import Code
from success_plans.smart.days import Day, days_in
from success_plans.smart.finding import Finding
from success_plans.smart.folding import fold
from success_plans.smart.reading import Reading, content_words

EXCLUDED = re.compile(
    r"(?:^|[。、:;]|\.\s)\s*(?P<what>[^。、:;.]{2,30}?)(?:は|を|の開発は)?(?:対象外|範囲外|含まない|含まず|含まれない|除く|別契約|スコープ外)|"
    r"(?P<english>[a-z][\w\s-]{2,40}?)\s(?:is|are)\s(?:not included|excluded|out of scope|not covered|not part)",
    re.IGNORECASE | re.ASCII,
)
CLOSE = Decimal("0.1")


def check(reading: Reading) -> Iterator[Finding]:
    promise = fold(reading.statement.context.ringi).text
    if not promise:
        return
    if is_outside(reading, promise):
        yield Finding(Code.OUT_OF_SCOPE)
    elif differs(reading, promise):
        yield Finding(
            Code.EXPECTATION_GAP, tuple((change.start, change.end) for change in reading.changes[:1])
        )


def is_outside(reading: Reading, promise: str) -> bool:
    mine = content_words(reading.text)
    for match in EXCLUDED.finditer(promise):
        theirs = content_words(match["what"] or match["english"])
        if theirs and len(mine & theirs) * 2 >= len(theirs):
            return True
    return False


def differs(reading: Reading, promise: str) -> bool:
    """The same baseline and another target; or another one than the promised share of it gives."""
    baseline, target = reading.baseline, reading.target
    if target is None:
        return False
    days = days_in(promise, reading.calendar)
    for one in changes_in(promise, amounts_in(promise, days)):
        expected = expected_by(one, baseline)
        if expected is not None and abs(expected - target) > CLOSE * max(abs(expected), Decimal(1)):
            return True
    return is_later(reading, days)


def is_later(reading: Reading, promised: Sequence[Day]) -> bool:
    """Due more than a month after the last day that the promise names."""
    last = max((day.on for day in promised if day.is_end), default=None)
    return bool(last and reading.due_on and reading.due_on > last + timedelta(days=31))


def expected_by(promised: Change, baseline: Decimal | None) -> Decimal | None:
    """What the promise makes of our baseline; None when it speaks of something else."""
    if promised.target is None or baseline is None:
        return None
    if promised.relative:
        return baseline * (100 - promised.target.value) / 100 if promised.target.is_share else None
    if promised.baseline is not None and baseline in (promised.baseline.value, promised.baseline.written):
        return promised.target.value if baseline == promised.baseline.value else promised.target.written
    return None
