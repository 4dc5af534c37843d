"""R: an outcome of the customer, where the plan is shared with them; plans of ours alone may count what they like."""

import re
from collections.abc import Iterator

from success_plans.smart.codes import Code
from success_plans.smart.criteria import EVENT, Criterion, criterion_of, our_event
from success_plans.smart.finding import Finding, found
from success_plans.smart.folding import fold
from success_plans.smart.reading import Reading, content_words
from success_plans.smart.statement import SHARED

OUR_WORK = re.compile(
    r"(?:提案書?|提案資料|(?:活用|利用|月次|効果|運用)レポート|報告書|事例集|ニュースレター|成功事例|ロードマップ|サクセスプラン|活用ガイド|診断結果)(?:を|の)?[^。、]{0,12}(?:提出|送付|作成|発行|提供|配信|説明|提示|策定|実施)|"
    r"^(?:\W*)(?:we\s)?(?:send|deliver|write|publish|present|submit|share)\b.{0,30}\b(?:proposals?|reports?|success plans?|roadmaps?|decks?)\b",
    re.IGNORECASE | re.ASCII,
)
BENEFIT = re.compile(
    r"(?<!保険)契約(?:額|金額|を?更新|の?継続|期間の?延長|更新率|の?拡大|の?更新|件数)|更新(?:契約|を?(?:確定|獲得|勝ち取|取り付け|受注))|継続(?:契約|利用の?(?:合意|確約|決定))|アップセル|クロスセル|追加(?:契約|受注|ライセンス|発注|購入|導入の受注)|増額(?:更新)?|\bARR\b|\bMRR\b|\bNRR\b|\bLTV\b|"
    r"解約(?:を?防|阻止|されない|回避|防止)|チャーン|上位(?:プラン|エディション)|プランの?(?:アップグレード|変更)|(?:当社|弊社|自社製品|本サービス|本製品)の?[^、。]{0,8}?(?:売上|売り上げ|利益|シェア|採用)|リファレンス|(?:導入)?事例(?:化|へ(?:の)?(?:協力|掲載)|に(?:協力|登場|出て)|の公開|取材|インタビュー)|"
    r"(?:ライセンス|ID|席|シート|アカウント)(?:数)?(?:を|の)?[^、。]{0,8}(?:追加|増や|増席|買い増し|拡大|購入)|複数年契約|年間契約への|利用料の?(?:増|値上げ|改定)|値上げ|オプションの?(?:追加|受注|購入|契約)|発注書|注文書|"
    r"\b(?:renew(?:s|al|als|ed|ing)?|up-?sell|cross-?sell|our (?:revenue|sales|share)|contract (?:value|extension)|expansion (?:revenue|deal)|recurring revenue|account revenue|wallet share|spend with us|licen[cs]e (?:upgrade|expansion)|(?:extra|additional|more) (?:licen[cs]es|seats)|retention of the account|reference (?:customer|call)|"
    r"case study|testimonial|churn(?: risk)?|multi-year|purchase order|price increase|higher tier|premium (?:plan|tier)|ARR|MRR|NRR)\b",
    re.IGNORECASE | re.ASCII,
)
THINGS = r"FAQ|よくある質問|マニュアル|手順書|ダッシュボード|テンプレート|ひな形|雛形|動画|ナレッジ|記事|フロー図?|帳票|レポート|コンテンツ|シナリオ|ロボット|ワークフロー|マクロ|教材|ガイド|チェックリスト|フォーム|定型文|定義書|設計書|画面|機能|マスタ"
MEANS = re.compile(
    rf"(?:{THINGS})(?:[^。、()]{{0,14}}?|[^。()]{{0,8}}(?:作成|整備|公開)し、)\d[^。、()]{{0,6}}?(?:本|件|個|枚|種類?|点|ページ|画面|つ|セット|パターン|作|公開|整備)|\d[^。、()]{{0,3}}(?:本|件|個|枚|種類?|点|つ)の(?:{THINGS})|"
    r"(?:利用|ログイン|アクティブ|機能(?:活用|利用)|アカウント(?:発行|登録|開設)|ID(?:発行|登録)|(?<!新規)導入|設定(?:完了)?|受講|閲覧|展開|稼働|インストール|アプリ(?:登録|利用))率|(?:ログイン|アカウント|ID)(?:者|人)?(?:数|発行数)|(?:アクティブ|利用)(?:ユーザー?|者)数?|機能を?(?:使う|使って|有効)|"
    r"(?:システム|ツール|アプリ|機能|製品|サービス|タブレット|端末|連携|ワークフロー|チャットボット|AI|ボット|モジュール|環境|SSO|API)[^。、()]{0,12}(?:を|の)?(?:導入|展開|設定|構築|整備|配備|移行|実装|稼働|有効化|インストール|開通|接続)(?:を?完了)?(?:する|させる|します)?$|"
    r"^(?:[\w-]+\s){0,3}(?:workflows|dashboards|templates|FAQs|automations|integrations|playbooks|guides|manuals|bots|macros)\b|"
    r"\b(?:\d+\s(?:\w+\s){0,2}(?:FAQs?|articles|manuals|dashboards|templates|videos|guides|playbooks|automations|workflows|bots|macros|integrations|reports|instructions|documents|procedures|courses|modules|scripts|forms|pages)|(?:login|log-in|usage|adoption|activation|utili[sz]ation|completion of training) rate|"
    r"(?:active|licen[cs]ed|onboarded|trained) users|logins?|accounts? (?:created|opened)|seats? activated|features? (?:enabled|adopted|used)|(?:roll|rolled|rolling) out|deploy(?:ed|ment)?|go live|implement(?:ed|ation)?|licen[cs]es? assigned|migrat\w+ to)\b",
    re.IGNORECASE | re.ASCII,
)
THEIR_OWN = re.compile(
    r"会員|来店|施設|設備|ベッド|病床|客室|会議室|車両|駐車|備品|顧客の|お客様の|自社|機械|電力|入居|賃貸|テナント|加入者|契約者|保険|組合員|購読|生徒|学生|患者|来場|乗客|座席|視聴|読者|取引先|消費者|教室|図書|窓口|口座|カード|店頭|予約(?:枠|サイト)|ライン|炉|倉庫|トラック|便|"
    r"\b(?:members?|patients?|rooms?|machines?|beds?|vehicles?|tenancy|permits?|lease|lettings?|memberships?|subscriptions?|shoppers?|guests?|students?|tenants?|subscribers?|policy|policies|policyholders?|fleet|seats sold|passengers?|readers?|fans?|citizens?|residents?|line|furnace|warehouse|their own)\b",
    re.IGNORECASE | re.ASCII,
)
MEASURED = re.compile(r"時間|日数|率|参加|費|待ち|人数")
ADVERTISING = re.compile(
    r"展示会|カタログ|パンフレット|招待状|ノベルティ|年賀|ご挨拶|社内報|懇親会|ゴルフ|\b(?:brochure|leaflet|flyer|swag|gift|greeting card|newsletter signup|trade show)",
    re.IGNORECASE | re.ASCII,
)
FILLING = frozenset(
    [
        "稟議",
        "契約",
        "範囲",
        "目的",
        "年度",
        "初年度",
        "初年",
        "削減",
        "短縮",
        "向上",
        "改善",
        "増加",
        "減らす",
        "増やす",
        "下げる",
        "上げる",
        "半減",
        "現状",
        "目標",
        "期限",
        "平均",
        "毎月",
        "毎週",
        "確認",
        "月末",
        "期末",
        "年末",
        "以内",
        "以上",
        "以下",
        "件数",
        "時間",
        "日数",
        "reduce",
        "cut",
        "lower",
        "raise",
        "increase",
        "improve",
        "reviewed",
        "checked",
        "month",
        "quarter",
    ]
)


