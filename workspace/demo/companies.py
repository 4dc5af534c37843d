"""The customers of the demo. Days count from the day of loading; months follow it, so the seasons stay alive.

``renews`` and ``fiscal_month`` are written as of November 2026 and are shifted together with the calendar.
"""

from dataclasses import dataclass, field
from typing import Any

NEVER = None


@dataclass(frozen=True)
class Contact:
    """A person of the customer. ``met``: days since we last met; ``moved``: days since they left the post; ``rose``: days
    since they were promoted, and to what."""

    name: str
    kana: str
    department: str
    title: str
    role: str = ""
    met: int | None = NEVER
    moved: int | None = None
    note: str = ""
    rose: tuple[int, str] | None = None


@dataclass(frozen=True)
class Company:
    key: str
    name: str
    kana: str
    industry: str
    arr: int  # in units of 10,000 yen
    renews: tuple[int, int]  # year, month; the last day of that month
    fiscal_month: int
    people: tuple[Contact, ...]
    last_note: int | None
    note: str
    csm: str = "m.saeki"
    stage: str = "live"
    tier: str = "high"
    plan: str = ""
    budget: str = "undecided"
    progress: float | None = None  # how far its criteria have come, where the plan's own figures are not used
    parent: str = ""  # the key of the company above it in its group
    looked_at: bool = False  # the checkpoint half a year before renewal is already closed
    facts: dict[str, Any] = field(default_factory=dict)


EB, CH = "economic_buyer", "champion"

