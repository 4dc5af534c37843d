"""What an objective is held against: figures, a scale that anyone reads the same way, a count of things to make, or nothing."""

import re
from enum import Enum

from success_plans.smart.reading import Reading

SCALE = re.compile(
    r"段階|レベル\s?\d|チェック(?:表|リスト|シート)|確認表|評価(?:表|シート)|採点|基準表|ルーブリック|スキル(?:表|マップ)|育成シート|[○◯]|すべて(?:満た|合格|はい|クリア)|全項目|満点|検収|"
    r"差し戻しなし|独立に|で判定|判定[::は=]|判定する|承認され|決議され|議事録に|合意書|点検表|別々に(?:記入|採点|評価)|(?:項目|問|点)(?:が|の|は)?(?:すべて|全て|全部)|(?:すべて|全て|全部)(?:「|丸|可|適|合)|判定会|到達度表|習熟度表|検定|試験に合格|合格(?:する|した|率)?|判定表|判定基準|署名|押印|"
    r"\bchecklist|\brubric|\bscorecard|\blevel \d|\b\d-(?:level|point|step|item|stage|grade|question|criteri(?:on|a))|\bsign(?:s|ed)?[ -]off|\bticked|\bscor(?:ed|ing|es)|\bin writing|\bjudged (?:on|from|by)|\bindependently|\bpass(?:es|ed)?\b|\bgraded|\ball \d+ (?:items|points|questions)|skills (?:sheet|matrix)|\bassess(?:ed|ment)",
    re.IGNORECASE | re.ASCII,
)
RHYTHM = re.compile(
    r"(?:月|週|年|四半期|半期)(?:に|ごとに?)?\s?(?:1回)?(?:の|に|ごと)|毎月|毎週|四半期ごと|\b(?:monthly|quarterly|weekly|every|each)\b",
    re.IGNORECASE | re.ASCII,
)
EVENTS = (
    "QBR|EBR|勉強会|説明会|研修|トレーニング|ウェビナー|セミナー|定例会?|ビジネスレビュー|ワークショップ|面談|(?<!再)訪問|キックオフ|ミーティング|報告会|相談会|ユーザー会|交流会|ハンズオン|講習会?|オンボーディング|ヒアリング|"
    "打ち?合わせ|トップ会談|会食|メルマガ|ニュースレター|デモ|診断会?|キャンペーン|(?:活用|利用|サポート)?通信|だより"
)
EVENTS_ENGLISH = (
    r"(?:QBRs?|EBRs?|webinars?|workshops?|trainings?|training sessions?|business reviews?|newsletters?|check-ins?|(?:on-?site|executive|customer) visits?|office hours|demos?|seminars?|user groups?|roadshows?|briefings?|"
    r"kick-?offs?|bootcamps?|town halls?|sessions?|meetings?)"
)
EVENT = re.compile(rf"{EVENTS}|\b{EVENTS_ENGLISH}\b", re.IGNORECASE | re.ASCII)
HELD = "開催|実施|行う|行い|開く|する|提供|発行|送付|提出|配信|\\d+回|回数|設け|持つ"
OUR_EVENT = re.compile(
    rf"(?:{EVENTS})(?:を[^、。]{{0,14}}?|(?:の|が|、|\s)?[^、。でにへ]{{0,12}}?)(?:{HELD})|(?:{EVENTS})$",
    re.IGNORECASE | re.ASCII,
)
OUR_EVENT_ENGLISH = re.compile(
    r"^\W*(?:we (?:will )?)?(?:hold|run|host|deliver|conduct|send|publish|organi[sz]e|give|complete|arrange|schedule|provide|present|offer|have)\b"
    rf".{{0,40}}\b{EVENTS_ENGLISH}\b",
    re.IGNORECASE | re.ASCII,
)


class Criterion(Enum):
    FIGURE = "figure"
    SCALE = "scale"
    COUNT = "count"
    NONE = "none"


def criterion_of(reading: Reading) -> Criterion:
    fields = reading.statement.fields
    if SCALE.search(reading.everywhere("metric", "method")) and not (
        reading.change and reading.change.baseline
    ):
        return Criterion.SCALE
    if reading.changes or fields.target is not None:
        return Criterion.FIGURE
    if our_event(reading) and RHYTHM.search(reading.text):
        return Criterion.COUNT
    return Criterion.NONE


def our_event(reading: Reading) -> re.Match[str] | None:
    """Our own meeting or training as the thing to be done, in the first sentence."""
    main = reading.core.split("。")[0]
    return OUR_EVENT.search(main) or OUR_EVENT_ENGLISH.search(main)
