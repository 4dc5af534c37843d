"""What is known of the demo's customers beyond the columns: the sheet of design 03, with who said it and when."""

from datetime import timedelta
from typing import Any

from accounts.models import Account, Fact
from workspace.demo.calendar import DemoCalendar

REPORT = ("primary", "有報 26/3期", "csm", 145)
HANDED_OVER = ("secondary", "営業の引き継ぎ", "commercial_owner", 210)
HEARD = ("primary", "若槻さん", "csm", 37)
OURS = ("secondary", "佐伯の仮説", "csm", 2)
LONG_AGO = ("primary", "キックオフ", "csm", 400)

VALUES: dict[str, dict[str, tuple[str, tuple[str, str, str, int]]]] = {
    "torei": {
        "business": ("カタログとECの総合通販。購入者の6割が50代以上。自社物流を他社にも提供する。", REPORT),
        "business_model": ("会員620万人への単品と定期販売。粗利率48%。注文の31%がいまも電話。", HEARD),
        "our_place": ("通販事業のカスタマー本部。問い合わせの一次応答をChatとFAQで受ける。", HANDED_OVER),
        "management_policy": ("中期計画「Reach 2028」。営業利益率 3.0% → 5.0%(29/3期)、応対コスト −15%。", HANDED_OVER),
        "market_society": ("会員の高齢化。30〜40代の獲得単価が2年で1.6倍。", REPORT),
        "market_economy": ("物流費と人件費の上昇を価格に転嫁できていない。", REPORT),
        "implication": ("応対コストの数字を経営会議に出せる形にすれば、5%削減の例外として予算を守れる。", OURS),
        "counterpart": ("仙台と福岡の2拠点。仙台は自社で400席、福岡は委託で120席。運用は樋口さんのチーム。", HEARD),
        "dynamics": ("事業部長の号令で動く", HEARD),
        "levers": ("大庭本部長。センター長は号令を待つ", HEARD),
        "how_to_push": ("若槻さんの成果を大庭さんの会議で数字にして見せる。", OURS),
        "powers": ("国枝さんが予算を査定。戸川さんはIVR改修に慎重。", LONG_AGO),
        "change_issues": ("センターごとに応対の手順が違い、まとめて変えにくい。", HEARD),
        "success_policy": ("2027/02までに配送状況の入電を月42,000件から31,500件へ減らし、応対コストを年1.2億円下げる。", OURS),
        "growth_kind": ("エクスパンション方針", OURS),
        "growth_policy": ("仙台80席の応対時間の短縮を根拠に、Assistを全520席へ。福岡の委託を内製に戻すと席が120減る。", OURS),
    },
    "minamo": {
        "business": ("中部の地方銀行。法人と個人の預貸金。", HANDED_OVER),
        "treatment_policy": ("支店の問い合わせを本部に集める2年の計画を、一緒に進める。", OURS),
    },
}  # fmt: skip


def load_sheet(account: Account, key: str, calendar: DemoCalendar) -> None:
    """The facts of one customer; ``key`` is the demo's name for it."""
    Fact.objects.bulk_create(
        fact(account, field, value, about, calendar) for field, (value, about) in VALUES.get(key, {}).items()
    )


def fact(
    account: Account, field: str, value: str, about: tuple[str, str, str, int], calendar: DemoCalendar
) -> Any:
    source_kind, source, author, days = about
    return Fact(
        account=account,
        field_key=field,
        value=value,
        source_kind=source_kind,
        source=source,
        author=getattr(account, author),
        as_of=calendar.today - timedelta(days=days),
        noted_at=calendar.moment(-days),
    )