COMPANIES = (
    Company(
        "torei", "東嶺ダイレクト株式会社", "トウレイダイレクト", "通信販売", 3840, (2027, 3), 3,
        (
            Contact("大庭 正樹", "オオバ マサキ", "カスタマー本部", "執行役員 本部長", EB, 41, note="3,000万円以上は経営会議。国枝さんの数字の確認を必ず通す"),
            Contact("若槻 智子", "ワカツキ トモコ", "CX推進部", "部長", CH, 2, note="「CX推進部は費用でなく投資」と示したい"),
            Contact("樋口 真一", "ヒグチ シンイチ", "CX推進部", "課長", "administrator", 2),
            Contact("横手 浩二", "ヨコテ コウジ", "仙台センター", "センター長", "user_lead", 16),
            Contact("戸川 亮", "トガワ リョウ", "情報システム部", "部長", "influencer", 52, note="IVR改修の停止リスクを心配している"),
            Contact("国枝 恵", "クニエダ メグミ", "経営企画部", "部長", "influencer", NEVER),
        ),
        2, "若槻さんから電話。稟議書の目標値は「再問い合わせ率 15%以下」とのこと。上期の応対コストの数字を、来週の部門案に使いたい", looked_at=True, plan="torei",
        parent="toreihd",
        facts={"employees": 4820, "address": "東京都江東区", "segment": "EC・通販"},
    ),
    Company(
        "hibari", "株式会社ひばり百貨店", "ヒバリヒャッカテン", "小売", 1920, (2027, 2), 2,
        (
            Contact("片桐 聡", "カタギリ サトシ", "営業本部", "本部長", EB, 38),
            Contact("水沢 由美", "ミズサワ ユミ", "お客様サービス部", "課長", CH, 5),
        ),
        5, "水沢さんと週次の確認。歳末の応対は増員で乗り切る方針", looked_at=True, plan="overdue_review",
    ),
    Company(
        "chidori", "千鳥電鉄株式会社", "チドリデンテツ", "鉄道", 2760, (2027, 3), 3,
        (
            Contact("柴崎 徹", "シバサキ トオル", "情報戦略部", "部長", EB, 20),
            Contact("浅見 亜紀", "アサミ アキ", "情報戦略部", "主任", CH, 4),
        ),
        4, "情報戦略部が他社との比較表を作成中。昨期の稟議と同じ指標で効果がほしい", progress=0.25, looked_at=True, plan="good",
    ),
    Company(
        "asunaro", "アスナロ損害保険株式会社", "アスナロソンガイホケン", "損害保険", 4320, (2027, 3), 3,
        (
            Contact("篠田 誠", "シノダ マコト", "損害サービス本部", "本部長", EB, 6),
            Contact("渡会 圭", "ワタライ ケイ", "業務改革室", "室長", CH, 34),
        ),
        6, "篠田さんと面談。未展開の120席は来期に広げたい意向", looked_at=True, plan="unproven",
    ),
    Company(
        "yowa", "陽和エナジー株式会社", "ヨウワエナジー", "エネルギー", 3120, (2027, 3), 3,
        (
            Contact("桑原 良太", "クワバラ リョウタ", "カスタマー部", "部長", EB, 24),
            Contact("三枝 千尋", "サエグサ チヒロ", "カスタマー部", "課長", CH, 30, moved=18, note="関西支社へ異動。後任は未発表"),
        ),
        2, "問い合わせの山が続いている。桑原さんは「現場が使えていない」との評価", progress=0.01, plan="recovery",
    ),
    Company(
        "hinode", "日ノ出精機株式会社", "ヒノデセイキ", "製造", 840, (2027, 4), 3,
        (Contact("沢田 学", "サワダ マナブ", "品質保証部", "係長", CH, 9),),
        9, "沢田さんとメール。部品の問い合わせをFAQに移す件は年明けから", plan="thin",
    ),
    Company(
        "soten", "蒼天生命保険株式会社", "ソウテンセイメイ", "生命保険", 6240, (2027, 6), 3,
        (
            Contact("真鍋 隆", "マナベ タカシ", "事務企画部", "担当役員", EB, 12),
            Contact("白川 結", "シラカワ ユイ", "コンタクトセンター", "センター長", CH, 1),
        ),
        1, "白川さんと月次。自己解決率は目標まであと3ポイント", progress=0.28, plan="good", budget="included",
        facts={"is_listed": True},
    ),
    Company(
        "komyo", "光明信販株式会社", "コウミョウシンパン", "信販", 3000, (2027, 7), 3,
        (
            Contact("長岡 修", "ナガオカ オサム", "お客様相談室", "室長", EB, 25),
            Contact("三木 奈々", "ミキ ナナ", "業務企画部", "課長", CH, 5),
        ),
        5, "QBRの資料を三木さんと確認。決裁の長岡さんも出席", progress=0.22, plan="good", budget="included",
    ),
    Company(
        "minamo", "株式会社みなも銀行", "ミナモギンコウ", "銀行", 5520, (2027, 9), 3,
        (
            Contact("関 康弘", "セキ ヤスヒロ", "チャネル戦略部", "部長", EB, 28),
            Contact("大西 彩", "オオニシ アヤ", "ダイレクト営業部", "次長", CH, 3),
        ),
        3, "月次定例の議題を大西さんと調整", progress=0.17, plan="good", budget="included",
    ),
    Company(
        "shiranami", "しらなみ運輸株式会社", "シラナミウンユ", "物流", 2160, (2027, 1), 12,
        (Contact("川名 修司", "カワナ シュウジ", "業務部", "課長", CH, 60, moved=35, note="退職。後任は決まっていない"),),
        11, "川名さんの後任を業務部に照会。返事は来週", plan="thin",
    ),
    Company(
        "hokuto", "北都エアライン株式会社", "ホクトエアライン", "航空", 4800, (2027, 12), 12,
        (
            Contact("新田 明", "ニッタ アキラ", "顧客体験本部", "本部長", EB, 15),
            Contact("早見 玲", "ハヤミ レイ", "顧客体験本部", "マネージャー", CH, 1, rose=(12, "部長")),
        ),
        1, "早見さんから年末の欠航対応の相談。回答テンプレートを共有", progress=0.45, plan="good", budget="included",
    ),
    Company(
        "kikyo", "桔梗フーズ株式会社", "キキョウフーズ", "食品", 960, (2027, 5), 5,
        (
            Contact("堀 和彦", "ホリ カズヒコ", "営業統括部", "部長", EB, 45),
            Contact("今井 沙織", "イマイ サオリ", "お客様相談室", "リーダー", CH, 8),
        ),
        8, "今井さんに電話。季節商品の問い合わせ分類を直した", plan="thin",
    ),
    Company(
        "tokiwa", "常葉トラベル株式会社", "トキワトラベル", "旅行", 1320, (2027, 8), 10,
        (
            Contact("菊地 洋", "キクチ ヒロシ", "予約センター", "センター長", EB, 22),
            Contact("相原 楓", "アイハラ カエデ", "予約センター", "係長", CH, 3),
        ),
        3, "相原さんと週次。予約変更の自動応答が本番に入った", progress=0.14, plan="good", tier="mid",
    ),
    Company(
        "shirakaba", "白樺ホームズ株式会社", "シラカバホームズ", "住宅", 1440, (2027, 11), 9,
        (),
        NEVER, "", stage="onboarding",
    ),
    Company("kayo", "霞洋ロジ株式会社", "カヨウロジ", "物流", 1680, (2027, 3), 3,
            (Contact("岩永 進", "イワナガ ススム", "業務企画部", "部長", EB, 18),), 6, "岩永さんと来期の体制を確認", csm="t.murai", looked_at=True, plan="thin"),
    Company("kirishima", "霧島飲料株式会社", "キリシマインリョウ", "食品", 2040, (2027, 6), 12,
            (Contact("二宮 遥", "ニノミヤ ハルカ", "お客様センター", "課長", CH, 4),), 4, "二宮さんに新機能を案内", csm="t.murai", progress=0.12, plan="good"),
    Company("seiran", "青嵐テレコム株式会社", "セイランテレコム", "通信", 3360, (2027, 3), 3,
            (Contact("東 大輔", "アズマ ダイスケ", "CS本部", "本部長", EB, 10),), 10, "東さんへEBRの日程を打診", csm="r.oka", looked_at=True, plan="unproven"),
    Company("toreihd", "東嶺ホールディングス株式会社", "トウレイホールディングス", "持株会社", 240, (2027, 9), 3,
            (Contact("真壁 忠", "マカベ タダシ", "グループ経営企画部", "部長", EB, 27),), 27, "真壁さんと面談。グループ各社の応対基準をそろえたい", csm="t.murai", tier="low", plan="thin"),
    Company("toreiff", "東嶺フルフィルメント株式会社", "トウレイフルフィルメント", "物流", 960, (2027, 12), 3,
            (Contact("安西 恵理", "アンザイ エリ", "業務部", "部長", EB, 12),), 6, "安西さんに電話。返品の問い合わせを減らしたい", csm="t.murai", tier="mid", plan="thin", parent="toreihd"),
    Company("wakaayu", "若鮎水産株式会社", "ワカアユスイサン", "食品", 720, (2027, 10), 12, (), 14,
            "発注窓口が変わったとの連絡", csm="r.oka", tier="low"),
)  # fmt: skip

HOSHIMI_COMPANIES = (
    Company(
        "torei", "東嶺ダイレクト株式会社", "トウレイダイレクト", "通信販売", 2400, (2027, 3), 3,
        (Contact("若槻 智子", "ワカツキ トモコ", "CX推進部", "部長", CH, 7),), 7, "回線の増設について若槻さんから照会", plan="thin",
    ),
    Company(
        "minamo", "株式会社みなも銀行", "ミナモギンコウ", "銀行", 1800, (2027, 9), 3,
        (Contact("関 康弘", "セキ ヤスヒロ", "チャネル戦略部", "部長", EB, 3),), 3, "月次の稼働報告", plan="good",
    ),
)  # fmt: skip
