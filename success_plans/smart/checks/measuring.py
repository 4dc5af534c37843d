"""M: where the figure is read, and when somebody looks at it. A criterion that is missing hides both (SMART.md)."""

import re
from collections.abc import Iterator

from success_plans.smart.codes import Code
from success_plans.smart.criteria import Criterion, criterion_of
from success_plans.smart.finding import Finding, outside
from success_plans.smart.reading import Reading

METHOD = re.compile(
    r"報|日誌|計[りるっ]|測[りるっ]|ログ|記録|台帳|一覧|集計|解析|分析|カメラ|時刻|日時|スタンプ|表|帳|データ|システム|出力|カレンダー|履歴|突合|アンケート|調査|通知|簿|欄|[日時]の差|板の|数え|DB|名簿|検針|件数管理|POS|CTI|PBX|WMS|SFA|CRM|ERP|MES|BI|KPI|ツール|アプリ|画面|レポート|ダッシュボード|"
    r"カウンタ|伝票|明細|計測|測定|実測|算出|サンプル|抜き取り|抽出|ストップウォッチ|採点|審査|テスト|スコア|シート|議事録|票|写し|カウント|統計|センサ|メーター|回覧|スキャン|エクスポート|チケット|アクセス数|残高|試算|"
    r"\b(?:logs?|reports?|dashboards?|surveys?|audit|exports?|data(?:base)?|system|ledger|tracker|records?|calendar|timestamps?|analytics|counts?|counted|counter|measured|measurement|source|sheets?|checklist|scores?|scored|sample[sd]?|"
    r"CRM|WMS|ERP|SFA|MES|POS|helpdesk|statements?|register|queue|recordings?|lists?|figures|extract|spreadsheet|minutes|invoice run|from the|taken from|per the|tool|platform|board|codes?|core|portal|invoices?|receipts?|roster|app|terminal|gauge|readings?|bookings?|time ?clock|sensor|meter|tickets?|history|book|file)\b",
    re.IGNORECASE | re.ASCII,
)
REVIEW = re.compile(
    r"毎月|毎週|毎日|毎朝|毎夕|毎晩|毎営業日|毎回|毎学期|総括|毎四半期|毎期|各月|各週|隔週|隔月|月次|週次|日次|四半期(?:次|ごと|に)|(?:月|週)\d回|(?:か月|週間?|日)ごと|ごとに|定例|振り?返|中間|途中|レビュー|判定|採点|点検日|月初|月末(?:に|の|ごと)|締め後|"
    r"(?:日|月|曜|週|会|時|末|後|目)(?:に|で|の)?[^、。)]{0,10}(?:確認|点検|評価|見直|照合|報告|見る|チェック|合計)|(?:会議|委員会|部会|会)で(?:確認|見|報告|振)|"
    r"\d{1,2}に(?:途中|中間)?(?:確認|点検)|\b(?:review(?:ed|s)?|check(?:ed|s|point)?|weekly|monthly|quarterly|daily|fortnightly|bi-?weekly|every|each|first \w+day|(?:month|quarter)-end|trial|mid-?\w*|stand-?up|meeting|call|inspected|assessed|read out|steering|looked at|revisited|gone through|gone over|discussed|read|seen|monitored|tracked|presented|walked through|reported)\b",
    re.IGNORECASE | re.ASCII,
)
MONTHLY_TOPIC = re.compile(
    r"(?:月次|日次|週次)(?:決算|締め|処理|棚卸|報告書|レポートの|業務|請求|速報)|毎[月週日]の(?:入力|作業)|中間(?:在庫|納品|検査)"
)


def check(reading: Reading) -> Iterator[Finding]:
    if reading.statement.is_action or criterion_of(reading) in (Criterion.NONE, Criterion.SCALE):
        return
    fields, text, skipped = reading.statement.fields, reading.text, [reading.head, *topics(reading)]
    days = [(day.start, day.end) for day in reading.days]
    if not fields.method and not outside(METHOD, text, [*skipped, *days]):
        yield Finding(Code.NO_METHOD)
    due = [(reading.due.start, reading.due.end)] if reading.due and not is_judged(reading) else []
    if (
        fields.review_date is None
        and not outside(REVIEW, text, [*skipped, *due])
        and not REVIEW.search(fields.method)
    ):
        yield Finding(Code.NO_REVIEW)


def topics(reading: Reading) -> list[tuple[int, int]]:
    """月次決算 is what is closed every month, not when somebody looks at a figure."""
    return [match.span() for match in MONTHLY_TOPIC.finditer(reading.text)]


def is_judged(reading: Reading) -> bool:
    return bool(
        reading.due and re.match(r"^(?:に|で)?(?:判定|採点|評価|振り?返)", reading.text[reading.due.end :])
    )
