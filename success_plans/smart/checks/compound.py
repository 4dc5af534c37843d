"""S: one outcome, one piece of work. What only looks like two (15%から12%へ、3ポイント) stays one."""

import re
from collections.abc import Iterator

from success_plans.smart.change import Change
from success_plans.smart.codes import Code
from success_plans.smart.finding import Finding, found
from success_plans.smart.reading import BRACKETS, Reading

ALSO = re.compile(
    r"別件で|くわえて|加えて|さらに|また、|あわせて[^、。]{2,20}も|併せて[^、。]{2,20}も|同時に|ついでに|\b(?:and also|as well as|in addition|plus|on top of that|additionally)\b",
    re.IGNORECASE | re.ASCII,
)
OWN = re.compile(r"[^。、()0-9]{2,}(?:を|が)(?:半減|倍増|ゼロ|0件)")
HEAP = re.compile(
    r"(?:[^、。()・]{2,}[、・]){2,}[^、。()・]{2,}?(?:を一気に|を一通り|まで一通り|を全部)|(?:[^、。()]{2,}、){2,}[^、。()]{2,}(?:をまとめて|を一括|一式を|をすべて|など(?:を|に))"
)
DID = re.compile(
    r"(?:作成|作り|実施|開催|送付|送り|設定|登録|配布|回収|移行|公開|更新|提出|整備|改定|導入|研修|締結|構築|開発)(?:し|って|て|り)?、"
)
WORK = re.compile(
    r"\b(?:migrates?|trains?|redesigns?|rebuilds?|builds?|launch(?:es)?|rewrites?|replaces?|negotiates?|hires?|rolls? out|configures?|runs?|writes?|delivers?|updates?|creates?|implements?)\b",
    re.IGNORECASE | re.ASCII,
)
OWN_METRIC = re.compile(
    r"[一-龥ァ-ヶーa-zA-Z]{2,}(?:を|が|は|も|の)|(?:\band\b|[;.])\s(?:[\w-]+\s){1,5}(?:by|to|from)\b",
    re.IGNORECASE | re.ASCII,
)
FINAL = re.compile(
    r"^\s?(?:(?:に|へ)(?:する|し|なる|なり|抑|減|増|引き|高め)|を?(?:達成|維持|確保)|[、。]|$)"
)
ENGLISH_OUTCOMES = re.compile(
    r"(?:^|, (?:and )?|\band )(?:reduce|cut|fill|renegotiate|launch|hire|improve|raise|increase|lower|open|close|replace|build|train|publish|sign|migrate|introduce|win|grow|shorten|halve|double)\s(?=\w)",
    re.IGNORECASE | re.ASCII,
)
ENOUGH = 3


def check(reading: Reading) -> Iterator[Finding]:
    text = BRACKETS.sub(lambda match: " " * len(match[0]), reading.text)
    also = ALSO.search(text)
    if reading.statement.is_action:
        heap = HEAP.search(text)
        chained = list(DID.finditer(text))
        works = list(WORK.finditer(text))
        if also or heap or len(chained) >= ENOUGH or len(works) >= ENOUGH:
            yield found(Code.COMPOUND, also or heap, *chained)
        return
    heads = list(ENGLISH_OUTCOMES.finditer(text))
    outcomes = [(change.start, change.end) for change in outcomes_of(reading, text)]
    outcomes += [
        match.span()
        for match in OWN.finditer(text)
        if not any(a < match.end() and match.start() < b for a, b in outcomes)
    ]
    stated = [change for change in reading.changes if text[change.start : change.end].strip()]
    if len(outcomes) >= 2 or len(heads) >= 2 or (also and len(stated) >= 2):
        yield Finding(Code.COMPOUND, tuple(outcomes))


def outcomes_of(reading: Reading, text: str) -> Iterator[Change]:
    """Changes with a metric of their own: 3ポイント下げる after 15%から12%へ has none."""
    last = 0
    for change in sorted(reading.changes, key=lambda one: one.start):
        between, is_aside = text[last : change.start], not text[change.start : change.end].strip()
        if is_aside or not is_stated(change, text):
            continue
        if last == 0 or OWN_METRIC.search(between):
            yield change
        last = change.end


def is_stated(change: Change, text: str) -> bool:
    """Not a limit that only describes the metric: 24時間以内に返信した割合."""
    return bool(change.baseline or change.relative or FINAL.match(text[change.end :]))
