"""T: a day of the calendar, with an end, not over yet, and the same in text and field."""

import re
from collections.abc import Iterator

from success_plans.smart.codes import Code
from success_plans.smart.finding import Finding, found
from success_plans.smart.reading import Reading

VAGUE = re.compile(
    r"早急に?|至急|適宜|順次|追って|なるはや|なるべく|できるだけ早く?|できる限り早く?|可能な限り早|早め(?:に|の)|早いうち|早期に|速やかに|すみやかに|近いうちに?|近日中?|いずれ|折を見て|手が空き?次第|"
    r"落ち着い(?:たら|て|た(?:ころ|頃))|随時|都度|そのうち|ゆくゆく|将来的に|中長期的?に|当面|今後|\d月?[ご頃]ろ?|(?:[0-9月]|[上中下初]旬|[春夏秋冬]|年明け|年末|期末|月末)?(?:ごろ|頃|あたり|前後)(?=[、。)に]|$)|秋口|春先|年明け|(?<=[、。(])[春夏秋冬](?:まで|に|中)|"
    r"[上中下初]旬|必要に応じて|余裕(?:が|の)|タイミングを見て|一段落|"
    r"\b(?:soon(?:est)?|asap|as soon as (?:possible|practical)|in due course|as (?:and when )?needed|as required|shortly|eventually|when(?:ever)? (?:possible|convenient|time (?:allows|permits))|at some point|going forward|"
    r"in the (?:near|coming|foreseeable) \w+|early next \w+|sometime|promptly|immediately|quickly|down the (?:road|line)|over time|around|later (?:this|next) \w+|in the (?:spring|summer|autumn|fall|winter)|by (?:spring|summer|autumn|fall|winter))\b",
    re.IGNORECASE | re.ASCII,
)
OPEN = re.compile(
    r"継続|維持|常に|ずっと|保つ|キープ|引き続き|今後も|毎[月週年日期](?!\d|[^、。)]{0,14}(?:確認|振り返|集計|レビュー|点検|計測|定例|会議|部会|委員会|判定))|四半期ごと(?!に?[^、。)]{0,8}(?:確認|振り返|集計))|定期的|"
    r"\b(?:ongoing|continuous(?:ly)?|always|maintain|sustain|keep|every (?:month|quarter|week|year|day)|each (?:month|quarter|week)|monthly|weekly|quarterly|regularly|permanently)\b(?![^.;,]{0,20}review)",
    re.IGNORECASE | re.ASCII,
)
REVIEWED = re.compile(
    r"(?:review(?:ed|s)?|check(?:ed|s)?|measured|reported|tracked|read)\b[^.;]{0,40}$",
    re.IGNORECASE | re.ASCII,
)
EVENT = re.compile(
    r"(?:次回?の?|今度の)[^、。()0-9]{1,14}?(?:会議?|定例|委員会|QBR|EBR|ミーティング|面談|総会|ステコミ|役員会|打ち?合わせ)(?:まで|で|に|の|後)?|"
    r"(?:リリース|導入|稼働|本番|カットオーバー|オープン|開店|移転|異動|着任|キックオフ|契約|更新|決裁|稟議|承認|会議|役員会|定例|総会|研修|完了|終了|公開|テスト|検証|展示会|繁忙期|改修|切替え?)(?:が?(?:終わ|済|決ま|下り|完了し)[っりめ]?(?:たら|次第|てから|後)|後に?|まで(?:に)?|次第|したら|の(?:前|後)(?:に|まで)?|前(?:に|まで))|"
    r"\b(?:after|before|until|once|when|following|by|at|upon)\s(?:the\s|our\s|their\s)?(?:next\s)?(?:\w+[\s-]){0,3}?(?:go-?live|kick-?off|rollout|launch|release|committee|meeting|review|board|QBR|EBR|steering|workshop|training|audit|approval|migration|cutover|budget|conference)\b",
    re.IGNORECASE | re.ASCII,
)

WHOLE = re.compile(r"末|日|/|中|内|\d\s|end|close", re.IGNORECASE | re.ASCII)


def check(reading: Reading) -> Iterator[Finding]:
    given, stated, as_of = reading.statement.fields.due, reading.due, reading.statement.context.as_of
    if given is None and stated is None and reading.undated:
        yield Finding(
            Code.FISCAL_YEAR_UNKNOWN, tuple((words.start, words.end) for words in reading.undated[:1])
        )
        return
    if given is None and stated is None:
        yield missing(reading)
        return
    if given and stated and stated.is_sure and stated.on != given and not agrees(reading):
        yield Finding(Code.DUE_CONFLICT, ((stated.start, stated.end),))
    due_on = given or stated.on  # type: ignore[union-attr]
    if due_on < as_of:
        yield Finding(Code.DUE_PAST, ((stated.start, stated.end),) if stated else ())


def agrees(reading: Reading) -> bool:
    """The field's day stands in the text too, the text only names its month, or its day is that of the review."""
    fields, due = reading.statement.fields, reading.due
    assert fields.due and due
    if fields.due in {day.on for day in reading.days} or due.on == fields.review_date:
        return True
    words = reading.text[due.start : due.end]
    return not WHOLE.search(words) and (due.on.year, due.on.month) == (fields.due.year, fields.due.month)


def missing(reading: Reading) -> Finding:
    text = reading.text
    if vague := VAGUE.search(text):
        return found(Code.VAGUE_DUE, vague)
    event = EVENT.search(text)
    if event and not event[0].startswith("契約更新"):
        return found(Code.DUE_EVENT_UNDATED, event)
    for match in OPEN.finditer(text):
        if not REVIEWED.search(text[: match.start()]):
            return found(Code.OPEN_ENDED, match)
    return Finding(Code.NO_DUE)
