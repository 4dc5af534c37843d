"""The sheet as it comes: edition 1 of every tenant until an admin makes another (S1 1.5–1.29, S2 2.9–2.14)."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from accounts.models.sheet import (
    METER_OF,
    FieldKind,
    NeededBy,
    Owes,
    SheetField,
    SheetSection,
    StandardSection,
)
from tenants.editing import editable

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

YEAR = 12
"""Months until a fact is old (R24)."""


@dataclass(frozen=True)
class Own:
    """A field without a column; ``more`` are attributes of ``SheetField``."""

    key: str
    label: "StrOrPromise"
    question: "StrOrPromise"
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Column:
    """A column of the account. Label, question and owner are those of its field in ``accounts.editing``."""

    key: str
    more: dict[str, Any] = field(default_factory=dict)


def column(key: str, **more: Any) -> Column:
    return Column(key, more)


def own(key: str, label: "StrOrPromise", question: "StrOrPromise", **more: Any) -> Own:
    return Own(
        key, label, question, {"kind": FieldKind.AREA, "months": YEAR, "needed_by": NeededBy.MID, **more}
    )


RARE = {"needed_by": NeededBy.NOBODY}
"""Empty for most companies: an empty one is no gap."""
SALES = {"owner": Owes.SALES}
TOP = {"needed_by": NeededBy.HIGH}

STANDARD: dict[StandardSection, tuple[Column | Own, ...]] = {
    StandardSection.COMPANY: (
        column("name"),
        column("kana"),
        column("former_names", **RARE),
        column("industry"),
        column("address"),
        column("employees", months=YEAR),
        column("capital", months=YEAR),
        column("is_listed"),
        column("securities_code", **RARE),
        column("edinet_code", **RARE),
        column("corporate_number"),
    ),
    StandardSection.BUSINESS: (
        own("business", _("事業内容"), _("何を誰に売る会社ですか"), needed_by=NeededBy.ALL, **SALES),
        own("business_model", _("ビジネスモデル"), _("どこで利益が出ていますか")),
        own("our_place", _("導入サービスの位置づけ"), _("どの事業の、どの仕事で使われていますか"), **SALES),
        own("market_politics", _("市場環境(政治・規制)"), _("規制や政策の何に左右されますか"), **TOP),
        own("market_economy", _("市場環境(経済)"), _("景気や原価の何に左右されますか"), **TOP),
        own("market_society", _("市場環境(社会)"), _("お客様のお客様は、どう変わっていますか"), **TOP),
        own("market_technology", _("市場環境(技術)"), _("どんな技術が仕事を変えていますか"), **TOP),
        own("management_policy", _("経営方針"), _("中期計画で、何をいくつにすると言っていますか"), **SALES),
        own("implication", _("示唆"), _("ここまでの事実から、何を提案できますか")),
    ),
    StandardSection.FISCAL: (column("fiscal_month"), column("fiscal_day", **RARE)),
    StandardSection.SETUP: (
        own("counterpart", _("お客様のCS体制"), _("誰が何人で、どの仕事を担っていますか")),
        own("proposed_setup", _("提案する座組み"), _("他社の道具も含めて、最適な形は何ですか"), **TOP),
    ),
    StandardSection.ORGANISATION: (
        own(
            "dynamics",
            _("組織力学"),
            _("新しいやり方は、誰の動きで広まりますか"),
            kind=FieldKind.CHOICE,
            choices="事業部長の号令で動く\nできる人の背中を見て動く\n合議で決めてから動く\n現場から広がる",
        ),
        own("levers", _("動かす人"), _("その動きを起こせるのは誰ですか"), kind=FieldKind.TEXT),
        own("how_to_push", _("押し方"), _("その人を、どう後押ししますか")),
        own("powers", _("力関係と思惑"), _("誰が賛成し、誰が困りますか"), **TOP),
        own("change_issues", _("変革課題"), _("変わろうとして、どこで止まっていますか")),
    ),
    StandardSection.POLICY: (
        own("treatment_policy", _("顧客対応方針"), _("このお客様を、どう支えますか")),
        own("success_policy", _("サクセス方針"), _("いつまでに、何をいくつにしますか")),
        own(
            "growth_kind",
            _("拡大か、縮小への備えか"),
            _("伸ばすお客様ですか、守るお客様ですか"),
            kind=FieldKind.CHOICE,
            choices="エクスパンション方針\nチャーン・コントラクション与件",
        ),
        own("growth_policy", _("伸びる条件・減る条件"), _("何がそろえば広がり、何が起きれば減りますか")),
        own("concept", _("包含するコンセプト"), _("全員の思惑を包む一言は何ですか"), kind=FieldKind.TEXT, **TOP),
    ),
    StandardSection.CONTRACT: (
        column("stage"),
        column("arr"),
        column("tier"),
        column("segment"),
        column("external_id"),
    ),
    StandardSection.TEAM: (
        column("csm"),
        column("deputy"),
        column("commercial_owner"),
        column("support_manager"),
    ),
}  # fmt: skip


def standard_fields() -> list[SheetField]:
    """The standard sheet as rows that are not saved, in the words of the language in use."""
    found = [(section, each) for section, members in STANDARD.items() for each in members]
    return [row(section, each, position) for position, (section, each) in enumerate(found)]


def standard_sections() -> list[SheetSection]:
    """Its sections as rows that are not saved, in order."""
    return [
        SheetSection(key=section.value, title=str(section.label), meter=METER_OF[section], position=position)
        for position, section in enumerate(StandardSection)
    ]


def standard_keys() -> list[str]:
    return [each.key for members in STANDARD.values() for each in members]


def row(section: StandardSection, each: Column | Own, position: int) -> SheetField:
    common: dict[str, Any] = {"key": each.key, "section": section.value, "position": position}
    if isinstance(each, Own):
        words = {"label": str(each.label), "question": str(each.question)}
        return SheetField(**{**common, **words, **each.more})
    known = editable("account").fields[each.key]
    words = {"label": str(known.label), "question": str(known.hint), "owner": known.owner or Owes.CSM}
    return SheetField(**{**common, "kind": FieldKind.COLUMN, **words, **each.more})
