"""Templates of plans, and a type of plan that the demo's vendor calls by a name of its own."""

from dataclasses import dataclass

from accounts.models import ProductFeature
from success_plans.models import OwnPlanType, PlanTemplate, TemplateLine
from success_plans.templating import count_features

DOWN = "down"


@dataclass(frozen=True)
class DemoMeasure:
    """``features`` are what it counts, by their names; then unit and target follow from them."""

    text: str
    unit: str
    target: float
    month: int
    review: int
    how: str
    direction: str = "up"
    features: tuple[str, ...] = ()


@dataclass(frozen=True)
class DemoStep:
    text: str
    doer: str
    month: int


@dataclass(frozen=True)
class DemoGoal:
    text: str
    why: str
    measures: tuple[DemoMeasure, ...] = ()
    steps: tuple[DemoStep, ...] = ()
    section: str = ""


RENEWAL = ("更新準備計画", "customer_objective", "更新日の半年前に、次の年度の予算に載せるために作る")

TEMPLATES: dict[tuple[str, str, str], tuple[DemoGoal, ...]] = {
    ("大企業の立ち上げ", "customer_objective", "契約した期の半年。最初の部署で効果を1つ見せる"): (
        DemoGoal(
            "最初の部署で、契約した席の6割が毎週使う",
            "稟議書に書かれた効果を、最初の半年で確かめる",
            (DemoMeasure("週に一度は使う席の割合", "%", 60, 5, 2, "管理画面の週報"),),
            (
                DemoStep("キックオフで、目標と振り返りの日を決める", "csm", 1),
                DemoStep("部署ごとの使い方の説明会を開く", "csm", 2),
                DemoStep("使わない席の理由を聞く", "champion", 3),
            ),
        ),
        DemoGoal(
            "効果の数字を1つ、決裁者に報告する",
            "来期の予算に載せる材料にする",
            (DemoMeasure("決裁者に報告した効果の数字", "件", 1, 6, 4, "報告会の議事録"),),
            (DemoStep("はじめの値を先方と測る", "champion", 1), DemoStep("報告会の日を押さえる", "sales", 4)),
        ),
    ),
    ("使われなくなったときの立て直し", "recovery", "利用が半分を切ったとき、推進者が替わったとき"): (
        DemoGoal(
            "週に一度は使う席を、元の8割まで戻す",
            "使われないまま更新を迎えない",
            (DemoMeasure("週に一度は使う席の割合", "%", 80, 3, 1, "管理画面の週報"),),
            (DemoStep("使わなくなった理由を3部署に聞く", "csm", 1), DemoStep("妨げを1つ取り除く", "csm", 2)),
        ),
        DemoGoal(
            "新しい推進者と、次の半年の目標を1つ決める",
            "推進者が替わると、約束も替わる",
            (DemoMeasure("合意した目標", "件", 1, 2, 1, "打ち合わせの記録"),),
            (DemoStep("後任の候補に会う", "csm", 1), DemoStep("決裁者に経緯を伝える", "sales", 1)),
        ),
    ),
    ("定着の四半期", "adoption", "四半期のはじめに、指標ごとに作る"): (
        DemoGoal(
            "週に一度は使う席を2割増やす",
            "使う人が増えるほど、効果の数字が安定する",
            (DemoMeasure("週に一度は使う席", "席", 0, 3, 2, "月曜から日曜に一度でもサインインした席"),),
            (DemoStep("使っていない人の上位3部署に声をかける", "csm", 1),),
        ),
        DemoGoal(
            "まだ使っていない機能を3つ使い始める",
            "使う機能が多いお客様ほど、更新のときに迷わない",
            (
                DemoMeasure(
                    "使っている機能の数",
                    "機能",
                    3,
                    3,
                    2,
                    "機能ごとの計測値が0より大きい",
                    features=("自動応答シナリオ", "有人切り替え", "配送状況の照会"),
                ),
            ),
            (DemoStep("機能ごとに、使い始める部署を1つ決める", "csm", 1),),
        ),
    ),
    ("広げる、紹介してもらう", "account", "年度のはじめに、CSMと営業で作る"): (
        DemoGoal(
            "まだ入っていない部門を1つ、見積もりまで進める",
            "余白の大きい部門から",
            (DemoMeasure("見積もりを出した部門", "部門", 1, 9, 6, "商談の記録"),),
            (
                DemoStep("いまの部門の効果を1枚にまとめる", "csm", 3),
                DemoStep("隣の部門の責任者に会う", "sales", 6),
            ),
            "expansion",
        ),
        DemoGoal(
            "事例の取材を1件受けてもらう",
            "同じ業界のお客様が知りたがっている",
            (DemoMeasure("公開した事例", "件", 1, 12, 9, "自社サイト"),),
            (DemoStep("広報の了解の取り方を推進者に聞く", "csm", 4),),
            "advocacy",
        ),
    ),
    ("来期予算に載せる", RENEWAL[0], "決算の半年前から。効果、金額、決裁の順をそろえる"): (
        DemoGoal(
            "来期予算に、いまの契約額で載る",
            "予算の締めより先に、効果の数字を渡す",
            (DemoMeasure("予算に載った金額の割合", "%", 100, 5, 3, "推進者から聞く"),),
            (
                DemoStep("予算の締めの日と、決める会議体を聞く", "csm", 1),
                DemoStep("効果の数字を1枚にまとめる", "csm", 2),
                DemoStep("決裁者に説明する", "sales", 3),
            ),
        ),
    ),
}


def load_templates() -> None:
    """What is there is left alone."""
    name, rules, note = RENEWAL
    own, _new = OwnPlanType.objects.get_or_create(name=name, defaults={"plan_type": rules, "note": note})
    there = set(PlanTemplate.everything.values_list("name", flat=True))
    for (name, of, note), goals in TEMPLATES.items():
        if name not in there:
            of_type = {"plan_type": own.plan_type, "own_type": own} if of == own.name else {"plan_type": of}
            write(PlanTemplate.objects.create(name=name, note=note, **of_type), goals)


def write(template: PlanTemplate, goals: tuple[DemoGoal, ...]) -> None:
    for place, goal in enumerate(goals, 1):
        line = TemplateLine.objects.create(
            template=template, position=place, text=goal.text, detail=goal.why, section=goal.section
        )
        for n, one in enumerate(goal.measures, 1):
            measured = TemplateLine.objects.create(
                template=template, below=line, kind="criterion", position=n, text=one.text, unit=one.unit,
                target=one.target or None, detail=one.how, due_month=one.month, review_month=one.review,
                direction=one.direction,
            )  # fmt: skip
            if found := ProductFeature.objects.filter(name__in=one.features).values_list("pk", flat=True):
                count_features(measured, [str(pk) for pk in found])
        TemplateLine.objects.bulk_create(
            TemplateLine(
                template=template, below=line, kind="action", position=n, text=one.text, doer=one.doer,
                due_month=one.month,
            )
            for n, one in enumerate(goal.steps, 1)
        )  # fmt: skip
