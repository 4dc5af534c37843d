"""S: a verb after which something has happened, and something it happens to."""

import re
from collections.abc import Iterator

from success_plans.smart.checks import done
from success_plans.smart.codes import Code
from success_plans.smart.criteria import Criterion, criterion_of
from success_plans.smart.finding import Finding, found
from success_plans.smart.reading import Reading

VAGUE = re.compile(
    r"推進|強化|検討|活性化|フォロー|支援|サポート|連携|浸透|促進|定着|効率化|改善|最適化|向上|高度化|見直|対応|調整|取り?組|注力|深め|深耕|合わせ|すり合わせ|加速|引き上げ|働きかけ|徹底|意識|図る|努め|目指|進め|巻き込|寄り添|"
    r"整備|共有|理解|標準化|底上げ|充実|拡大|スムーズ|円滑|活用|利活用|良く|よく|強く|楽に|早く|見える化|可視化|高め|醸成|盛り上げ|後押し|機運|やってい|広く|"
    r"\b(?:improv\w+|enhanc\w+|strengthen\w*|promot\w+|driv\w+|align\w*|become|grow|support\w*|optimi[sz]\w+|foster\w*|increase|boost|deepen\w*|streamlin\w+|accelerat\w+|leverag\w+|expand|encourag\w+|embed|moderni[sz]\w+|transform\w*|build|better|more|engag\w+|partner\w*|collaborat\w+|help)\b",
    re.IGNORECASE | re.ASCII,
)
BLUR = re.compile(
    r"(?:関連|関係|該当|必要)(?:な|の|する)?(?:部門|部署|書類|資料|業務|作業|先|箇所|項目|システム|各所)|各所|一部の(?:業務|部署|店|人)|しかるべき|\b(?:relevant|related|necessary|certain|appropriate|some)\s(?:documents?|teams?|departments?|areas?|people|items?|tasks?|processes)\b",
    re.IGNORECASE | re.ASCII,
)
AIMLESS = re.compile(
    r"(?<!架電)(?<!電話)(?<!メール)(?<!訪問)(?:推進|フォロー|支援|サポート|強化|連携|促進|検討|働きかけ)し(?:、|て)"
)
SCOPE = re.compile(
    r"いろいろ|色々|あれこれ|広くや|様々|さまざま|各種|もろもろ|諸々|など色々|何か|全体的に|全般|業務を(?:効率|改善)|皆(?:が|に|で)|みんな|使い勝手|"
    r"\b(?:things|stuff|various|everything|everyone|something|some issues|the report|whatever|etc)\b",
    re.IGNORECASE | re.ASCII,
)


def check(reading: Reading) -> Iterator[Finding]:
    scope, blur = SCOPE.search(reading.text), BLUR.search(reading.text)
    if blur:
        yield found(Code.VAGUE_SCOPE, blur)
    if reading.statement.is_action:
        vague = next(done.check(reading), None)
        aimless = AIMLESS.search(reading.text)
        if vague and vague.places:
            yield Finding(Code.VAGUE_VERB, vague.places)
        elif aimless:
            yield found(Code.VAGUE_VERB, aimless)
        if scope and (vague or not reading.amounts):
            yield found(Code.VAGUE_SCOPE, scope)
        return
    if criterion_of(reading) is not Criterion.NONE:
        return
    verbs = list(VAGUE.finditer(reading.text))
    if scope:
        yield found(Code.VAGUE_SCOPE, scope)
    if verbs:
        yield found(Code.VAGUE_VERB, verbs[-1])
