"""What is to change, from where to where: 26時間→8時間, from 4.2% to 2%, 8時間以内に, 3割減らす."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from success_plans.smart.amounts import Amount

HOW = r"(?:平均|第|約|およそ|毎?[月週年日]に?|1日|1店舗|1件|1回|翌月|計|合計|全|目標は?|目標値は?|現状の?|前期|後期|今期|来期|前年度?|今年度?|来年度?|上期|下期|\s)*"
TO = re.compile(
    rf"^(?:\([^)]*\))?(?:前後|程度|台|超|強|弱|近く|以上)?\s?(?:から|より|→|->|=>|を|⇒)\s?、?\s?{HOW}\s?$"
)
TO_ENGLISH = re.compile(
    r"^\s?(?:or so\s)?(?:,\s?)?(?:down\s|up\s)?(?:to be|to stand at|to no more than|to at most|to at least|to under|to over|to|→|->|=>)\s(?:about\s|around\s|a\s)?$",
    re.IGNORECASE | re.ASCII,
)
NOW = re.compile(
    r"^\s?(?:now|today|at present|currently|いま|現在)[,、:;]?\s?(?:(?:down|up)?\s?to\s|目標\s?)?$",
    re.IGNORECASE | re.ASCII,
)
INSTEAD = re.compile(
    r"^\s?(?:(?:instead of|rather than|compared with|versus|vs\.?)|(?:of \w+\s?)?,?\s?(?:up|down) from)\s(?:about\s)?$",
    re.IGNORECASE | re.ASCII,
)
BASE = re.compile(
    r"(?:現状|現在|いま|今は|昨年度?|前年度?|前期|直近(?=の?(?:実績|平均|値|は))|ベースライン|基準値?|従来|実績|もとは|元は)[^0-9。、よ比]{0,14}$|"
    r"(?:current(?:ly)?|now|today|baseline|last year|was|up from|down from|at present)[^0-9.;]{0,18}$",
    re.IGNORECASE | re.ASCII,
)
GOAL = re.compile(r"(?:目標(?:値|は)?|ゴール|KPI|target|goal)[:は\s]{0,3}$", re.IGNORECASE | re.ASCII)
LIMIT = re.compile(
    r"^(?:以上|以下|以内|未満|超|を?超え|を?切る|を?下回|を?上回|まで(?!に?[^0-9]{0,4}(?:送|提出|作成))|"
    r"に(?:する|なる|なり|し|抑|減|増|短縮|削減|引き|高め|上げ|下げ|縮|到達|収め|改善|保|。|、|$|\()|へ(?:減|増|短縮|削減|引|上げ|下げ|縮|。|、|$|\()|"
    r"を?(?:達成|維持|確保|実現|獲得|保つ|計上|目標)|台に|\s?or\s(?:less|fewer|more|below|above|better|higher|lower))",
    re.IGNORECASE | re.ASCII,
)
ENDS = re.compile(r"^\s?(?:化|[(。、,.]|$|に|を(?:達成|維持|実現))")
LIMIT_ENGLISH = re.compile(
    r"(?:\bat least|\bat most|\bno more than|\bfewer than|\bless than|\bmore than|\bunder|\bbelow|\babove|\bover|\breach(?:es|ing)?|\bhit|\bto|"
    r"\bwithin|\bat|≥|≤|>=|<=)\s(?:about\s)?[$€£¥]?$",
    re.IGNORECASE | re.ASCII,
)
CHANGED = r"(?:削減|減ら|減少|減(?![^す]?額)|短縮|改善|向上|増|アップ|カット|ダウン|下げ|上げ|縮|圧縮|引き下|引き上|低減|抑|伸ば|高め|効率化|落と|早)"
BY = re.compile(rf"^(?:ほど|程度|以上|超|弱|強|の|分)?(?:[、\s])?{CHANGED}")
BY_ENGLISH = re.compile(r"\bby\s(?:about\s|around\s|at least\s)?$", re.IGNORECASE | re.ASCII)
BY_AFTER = re.compile(
    r"^\s(?:reduction|increase|improvement|decrease|fewer|less|more|faster|cut|drop)\b",
    re.IGNORECASE | re.ASCII,
)
SHARE_OF = re.compile(r"\d分の\d(?:に|へ|以下|まで)")
HALF = re.compile(
    r"半減|半分(?:に|へ|以下)|(?:2|二)分の(?:1|一)|倍増|\b(?:by half|halve[sd]?|in half|doubl(?:e|es|ing))\b",
    re.IGNORECASE | re.ASCII,
)
STANDS = re.compile(r"^(?:も|ほど)?(?:かかって|ある|あった|発生して|要して|使って)")
MADE = re.compile(
    r"^[^。()]{0,24}?(?:公開|整備|作成|作る|作り|開催|実施|行う|登録|獲得|設置|導入|配布|受講|完了|終え|発行|展開|掲載|計上|予算化|記載|載(?:る|って|せ)|入って|盛り込)"
)
DRIFTS = re.compile(r"通じて|調整|深め|合わせ|巻き込|推進|検討|連携|すり合わせ|対応")


@dataclass(frozen=True)
class Change:
    """``relative`` is how much instead of where to: then ``target`` is the difference, in per cent or points."""

    baseline: Amount | None
    target: Amount | None
    start: int
    end: int
    relative: bool = False


def changes_in(text: str, amounts: Sequence[Amount]) -> list[Change]:
    """Every change that ``text`` states, the plainest forms first; an amount belongs to one of them."""
    found: list[Change] = []
    taken: set[int] = set()
    shares = [match.span() for match in SHARE_OF.finditer(text)]
    amounts = [one for one in amounts if not any(start <= one.start < end for start, end in shares)]
    for one in [*_pairs(text, amounts), *_limits(text, amounts), *_relative(text, amounts), *_halves(text)]:
        places = {amount.start for amount in (one.baseline, one.target) if amount} or {one.start}
        if not places & taken:
            taken |= places
            found.append(one)
    return found


def baseline_in(text: str, amounts: Sequence[Amount]) -> Amount | None:
    """What is said to hold today: 現状40%, currently 15."""
    return next((amount for amount in amounts if BASE.search(text[: amount.start])), None)


def _pairs(text: str, amounts: Sequence[Amount]) -> Iterator[Change]:
    for left, right in zip(amounts, amounts[1:], strict=False):
        between = text[left.end : right.start]
        if (
            TO.match(between)
            and not (between.strip() == "を" and not LIMIT.match(text[right.end :]))
            or TO_ENGLISH.match(between)
            or NOW.match(between)
        ):
            yield Change(_with_unit(left, right), right, left.start, right.end)
        elif INSTEAD.match(between):
            yield Change(_with_unit(right, left), left, left.start, right.end)


def _with_unit(bare: Amount, other: Amount) -> Amount:
    if bare.unit or not other.unit:
        return bare
    scale = other.value / other.written if other.written and not bare.value > other.value else Decimal(1)
    return Amount(bare.value * scale, bare.written, other.unit, bare.per, bare.start, bare.end)


def _limits(text: str, amounts: Sequence[Amount]) -> Iterator[Change]:
    standing = baseline_in(text, amounts)
    for amount in amounts:
        before, after = text[: amount.start], text[amount.end :]
        if amount is standing:
            continue
        ends = not amount.value and ENDS.match(after)
        if ends or GOAL.search(before) or LIMIT.match(after) or LIMIT_ENGLISH.search(before):
            yield Change(_fitting(text, standing, amount, amounts), amount, amount.start, amount.end)
    for amount in amounts:
        after = text[amount.end :]
        made = MADE.match(after)
        if amount is not standing and made and not DRIFTS.search(made[0]):
            yield Change(standing, amount, amount.start, amount.end)


def _fitting(text: str, standing: Amount | None, target: Amount, amounts: Sequence[Amount]) -> Amount | None:
    """What stands today, if it is of the same kind; else the same unit named before: 紙申請(年6万件)を0件に."""
    if standing is not None and (not standing.unit or not target.unit or standing.unit == target.unit):
        return standing
    before = [one for one in amounts if one.end <= target.start and one.unit and one.unit == target.unit]
    if before and (not target.value or STANDS.match(text[before[-1].end :])):
        return before[-1]
    return None


def _relative(text: str, amounts: Sequence[Amount]) -> Iterator[Change]:
    for amount in amounts:
        after = text[amount.end :]
        less_or_more = (amount.is_share or amount.is_points) and BY_AFTER.match(after)
        if amount.unit == "倍" or less_or_more or BY.match(after) or BY_ENGLISH.search(text[: amount.start]):
            yield Change(None, amount, amount.start, amount.end, relative=True)


def _halves(text: str) -> Iterator[Change]:
    for match in [*HALF.finditer(text), *SHARE_OF.finditer(text)]:
        yield Change(None, None, *match.span(), relative=True)
