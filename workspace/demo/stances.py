"""Where the people of the demo's leading customer stand: who reports to whom, what they want, what they said."""

from collections.abc import Mapping
from typing import Any

from accounts.models import Account, BodyMember, KeyPerson, Opinion, PersonTie
from tenants.models import Membership
from workspace.demo.calendar import DemoCalendar

MORE: dict[str, dict[str, dict[str, Any]]] = {
    "torei": {
        "磯部 健一": {"kana": "イソベ ケンイチ", "title": "代表取締役社長"},
        "経営会議": {"kana": "ケイエイカイギ", "is_body": True, "meets": "毎月第3水曜"},
    }
}
STANCES: dict[str, dict[str, dict[str, Any]]] = {
    "torei": {
        "大庭 正樹": {"attitude": "neutral", "desired_attitude": "supportive", "approach_order": 3, "coverage": "met", "orientation": "figures", "influence": "high", "interest": "来期の応対コスト −15%。年末の応答率", "decides_how": "3,000万円以上は経営会議。国枝さんの数字の確認を必ず通す", "motive": "中期計画の応対コストで、本部の数字を出したい", "note": ""},
        "若槻 智子": {"attitude": "leading", "desired_attitude": "leading", "coverage": "trusted", "orientation": "results", "influence": "mid", "interest": "「CX推進部は費用でなく投資」と示すこと", "motive": "全席展開が通れば、福岡も管掌に入る見込み", "note": ""},
        "樋口 真一": {"attitude": "supportive", "desired_attitude": "supportive", "coverage": "regular", "orientation": "operation", "influence": "low", "interest": "シナリオ改修の手間"},
        "横手 浩二": {"attitude": "neutral", "desired_attitude": "leading", "coverage": "met", "orientation": "operation", "influence": "mid", "interest": "新人の定着、覚えやすさ"},
        "戸川 亮": {"attitude": "resistant", "desired_attitude": "neutral", "approach_order": 1, "coverage": "met", "orientation": "technology", "influence": "mid", "interest": "IVR改修の停止リスク"},
        "国枝 恵": {"attitude": "unaware", "desired_attitude": "supportive", "approach_order": 2, "coverage": "none", "orientation": "figures", "influence": "high", "interest": "回収期間18か月以内"},
    }
}  # fmt: skip
REPORTS = {
    "torei": {
        "大庭 正樹": "磯部 健一",
        "国枝 恵": "磯部 健一",
        "戸川 亮": "磯部 健一",
        "若槻 智子": "大庭 正樹",
        "横手 浩二": "大庭 正樹",
        "樋口 真一": "若槻 智子",
    }
}
TIES = {
    "torei": (
        ("国枝 恵", "大庭 正樹", "influence", "予算を査定"),
        ("戸川 亮", "若槻 智子", "conflict", "IVR改修に慎重"),
        ("若槻 智子", "横手 浩二", "support", "協力"),
    )
}
SEATS = {
    "torei": (
        ("経営会議", "磯部 健一", "議長"),
        ("経営会議", "大庭 正樹", "委員"),
        ("経営会議", "国枝 恵", "委員"),
    )
}
OPINIONS = {
    "torei": (
        ("若槻 智子", -2, "上期の応対コストの数字があれば、部門案に入れられる", "m.saeki", "電話"),
        ("大庭 正樹", -41, "応答率が落ちたままなら、増員のほうが早いという声が出る", "y.takanashi", "EBR"),
        ("戸川 亮", -52, "IVRを止める時間が読めない改修は受けられない", "m.saeki", "定例"),
    )
}


def load_stances(
    account: Account,
    key: str,
    people: dict[str, KeyPerson],
    calendar: DemoCalendar,
    members: Mapping[str, Membership],
) -> None:
    if not STANCES.get(key, {}).keys() <= people.keys():
        return  # the other vendor knows the same company, and nobody there
    for name, fields in MORE.get(key, {}).items():
        people[name] = KeyPerson.objects.create(account=account, name=name, **fields)
    for name, fields in STANCES.get(key, {}).items():
        KeyPerson.objects.filter(pk=people[name].pk).update(**fields)
    for name, boss in REPORTS.get(key, {}).items():
        KeyPerson.objects.filter(pk=people[name].pk).update(reports_to=people[boss])
    for name, to, kind, label in TIES.get(key, ()):
        PersonTie.objects.create(account=account, person=people[name], to=people[to], kind=kind, label=label)
    for body, name, seat in SEATS.get(key, ()):
        KeyPerson.objects.filter(pk=people[body].pk).update(meets_on=calendar.workday(20))
        BodyMember.objects.create(account=account, body=people[body], person=people[name], seat=seat)
    for name, days, text, by, source in OPINIONS.get(key, ()):
        Opinion.objects.create(
            account=account, person=people[name], on=calendar.day(days), text=text, heard_by=members.get(by),
            source=source,
        )  # fmt: skip
