"""M: how much less or more says nothing without what it is less or more of; 10% of a rate is two things."""

import re
from collections.abc import Iterator

from success_plans.smart.change import baseline_in
from success_plans.smart.codes import Code
from success_plans.smart.finding import Finding
from success_plans.smart.reading import Reading

RATE = re.compile(
    r"(?:率|割合|比率|シェア|度合い|稼働|\brate|\bratio|\bshare|\bpercentage|utili[sz]ation)(?:[^。、;,]{0,12})$",
    re.IGNORECASE | re.ASCII,
)


def check(reading: Reading) -> Iterator[Finding]:
    fields, change = reading.statement.fields, reading.change
    if reading.statement.is_action or change is None or not change.relative:
        return
    place = ((change.start, change.end),)
    whole = (
        reading.baseline is not None
        and fields.target is not None
        and fields.target != (change.target and change.target.value)
    )
    standing = baseline_in(reading.text, reading.amounts)
    is_rate = RATE.search(reading.text[: change.start]) or (standing is not None and standing.is_share)
    if change.target and change.target.is_share and not whole and is_rate:
        yield Finding(Code.UNIT_AMBIGUOUS, place)
    if reading.baseline is None:
        yield Finding(Code.NO_BASELINE, place)
