"""The success plans of the demo, from exemplary to barely begun. Days count from the day of loading.

``{due}`` in a statement is the month its first criterion is due; ``*`` is the customer's champion.
"""

from dataclasses import dataclass

UP, DOWN = "up", "down"


@dataclass(frozen=True)
class DemoCriterion:
    metric: str
    unit: str
    baseline: float
    actual: float
    target: float
    direction: str = UP
    due: int | None = 90
    method: str = ""
    review: int | None = None


@dataclass(frozen=True)
class DemoAction:
    """``who`` is the key of one of ours, or the name of a person of the customer. ``begins`` counts days like ``due``."""

    text: str
    who: str
    due: int | None
    state: str = "todo"
    quantity: str = ""
    begins: int | None = None


@dataclass(frozen=True)
class DemoObjective:
    statement: str
    why: str
    owner: str
    criteria: tuple[DemoCriterion, ...]
    actions: tuple[DemoAction, ...]


TOREI = (
    DemoObjective(
        "{due}までに、配送状況の入電を月42,000件から31,500件へ減らす",
        "中期計画の応対コスト −15%。稟議書「18か月で回収」",
        "若槻 智子",
        (
            DemoCriterion(
                "入電数(配送状況)", "件/月", 42000, 38600, 31500, DOWN, 98, "CTI月報、毎月5日(樋口さん)", 15
            ),
            DemoCriterion("自己解決率", "%", 38, 46, 55, UP, 98, "ツムギFAQの月次集計", 15),
        ),
        (
            DemoAction("配送状況のシナリオを12本に広げる", "樋口 真一", 4, "doing", "8 / 12本", -79),
            DemoAction("IVRの冒頭案内をチャット優先に変える", "戸川 亮", -19, "todo", begins=-66),
            DemoAction("検索0件のことば上位50に回答を用意する", "k.hiraga", 18, "todo", "0 / 50件", 1),
            DemoAction("入電の理由を月ごとに見て、シナリオを直す", "樋口 真一", 98, begins=6),
        ),
    ),
    DemoObjective(
        "{due}までに、仙台80席の1件の応対時間を440秒から370秒へ縮める",
        "応対コスト − 1件の応対時間",
        "横手 浩二",
        (DemoCriterion("1件の応対時間(仙台)", "秒", 440, 418, 370, DOWN, 69, "CTI週報、月曜(横手さん)", 15),),
        (
            DemoAction("新人向けの回答手順書を10本作る", "m.saeki", 8, "doing", "4 / 10本", -30),
            DemoAction("朝礼で先週の応対時間を共有する", "横手 浩二", -3, "done", "毎週", -48),
            DemoAction("仙台80席で、手順書どおりの応対を定着させる", "横手 浩二", 69, "doing", "38%", -40),
            DemoAction("全席へ広げる提案書を作る", "m.saeki", 60, begins=16),
        ),
    ),
    DemoObjective("チャットの利用を強化し、CX向上につなげる", "", "", (), ()),
)

GOOD = (
    DemoObjective(
        "{due}までに、よくある質問の自己解決率を42%から60%へ上げる",
        "応対費用を抑えながら受付時間を広げる経営課題",
        "*",
        (DemoCriterion("自己解決率", "%", 42, 53, 60, UP, 120, "管理画面の月次集計、毎月3日", 20),),
        (
            DemoAction("上位30の質問の回答を書き直す", "m.saeki", 12, "doing", "21 / 30件"),
            DemoAction("検索語の一覧を毎週確かめる", "*", 6, "doing"),
            DemoAction("社内の研修で使い方を伝える", "*", -10, "done", "3回"),
        ),
    ),
    DemoObjective(
        "{due}までに、電話の応答率を81%から92%へ上げる",
        "年末のあふれ呼を減らす",
        "*",
        (DemoCriterion("応答率", "%", 81, 88, 92, UP, 110, "CTI日報の月平均", 20),),
        (DemoAction("混み合う時間帯の案内文を用意する", "m.saeki", 20, "todo", "3本"),),
    ),
)

UNPROVEN = (
    DemoObjective(
        "{due}までに、未展開の120席でも応対支援を使い始める",
        "来期予算で全席へ広げる前に、効果を確かめる",
        "*",
        (DemoCriterion("利用席数", "席", 0, 24, 120, UP, 110, "", None),),
        (
            DemoAction("展開の順番を決める", "*", 14, "todo"),
            DemoAction("席ごとの設定を済ませる", "k.hiraga", 30, "todo"),
        ),
    ),
)

OVERDUE_REVIEW = (
    DemoObjective(
        "歳末商戦の問い合わせの返答を1時間以内にする",
        "歳末の取りこぼしを減らす",
        "*",
        (DemoCriterion("1時間以内の返答率", "%", 48, 55, 85, UP, 45, "受付システムの週報", -5),),
        (DemoAction("返答のひな形を20本そろえる", "m.saeki", -3, "doing", "13 / 20本"),),
    ),
)

THIN = (
    DemoObjective(
        "問い合わせの一次回答を早くする",
        "",
        "",
        (DemoCriterion("一次回答までの時間", "時間", 9, 8.2, 4, DOWN, None, "", None),),
        (DemoAction("受付の流れを書き出す", "", None, "todo"),),
    ),
)

RECOVERY = (
    DemoObjective(
        "{due}までに、週に一度は使う席を31%から80%へ戻す",
        "現場で使われず、更新の判断材料がない",
        "",
        (DemoCriterion("週に一度は使う席の割合", "%", 31, 33, 80, UP, 40, "管理画面の週報", 9),),
        (
            DemoAction("使われていない理由を3部署に聞く", "m.saeki", -4, "doing", "1 / 3部署"),
            DemoAction("後任の候補と面談する", "m.saeki", 1),
        ),
    ),
)

PLANS = {
    "torei": TOREI,
    "good": GOOD,
    "unproven": UNPROVEN,
    "overdue_review": OVERDUE_REVIEW,
    "thin": THIN,
    "recovery": RECOVERY,
}