def check(reading: Reading) -> Iterator[Finding]:
    statement = reading.statement
    if statement.is_action:
        advertising = ADVERTISING.search(reading.text)
        parent = statement.context.parent
        if parent and ((advertising and not ADVERTISING.search(parent)) or is_apart(reading, parent)):
            yield found(Code.UNLINKED, advertising)
        return
    if statement.context.plan_type != SHARED:
        return
    yield from ours(reading)
    if statement.context.ringi and is_apart(reading, statement.context.ringi):
        yield Finding(Code.UNLINKED)


def is_apart(reading: Reading, other: str) -> bool:
    """Not a single word or figure in common with what it should serve."""
    mine, theirs = (topics(text) for text in (reading.everywhere("metric", "evidence"), other))
    return bool(mine and theirs) and not mine & theirs


def topics(text: str) -> set[str]:
    return content_words(text) - FILLING | set(re.findall(r"\d{2,}", fold(text).text))


def ours(reading: Reading) -> Iterator[Finding]:
    core = reading.core
    benefit, means, own = BENEFIT.search(core), MEANS.search(core), THEIR_OWN.search(reading.text)
    if benefit and not own:
        yield found(Code.OUR_BENEFIT, benefit)
    elif means and not own and criterion_of(reading) is not Criterion.SCALE:
        yield found(Code.MEANS_AS_GOAL, means)
    elif made := our_output(reading):
        yield found(Code.OUR_OUTPUT_ONLY, made)


def our_output(reading: Reading) -> re.Match[str] | None:
    """Our own meeting or paper as the end of it; one that is only where a figure is looked at is none."""
    if criterion_of(reading) is Criterion.SCALE:
        return None
    change = reading.change
    if change is not None and change.baseline is not None:
        event = EVENT.search(reading.subject.split("、")[-1])
        counted = event and change.target and change.target.unit in ("回", "本", "件", "社")
        return event if counted and not MEASURED.search(reading.subject) else None
    return our_event(reading) or OUR_WORK.search(reading.core.split("。")[0])
