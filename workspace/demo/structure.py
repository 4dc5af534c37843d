"""What the demo's vendors sell, the units of their leading customer, and what each customer bought and put to use."""

from dataclasses import dataclass
from datetime import timedelta

from accounts.models import (
    Account,
    BusinessUnit,
    Contract,
    DriverNode,
    Formation,
    IssueDriver,
    KeyPerson,
    ManagementIssue,
    Product,
    ProductFeature,
    Ringi,
    RingiPromise,
    Subscription,
)
from success_plans.models import Objective, SuccessPlan
from workspace.demo.calendar import DemoCalendar

MAN = 10_000

CATALOGUE: dict[str, tuple[tuple[str, str, str, tuple[tuple[str, bool], ...]], ...]] = {
    "tsumugi": (
        ("ツムギChat", "席", "お客様のチャットに自動と人で答える", (("自動応答シナリオ", True), ("有人切り替え", False), ("配送状況の照会", True))),
        ("ツムギFAQ", "拠点", "検索して自分で解決できるFAQ", (("検索0件のことば", True), ("回答の下書き", False))),
        ("ツムギAssist", "席", "電話の応対を横から助ける", (("回答候補の表示", True), ("通話の要約", True), ("手順の案内", False))),
        ("ツムギVoice", "回線", "電話の自動応答", (("用件の聞き取り", False),)),
    ),
    "hoshimi": (("ホシミ回線", "回線", "拠点をつなぐ専用線", (("帯域の見える化", False),)),),
}  # fmt: skip


@dataclass(frozen=True)
class Bought:
    product: str
    quantity: int
    deployed: int | None
    amount: int  # in units of 10,000 yen
    unit: str = ""


UNITS: dict[str, tuple[tuple[str, str, int | None, str], ...]] = {
    "torei": (
        ("カスタマー本部", "", 560, "問い合わせと注文の窓口"),
        ("CX推進部", "カスタマー本部", 24, "応対の改善を進める。導入の窓口"),
        ("仙台センター", "カスタマー本部", 80, "電話応対"),
        ("福岡センター", "カスタマー本部", 440, "電話応対。委託の見直し中"),
        ("情報システム部", "", 60, "IVRと会員基幹を持つ"),
        ("物流本部", "", 310, "対象外"),
    ),
}  # fmt: skip
LINES: dict[str, tuple[Bought, ...]] = {
    "torei": (
        Bought("ツムギChat", 520, 410, 1800),
        Bought("ツムギFAQ", 2, 2, 900),
        Bought("ツムギAssist", 80, 80, 1140, "仙台センター"),
    ),
    "hibari": (Bought("ツムギChat", 60, 31, 1920),),
    "chidori": (Bought("ツムギChat", 90, 71, 1500), Bought("ツムギFAQ", 6, 4, 1260)),
    "asunaro": (Bought("ツムギAssist", 1500, 1380, 4320),),
    "yowa": (Bought("ツムギChat", 140, 43, 3120),),
    "soten": (Bought("ツムギChat", 300, 284, 4000), Bought("ツムギFAQ", 8, 8, 2240)),
    "komyo": (Bought("ツムギAssist", 120, 96, 3000),),
    "minamo": (Bought("ツムギChat", 240, 206, 3300), Bought("ツムギAssist", 100, 62, 2220)),
    "hokuto": (Bought("ツムギChat", 210, 200, 4800),),
    "tokiwa": (Bought("ツムギFAQ", 3, 2, 1320),),
    "shirakaba": (Bought("ツムギChat", 40, None, 1440),),
}


@dataclass(frozen=True)
class Node:
    """One figure of the driver tree; ``serves`` is the place of the objective in the plan that works on it."""

    name: str
    above: str = ""
    value: str = ""
    target: str = ""
    kind: str = "driver"
    line: str = ""
    unit: str = ""
    source: str = ""
    is_agreed: bool = False
    is_out_of_scope: bool = False
    serves: int = 0


DRIVERS: dict[str, tuple[Node, ...]] = {
    "torei": (
        Node("営業利益", target="75億円", kind="goal", line="operating_profit", source="有価証券報告書"),
        Node("売上高", "営業利益", line="revenue", source="有価証券報告書"),
        Node("稼働会員", "売上高", "412万人", source="決算説明会"),
        Node("年間注文回数", "売上高", "3.1回", source="決算説明会"),
        Node("離脱率(電話不通)", "売上高", unit="カスタマー本部"),
        Node("応対コスト", "営業利益", "38億円", "−15%", unit="カスタマー本部", source="若槻さん", is_agreed=True),
        Node("入電数(配送状況)", "応対コスト", "38,600件/月", unit="CX推進部", source="CTI月報", is_agreed=True, serves=1),
        Node("1件の応対時間", "応対コスト", "6分58秒", unit="仙台センター", source="CTI週報", is_agreed=True, serves=2),
        Node("席あたり費用", "応対コスト", unit="カスタマー本部"),
        Node("配送状況の応対", "入電数(配送状況)", "月16,200件", kind="operation", unit="仙台センター", source="9月の入電ログ"),
        Node("物流費", "営業利益", "196億円", unit="物流本部", is_out_of_scope=True),
    ),
}  # fmt: skip


