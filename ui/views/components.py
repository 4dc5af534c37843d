"""The developers' page: every part in every state, drawn by the same tags the screens use."""

import dataclasses
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse

from ui.pages import page

TODAY = date(2026, 11, 19)


@dataclasses.dataclass(frozen=True)
class Sample:
    """Looks like `tenants.editing.Cell`, without a record behind it."""

    field: str
    label: str
    widget: str = "text"
    value: str = ""
    display: str = ""
    choices: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    blank_hint: str = ""
    may_edit: bool = True
    kind: str = "sample"
    pk: str = "1"
    version: int = 1
    url: str = "/edit/"
    owner: str = ""


class SampleForm(forms.Form):
    """Every kind of field a form may have."""

    renews_on = forms.DateField(label="更新日", help_text="契約書の満了日です")
    baseline = forms.IntegerField(
        label="はじめの値", error_messages={"invalid": "数字で入力してください。例:21"}
    )
    stage = forms.ChoiceField(label="段階", choices=[("live", "契約中"), ("left", "解約")], required=False)
    memo = forms.CharField(label="メモ", widget=forms.Textarea(attrs={"rows": 2}), required=False)
    ending = forms.ChoiceField(
        label="終わり方",
        choices=[("done", "できた"), ("late", "遅れて、できた")],
        widget=forms.RadioSelect,
        required=False,
    )
    shared = forms.BooleanField(label="お客様と共有する", help_text="社内のメモは含みません", required=False)


CELLS = {
    "source": Sample("source", "集計の出どころ", value="CTI月報、毎月5日", display="CTI月報、毎月5日"),
    "arr": Sample("arr", "ARR", "money", value="3840", display="3,840万円"),
    "renews_on": Sample("renews_on", "更新日", "date", value="2027-03-31", display="2027/03/31"),
    "stage": Sample("stage", "段階", "select", "live", "契約中", [("live", "契約中"), ("left", "解約")]),
    "policy": Sample("policy", "経営方針", "textarea", "中期計画「Reach 2028」。\n応対コスト−15%。"),
    "owner": Sample("owner", "購買の窓口", blank_hint="契約のときに誰と交渉したか"),
    "budget": Sample("budget", "来期の予算", "money", blank_hint="部門案にいくら載るか"),
    "shared": Sample("shared", "お客様と共有する", "check", "true"),
    "closed": Sample("closed", "確定した予算", display="4億2,240万円", may_edit=False),
}

COLOURS = [
    ("机", "desk"), ("紙", "sheet"), ("罫線", "line"), ("墨", "ink"), ("墨 2", "ink-2"), ("墨 3", "ink-3"),
    ("藍", "ai"), ("藍 中", "ai-mid"), ("藍 淡", "ai-soft"), ("藤(営業)", "fuji"), ("藤 淡", "fuji-soft"),
    ("良好", "good"), ("良好 淡", "good-soft"), ("注意", "caution"), ("注意 淡", "caution-soft"),
    ("危険", "risk"), ("危険 淡", "risk-soft"), ("朱(承認印)", "shu"),
]  # fmt: skip

TYPE = [
    ("36 / 1.35 明朝", "t-3xl", "mincho", "年末もつながる窓口をつくる"),
    ("26 / 1.35 明朝", "t-2xl", "mincho", "今日の要対応は7件。"),
    ("20 / 1.35", "t-xl", "sans", "東嶺ダイレクト株式会社"),
    ("16 / 1.6", "t-lg", "sans", "配送状況の入電を月31,500件へ減らす"),
    ("14 / 1.75", "t-md", "sans", "会員620万人への単品と定期販売。注文の31%がいまも電話。"),
    ("13 / 1.5", "t-sm", "sans", "表、補足、ナビゲーション 1,234,567"),
    ("12 / 1.5", "t-xs", "sans", "ラベル、注記。日本語はここまで"),
]

