"""Who works at the two demo vendors. The second repeats the first's names on purpose: tenants must not mix."""

from dataclasses import dataclass

from tenants.roles import Role

PASSWORD = "masume-demo-2026"


@dataclass(frozen=True)
class Person:
    key: str
    name: str
    role: Role
    title: str


@dataclass(frozen=True)
class Vendor:
    slug: str
    name: str
    mail_domain: str
    people: tuple[Person, ...]


TSUMUGI = Vendor(
    "tsumugi",
    "ツムギデスク株式会社",
    "tsumugi.example",
    (
        Person("m.saeki", "佐伯 美咲", Role.CSM, "カスタマーサクセス"),
        Person("y.takanashi", "高梨 由紀子", Role.MANAGER, "カスタマーサクセス部長"),
        Person("r.kashiwagi", "柏木 亮", Role.ADMIN, "情報システム"),
        Person("h.kuzumi", "久住 隼人", Role.SALES, "法人営業"),
        Person("k.hiraga", "平賀 奏", Role.CONTRIBUTOR, "導入支援"),
        Person("s.tono", "遠野 誠司", Role.VIEWER, "執行役員"),
        Person("t.murai", "村井 拓海", Role.CSM, "カスタマーサクセス"),
        Person("r.oka", "岡 理沙", Role.CSM, "カスタマーサクセス"),
    ),
)

HOSHIMI = Vendor(
    "hoshimi",
    "ホシミ通信株式会社",
    "hoshimi.example",
    (
        Person("m.saeki", "佐伯 美咲", Role.CSM, "カスタマーサクセス"),
        Person("y.takanashi", "高梨 由紀子", Role.MANAGER, "カスタマーサクセス部長"),
        Person("r.kashiwagi", "柏木 亮", Role.ADMIN, "情報システム"),
    ),
)