def load_catalogue(vendor: str) -> None:
    """The vendor's products; what is there is left alone."""
    there = set(Product.everything.values_list("name", flat=True))
    for name, unit, note, features in CATALOGUE[vendor]:
        if name not in there:
            product = Product.objects.create(name=name, quantity_unit=unit, note=note)
            for feature, is_sticky in features:
                ProductFeature.objects.create(product=product, name=feature, is_sticky=is_sticky)


def load_structure(account: Account, contract: Contract, key: str, calendar: DemoCalendar) -> None:
    """Units, and the lines of the contract; only customers of the vendor that sells these products have them."""
    units: dict[str, BusinessUnit] = {}
    for name, above, headcount, note in UNITS.get(key, ()):
        units[name] = BusinessUnit.objects.create(
            account=account, name=name, parent=units.get(above), headcount=headcount, note=note
        )
    for unit in units.values():
        KeyPerson.objects.filter(account=account, department=unit.name).update(unit=unit)
    products = {product.name: product for product in Product.objects.all()}
    for line in LINES.get(key, ()):
        if line.product in products:
            Subscription.objects.create(
                account=account, contract=contract, product=products[line.product], unit=units.get(line.unit),
                quantity=line.quantity, deployed=line.deployed, amount=line.amount * MAN,
                deployed_on=calendar.today - timedelta(days=5) if line.deployed is not None else None,
            )  # fmt: skip
    load_promises(account, key, calendar)
    load_drivers(account, key, units, calendar)


def load_promises(account: Account, key: str, calendar: DemoCalendar) -> None:
    if key != "torei":
        return
    ringi = Ringi.objects.create(
        account=account, title="CX基盤の導入(チャット・FAQ・応対支援)", on=calendar.day(-440), amount=3840 * MAN,
        purpose="問い合わせの自己解決を増やし、応対コストを下げる", approvers="経営会議(大庭、国枝、戸川)",
        copy_with="営業 久住",
    )  # fmt: skip
    for promise, figure, days in (
        ("応対コストの削減で投資を回収する", "18か月で回収", 110),
        ("再問い合わせを減らす", "再問い合わせ率 15%以下", 128),
    ):
        RingiPromise.objects.create(
            account=account, ringi=ringi, promise=promise, figure=figure, due_on=calendar.day(days)
        )
    Formation.objects.create(
        account=account, purpose="配送状況の問い合わせを、IVR・会員基盤・チャットで一緒に減らす",
        theirs="若槻さん、樋口さん、戸川さん", ours="佐伯、平賀", cadence="月1回", state="proposed",
    )  # fmt: skip


def load_drivers(account: Account, key: str, units: dict[str, BusinessUnit], calendar: DemoCalendar) -> None:
    made: dict[str, DriverNode] = {}
    for place, node in enumerate(DRIVERS.get(key, ()), 1):
        made[node.name] = DriverNode.objects.create(
            account=account, parent=made.get(node.above), position=place, name=node.name, kind=node.kind,
            value=node.value, target=node.target, line=node.line, unit=units.get(node.unit), source=node.source,
            as_of=calendar.day(-20) if node.source else None, is_agreed=node.is_agreed,
            is_out_of_scope=node.is_out_of_scope,
        )  # fmt: skip


ABOUT: dict[str, tuple[tuple[int, str], ...]] = {
    "torei": (
        (1, "営業利益"),
        (1, "応対コスト"),
        (2, "物流費"),
        (3, "稼働会員"),
        (4, "入電数(配送状況)"),
        (4, "離脱率(電話不通)"),
    )
}
"""Which figures the customer's issues, named by their priority, are about."""


def tie_issues(account: Account, key: str) -> None:
    for priority, name in ABOUT.get(key, ()):
        IssueDriver.objects.create(
            account=account,
            issue=ManagementIssue.objects.get(account=account, priority=priority),
            driver=DriverNode.objects.get(account=account, name=name),
        )


def serve(plan: SuccessPlan, key: str) -> None:
    """What the objectives of the demo's leading plan work on and which promise they keep."""
    account = plan.account
    for node in DRIVERS.get(key, ()):
        if node.serves:
            driver = DriverNode.objects.get(account=account, name=node.name)
            promise = RingiPromise.objects.filter(account=account).order_by("created_at").first()
            issue = ManagementIssue.objects.filter(account=account, priority=1).first()
            Objective.objects.filter(plan=plan, position=node.serves).update(
                driver=driver, promise=promise if node.serves == 1 else None, issue=issue
            )
