"""What surrounds the demo's leading customer: segments, issues, topics, hypotheses, tools."""

from datetime import timedelta
from typing import Any

from accounts.models import (
    Account,
    BehaviourChange,
    BusinessSegment,
    Competitor,
    Hypothesis,
    ManagementIssue,
    Tool,
    Topic,
)
from workspace.demo.calendar import DemoCalendar

OKU = 10**8
FROM_REPORT = {"source_kind": "primary", "source": "有価証券報告書"}
FROM_SALES = {"source_kind": "secondary", "source": "営業の引き継ぎ"}
FROM_TALK = {"source_kind": "primary", "source": "若槻さん"}

ROWS: dict[str, tuple[tuple[type[Any], dict[str, Any]], ...]] = {
    "torei": (
        (ManagementIssue, {"kind": "policy", "title": "中期計画「Reach 2028」。営業利益率 3.0% → 5.0%(29/3期)、応対コスト −15%", "priority": 1, **FROM_SALES}),
        (ManagementIssue, {"kind": "issue", "title": "物流費と人件費の上昇を価格に転嫁できていない", "priority": 2, **FROM_REPORT}),
        (ManagementIssue, {"kind": "issue", "title": "会員の高齢化。30〜40代の獲得単価が2年で1.6倍", "priority": 3, **FROM_REPORT}),
        (ManagementIssue, {"kind": "issue", "title": "年末のあふれ呼。応答率 74%", "priority": 4, **FROM_REPORT}),
        (ManagementIssue, {"kind": "change", "title": "センターごとに応対の手順が違い、まとめて変えにくい", **FROM_TALK}),
        (BusinessSegment, {"name": "通販", "revenue": 1053 * OKU, "profit": 38 * OKU, "uses_us": True, "position": "カスタマー本部の問い合わせ対応", **FROM_REPORT}),
        (BusinessSegment, {"name": "法人", "revenue": 267 * OKU, "profit": 5 * OKU, **FROM_REPORT}),
        (BusinessSegment, {"name": "物流", "revenue": 163 * OKU, "profit": 2 * OKU, **FROM_REPORT}),
        (Hypothesis, {"kind": "issue", "title": "再問い合わせの多くは配送状況を聞く電話", "state": "likely", "grounds": "9月の入電ログ。配送状況が42%", **FROM_TALK}),
        (Hypothesis, {"kind": "proposal", "title": "IVR改修と同じ予算で、配送状況の自動応答を提案できる", "state": "testing", "grounds": "戸川さんに停止リスクの見方を聞く", **FROM_SALES}),
        (Competitor, {"name": "千草通販", "note": "チャットだけで受け付ける窓口を始めた", **FROM_REPORT}),
        (BehaviourChange, {"whose": "仙台センターの応対者", "before": "配送会社の画面を別に開いて調べる", "after": "受付画面だけで到着予定を答える", **FROM_TALK}),
        (Tool, {"name": "コトノハIVR", "vendor": "見晴テレコム", "department": "情報システム部", "purpose": "電話の自動応答", "relation": "overlap", **FROM_SALES}),
        (Tool, {"name": "顧客台帳Kura", "vendor": "自社開発", "department": "情報システム部", "purpose": "会員と注文の照会", "relation": "integrated", **FROM_TALK}),
    ),
}  # fmt: skip
TOPICS = {
    "torei": (
        (-11, "上期決算で「CX基盤への投資は計画どおり」と社長が説明", "決算説明会"),
        (-30, "来期予算は本部ごとに5%削減から組む", "営業 久住"),
    )
}


def load_context(account: Account, key: str, calendar: DemoCalendar) -> None:
    as_of = calendar.today - timedelta(days=35)
    for model, fields in ROWS.get(key, ()):
        model.objects.create(account=account, as_of=as_of, **fields)
    for days, title, source in TOPICS.get(key, ()):
        on = calendar.day(days)
        Topic.objects.create(account=account, on=on, title=title, source=source, as_of=on)
