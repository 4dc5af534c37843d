"""A: what somebody else still has to agree to."""

import re
from collections.abc import Iterator

from success_plans.smart.codes import Code
from success_plans.smart.finding import Finding, found
from success_plans.smart.reading import Reading

OPEN = re.compile(
    r"未承諾|未打診|未合意|未承認で|未調整|未確定の?ため|(?:合意|承諾|了承|了解|承認|許可|同意|返事|回答|決裁)(?:は|が|も)?[^。、()]{0,8}?(?:まだ|得られていない|取れていない|下りていない|未取得|もらえていない|これから|していない)|(?:得られ|取れ|下り|もらえ)れば|"
    r"(?:承諾|合意|回答|返事)待ち|"
    r"\bnot (?:yet )?(?:said yes|replied|responded|answered|given (?:its|their) (?:consent|approval))|"
    r"\b(?:has|have|had) not (?:yet )?(?:agreed|approved|confirmed|signed|committed|accepted)|not yet (?:agreed|approved|confirmed|signed|committed|secured|granted)|(?:hasn't|haven't) (?:yet )?(?:agreed|approved|confirmed|signed|committed)|"
    r"pending (?:approval|agreement|sign-off|consent|confirmation)|subject to (?:approval|agreement|sign-off)|if .{1,30}(?:agrees?|approves?|permits?)|awaiting (?:approval|consent|agreement)|still to be (?:agreed|approved)|without (?:their|its) (?:consent|agreement)",
    re.IGNORECASE | re.ASCII,
)


def check(reading: Reading) -> Iterator[Finding]:
    match = OPEN.search(reading.everywhere("evidence"))
    if match:
        yield found(Code.DEPENDENCY_UNCOMMITTED, match if match.end() <= len(reading.text) else None)
