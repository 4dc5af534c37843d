"""The customer's business context: which lists its page has, and what is edited in their rows (S1 1.11–1.21)."""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.financials.amounts import MILLION, parse_amount, shown, typed
from accounts.lists import PROVENANCE, AccountList
from accounts.lists import register as add_list
from accounts.models import (
    BehaviourChange,
    BusinessSegment,
    Competitor,
    Hypothesis,
    ManagementIssue,
    Tool,
    Topic,
)
from tenants.editing import Editable, EditField
from tenants.editing import register as make_editable
from tenants.editing.fields import for_column

PAGE = "context"


def in_million_yen(model: type[models.Model], key: str, label: Any) -> EditField:
    """An amount of a statement: typed in 百万円 unless it names its unit, shown in whole 百万円."""
    return replace(
        for_column(model, key),
        label=label,
        parse=lambda text, record: parse_amount(text),
        raw=lambda value: typed(value, MILLION),
        show=lambda value, record: shown(value, MILLION),
        widget="number",
        hint=_("不明"),
        help=_("百万円"),
    )


def in_yen(found: Editable) -> list[str]:
    """The fields that are amounts of a statement; money has a shape of its own."""
    return [
        key
        for key, field in found.fields.items()
        if isinstance(found.model._meta.get_field(key), models.BigIntegerField) and field.widget != "money"
    ]


def provenance(model: type[models.Model]) -> list[EditField]:
    hints = {"source": _("どこで知りましたか"), "as_of": _("いつの時点ですか")}
    return [for_column(model, key, hint=hints.get(key, "")) for key in PROVENANCE]


make_editable(
    "segment",
    BusinessSegment,
    for_column(BusinessSegment, "name"),
    in_million_yen(BusinessSegment, "revenue", _("売上高(百万円)")),
    in_million_yen(BusinessSegment, "profit", _("利益(百万円)")),
    for_column(BusinessSegment, "uses_us", label=_("導入先")),
    for_column(BusinessSegment, "position", widget="textarea", hint=_("当社の製品は何に使われていますか")),
    *provenance(BusinessSegment),
    action="account.edit",
    label=_("セグメント"),
)
make_editable(
    "issue",
    ManagementIssue,
    for_column(ManagementIssue, "kind"),
    for_column(ManagementIssue, "title", widget="textarea"),
    for_column(ManagementIssue, "priority", lowest=1, highest=99, hint=_("何番目ですか")),
    *provenance(ManagementIssue),
    action="account.edit",
    label=_("経営方針・課題"),
)
make_editable(
    "topic",
    Topic,
    for_column(Topic, "on"),
    for_column(Topic, "title", widget="textarea"),
    *provenance(Topic),
    action="account.edit",
    label=_("直近の動き"),
)
make_editable(
    "hypothesis",
    Hypothesis,
    for_column(Hypothesis, "kind"),
    for_column(Hypothesis, "title", widget="textarea"),
    for_column(Hypothesis, "state"),
    for_column(Hypothesis, "grounds", hint=_("なぜそう思いますか。誰に聞けば分かりますか")),
    *provenance(Hypothesis),
    action="account.edit",
    label=_("仮説"),
)
make_editable(
    "competitor",
    Competitor,
    for_column(Competitor, "name"),
    for_column(Competitor, "note", widget="textarea", hint=_("お客様とどう違いますか")),
    *provenance(Competitor),
    action="account.edit",
    label=_("競合"),
)
make_editable(
    "behaviour",
    BehaviourChange,
    for_column(BehaviourChange, "whose"),
    for_column(BehaviourChange, "before", widget="textarea"),
    for_column(BehaviourChange, "after", widget="textarea", hint=_("何をしている状態になりますか")),
    *provenance(BehaviourChange),
    action="account.edit",
    label=_("変える行動"),
)
make_editable(
    "tool",
    Tool,
    for_column(Tool, "name"),
    for_column(Tool, "vendor", hint=_("どこの製品ですか")),
    for_column(Tool, "department", hint=_("どの部署のものですか")),
    for_column(Tool, "purpose", widget="textarea", hint=_("何に使っていますか")),
    for_column(Tool, "relation", hint=_("重なりますか、つながりますか")),
    for_column(Tool, "contract_ends_on", hint=_("いつまでの契約ですか")),
    *provenance(Tool),
    action="account.edit",
    label=_("他ツール"),
)

add_list(
    AccountList(
        "issue",
        PAGE,
        _("経営方針と経営課題"),
        _("有報の「事業の状況」や中期計画から。目標がどの課題に効くかを、ここから選びます。"),
        "issues",
        ("priority", "kind", "title"),
        ("kind", "title", "priority"),
        ("priority", "created_at", "pk"),
    )
)
add_list(
    AccountList(
        "topic",
        PAGE,
        _("直近の動き"),
        _("ニュースリリースや決算説明会から、日付と一緒に残します。"),
        "topics",
        ("on", "title"),
        ("on", "title"),
        ("-on", "pk"),
    )
)
add_list(
    AccountList(
        "segment",
        PAGE,
        _("セグメント"),
        _("決算説明資料から。導入先がどの事業で、その事業が全体の何割かが分かります。"),
        "segments",
        ("name", "revenue", "profit", "uses_us", "position"),
        ("name", "revenue", "profit", "position"),
    )
)
add_list(
    AccountList(
        "hypothesis",
        PAGE,
        _("仮説"),
        _("「課題は何か」「何を提案できるか」を書き、会って確かめます。"),
        "hypotheses",
        ("kind", "title", "state", "grounds"),
        ("kind", "title", "grounds"),
    )
)
add_list(
    AccountList(
        "competitor",
        PAGE,
        _("お客様の競合"),
        _("お客様が市場で比べられる会社です。当社の競合ではありません。"),
        "competitors",
        ("name", "note"),
        ("name", "note"),
    )
)
add_list(
    AccountList(
        "behaviour",
        PAGE,
        _("変える行動"),
        _("誰の、どの行動が、どう変われば成果になるかを書きます。"),
        "behaviours",
        ("whose", "before", "after"),
        ("whose", "before", "after"),
    )
)
add_list(
    AccountList(
        "tool",
        PAGE,
        _("CS体制と他ツール"),
        _("隣の部署の道具まで見ます。重なりは、更新のときに費用の話になります。"),
        "tools",
        ("name", "vendor", "department", "purpose", "relation", "contract_ends_on"),
        ("name", "vendor", "department", "purpose", "relation", "contract_ends_on"),
    )
)


def shares(segments: list[Any]) -> list[dict[str, Any]]:
    """Percent of the revenue by segment, largest first, where every revenue is known; whole percents."""
    known = [segment for segment in segments if segment.revenue is not None]
    total = sum(segment.revenue for segment in known)
    if not total or len(known) < len(segments):
        return []
    found = [
        {
            "name": segment.name,
            "uses_us": segment.uses_us,
            "percent": int((Decimal(100 * segment.revenue) / total).to_integral_value(ROUND_HALF_UP)),
        }
        for segment in known
    ]
    return sorted(found, key=lambda share: -share["percent"])
