"""M: something to hold the objective against."""

import re
from collections.abc import Iterator

from success_plans.smart.codes import Code
from success_plans.smart.criteria import Criterion, criterion_of
from success_plans.smart.finding import Finding, found
from success_plans.smart.reading import Reading

SUBJECTIVE = re.compile(
    r"満足|喜(?:ば|ん)|好印象|印象|実感|温度感|納得|安心|快適|使いやす|使い勝手|親しみ|信頼|雰囲気|好感|手応え|前向き|愛着|評判|わかりやす|分かりやす|気持ちよく|ストレスなく|"
    r"\b(?:trusted?|happ(?:y|ier)|satisf\w+|comfortable|delight\w*|feels?|confident|impress\w*|loves?|pleased|smooth(?:ly)?|eas(?:y|ier)|partner|enjoy\w*|appreciat\w*|positive|valued?|engaged)\b",
    re.IGNORECASE | re.ASCII,
)


def check(reading: Reading) -> Iterator[Finding]:
    if reading.statement.is_action or criterion_of(reading) is not Criterion.NONE:
        return
    subjective = SUBJECTIVE.search(reading.text)
    if subjective:
        yield found(Code.SUBJECTIVE_SCALE, subjective)
    if reading.amounts and not (subjective and "満足" in subjective[0]):
        yield Finding(Code.NUMBER_NOT_TARGET, tuple((amount.start, amount.end) for amount in reading.amounts))
    elif not subjective:
        yield Finding(Code.NO_CRITERION)
