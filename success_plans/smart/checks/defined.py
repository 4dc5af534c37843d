"""M: an index of our own making needs its numerator and denominator."""

import re
from collections.abc import Iterator

from success_plans.smart.codes import Code
from success_plans.smart.finding import Finding
from success_plans.smart.reading import Reading

HOME_MADE = re.compile(
    r"[A-Z]{2,}度|"
    r"[一-龥ァ-ヶー]{1,8}(?<![温湿年速頻角程精感濃限強進制丁今毎震純鮮])(?<!満足)度(?=\s|を|が|の|は|:|\d|$)|"
    r"(?:デジタル化|DX化?|標準化|見える化|ペーパーレス化?|自動化|活用|浸透|効率化|内製化)(?:推進)?率|(?:定着|健全|活用|浸透|成熟|習熟|充実|貢献|満足|理解|推進|親密|関係性?)度(?!合|数)|"
    r"(?<!テスト)(?<!試験)(?<!ヘルス)(?<!信用)(?<!クレジット)[一-龥ァ-ヶー]{1,8}(?:化度|力度)|[一-龥ァ-ヶー]{1,8}(?<!テスト)(?<!試験)(?<!ヘルス)(?<!信用)(?<!物価)(?:スコア|指数|インデックス)|"
    r"(?:エンゲージメント|DX|活用|成熟度?|健全性?)(?:スコア|指数|インデックス)|生産性|"
    r"\b(?!health|test|credit|promoter|exam)\w+ (?:index|score)\b|"
    r"\b(?:maturity|readiness|adoption|engagement|digiti[sz]ation|digitali[sz]ation|satisfaction|quality|efficiency|productivity)\s?(?:score|index|rate|level)?\b",
    re.IGNORECASE | re.ASCII,
)
DEFINED = re.compile(
    r"[=÷≒]|割る|のうち|に占める|件数/|数/|以内に[^。]{1,20}割合|(?:\d段階|\d+問|5点|10点)|週\d回以上|月\d回以上|\bdivided by|\bshare of|\bout of|\bpercentage of|\bover all\b|\w\s/\s\w"
)


def check(reading: Reading) -> Iterator[Finding]:
    fields = reading.statement.fields
    if (
        reading.statement.is_action
        or reading.change is None
        or reading.statement.context.plan_type != "customer_objective"
    ):
        return
    name = HOME_MADE.search(reading.subject) or HOME_MADE.search(fields.metric)
    if name and not DEFINED.search(f"{reading.text}。{fields.metric}。{fields.method}"):
        at = reading.text.find(name[0])
        yield Finding(Code.METRIC_UNDEFINED, ((at, at + len(name[0])),) if at >= 0 else ())