RULER = {
    "label": "2026年度の節目。3月決算、予算策定は11月から1月、EBRは12月15日、更新日は3月31日。今日は11月19日",
    "months": [{"label": n if n != 4 else "4月", "now": n == 11} for n in [*range(4, 13), 1, 2, 3]],
    "bands": [{"x": 58.6, "w": 25.2, "label": "予算策定中"}],
    "marks": [
        {"x": 5.5, "kind": "qbr", "label": ""},
        {"x": 28.5, "kind": "qbr", "label": ""},
        {"x": 70.7, "kind": "ebr", "label": "EBR 12/15"},
    ],
    "close": {"x": 100, "label": "決算・更新"},
    "now": 63.6,
}

ROWS = [
    {"name": "東嶺ダイレクト", "trade": "通信販売", "score": 64, "band": "caution", "change": -7, "arr": 38_400_000,
     "renews": date(2027, 3, 31), "months": ["", "budget", "budget", "budget", "", "close", *[""] * 6], "x": 50,
     "decider": "stale", "champion": "", "smart": ["ok", "warn", "ok", "ok", "warn"]},
    {"name": "しらなみ運輸", "trade": "物流", "score": 41, "band": "risk", "change": -12, "arr": 21_600_000,
     "renews": date(2027, 1, 31), "months": ["budget", "", "close", *[""] * 7, "budget", "budget"], "x": 33,
     "decider": "unknown", "champion": "lost", "smart": ["ok", "warn", "none", "ok", "warn"]},
    {"name": "みなも銀行", "trade": "銀行", "score": 78, "band": "good", "change": 1, "arr": 55_200_000,
     "renews": date(2027, 9, 30), "months": ["", "budget", "budget", "budget", "", "close", *[""] * 6], "x": 100,
     "decider": "", "champion": "", "smart": ["ok", "ok", "ok", "ok", "warn"]},
    {"name": "白樺ホームズ", "trade": "住宅", "score": None, "band": "none", "change": None, "arr": 14_400_000,
     "renews": date(2026, 11, 17), "months": [*[""] * 7, "budget", "budget", "budget", "", "close"], "x": None,
     "decider": "unknown", "champion": "stale", "smart": ["none"] * 5},
]  # fmt: skip

LATTICE = [
    "sales",
    "sales",
    "",
    "",
    "",
    "sales",
    "",
    "",
    "ask",
    "ask",
    "un-csm",
    "un-csm",
    "un-sales",
    "un-sales",
]

CONTEXT: dict[str, Any] = {
    "today": TODAY,
    "colours": COLOURS,
    "type": TYPE,
    "cells": CELLS,
    "rows": ROWS,
    "ruler": RULER,
    "lattice": LATTICE,
    "smart_ok": ["ok"] * 5,
    "smart_some": {"S": "ok", "M": "warn", "A": "ok", "R": "none", "T": "warn"},
    "smart_none": ["none"] * 5,
    "tally": [
        {"label": "新しく入る", "count": 212, "color": "ai"},
        {"label": "変わる", "count": 41, "color": "mid"},
        {"label": "読めない", "count": 6, "color": "caution", "note": "行と列を示します"},
        {"label": "変わらない", "count": 41, "color": "blank"},
    ],
    "flow": [
        {"label": "下書き", "state": "done"},
        {"label": "差し戻し 10/28", "state": "back"},
        {"label": "直している", "state": "now"},
        {"label": "承認", "state": ""},
    ],
    "tabs": [
        {"label": "担当すべて", "url": "?", "current": True, "count": 14},
        {"label": "予算期の顧客", "url": "?view=2", "current": False, "count": 9},
        {"label": "チームすべて", "url": "?view=3", "current": False, "count": 47},
    ],
}


def index(request: HttpRequest) -> HttpResponse:
    """All parts on one page, for people who build screens."""
    form = SampleForm({"renews_on": "2027/03/31", "baseline": "約2割"})
    return page(request, "ui/components.html", {**CONTEXT, "form": form})
