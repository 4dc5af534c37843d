"""One page of the account list, put together for the template."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.fiscal import strip
from accounts.models.account import Stage, Tier
from accounts.search import look_up, some_of
from tenants.models import Membership
from workspace.account_list import marks, tabs
from workspace.account_list.orders import BUDGET, Keys, Paging, cursor_of, months_by_season
from workspace.account_list.query import ListQuery
from workspace.account_list.rows import Row, load_rows
from workspace.models import SavedView
from workspace.reading import CAP, counted, listed, read_at_once, said

PAGE_SIZE = 50


@dataclass(frozen=True)
class Group:
    """Rows under one heading; without a heading when the order is not by season."""

    title: str
    count: str
    note: str
    rows: list[Row]


@dataclass(frozen=True)
class Listing:
    query: ListQuery
    groups: list[Group]
    figures: dict[str, Any]
    after: str | None
    before: str | None

    @property
    def is_empty(self) -> bool:
        return not any(group.rows for group in self.groups)

    @property
    def total(self) -> str:
        return said(self.figures["shown"]["n"])

    @property
    def total_arr(self) -> int | None:
        """The sum, where every account of the view was counted."""
        shown = self.figures["shown"]
        return shown["arr"] if shown["n"] <= CAP else None


def listing(
    query: ListQuery, member: Membership, today: date, *, after: str = "", before: str = ""
) -> Listing:
    legs = query.order.legs(today)
    keys, figures = read_page(query, member, today, Paging(legs, after, before, PAGE_SIZE))
    loaded = load_rows([pk for _leg, pk in keys.found], today)
    cursors = [
        cursor_of(leg, legs[leg].fields, raw)
        for (leg, _pk), (raw, _row) in ends(list(zip(keys.found, loaded, strict=False)))
    ]
    return Listing(
        query=query,
        groups=grouped(query, [row for _raw, row in loaded], figures["shown"]),
        figures=figures,
        before=cursors[0] if cursors and keys.has_before else None,
        after=cursors[-1] if cursors and keys.has_after else None,
    )


def ends(rows: list[Any]) -> list[Any]:
    return [rows[0], rows[-1]] if rows else []


def read_page(
    query: ListQuery, member: Membership, today: date, paging: Paging
) -> tuple[Keys, dict[str, Any]]:
    """The keys of the page; counts of the tabs over one's own accounts, totals of what is shown, the saved views. One
    statement, and one more for the words of a search."""
    accounts = query.apart_from_text(member, today)
    some = shown = accounts
    if query.text:
        hits = look_up(query.text)
        shown = accounts.among(hits)
        some = shown if hits.keys is not None else accounts.filter(pk__in=some_of(query.text))
    flags, phases = tabs.conditions(today), phase_conditions(today)
    own = tabs.own_accounts(member).not_archived().annotate(**flags)
    views = SavedView.objects.shown_to(member).values("id", "name", "query", "member_id", "is_shared")
    totals = counted(some.annotate(**phases), *phases, total="arr")
    found = read_at_once(
        keys=paging.part(shown), own=counted(own, *flags), shown=totals, saved=listed(views[:20])
    )
    if some is not shown and found["shown"]["n"] <= CAP:
        found["shown"] = recounted(query.apply(member, today).annotate(**phases), phases)
    return paging.keys(found.pop("keys")), found


def recounted(rows: QuerySet[Any], phases: dict[str, Any]) -> dict[str, int]:
    """A search with many hits of which the filters leave few: only then all of them are looked at."""
    return read_at_once(shown=counted(rows, *phases, total="arr"))["shown"]  # type: ignore[no-any-return]


def phase_conditions(today: date) -> dict[str, Any]:
    season, settling, to_come = months_by_season(today)
    soon = to_come[:5]
    months = {"season": season, "settling": settling, "soon": soon, "later": to_come[5:]}
    known = {phase: Q(fiscal_month__in=found) for phase, found in months.items()}
    return {**known, "unknown": Q(fiscal_month__isnull=True)}


def grouped(query: ListQuery, rows: list[Row], shown: dict[str, int]) -> list[Group]:
    if query.sort != BUDGET:
        return [Group("", "", "", rows)] if rows else []
    notes = {
        "season": _("いま、来期の部門案がまとまる顧客"),
        "unknown": _("決算月が入ると、予算の時期から仕事の日が決まります"),
    }
    counts = shown if shown["n"] <= CAP else {}  # of more than a thousand, only some were looked at
    return [
        Group(
            marks.phase_words(phase), said(counts[phase]) if counts else "", notes.get(phase, ""), list(found)
        )
        for phase, found in groupby(rows, key=lambda row: row.phase)
    ]


# What stands around the rows ----------------------------------------------------------------------------------


def tab_items(
    query: ListQuery, figures: dict[str, Any], member: Membership, saved: str
) -> list[dict[str, Any]]:
    """The built-in views with counts (where all of one's accounts could be counted), then the saved ones."""
    own = figures["own"]
    items = []
    for tab in tabs.tabs_for(member):
        count = (
            own["n"] if tab.key == tabs.MINE else own.get(tab.flag) if tab.flag and own["n"] <= CAP else None
        )
        current = tab == query.tab and not saved
        items.append(
            {
                "label": tab.label,
                "url": f"?view={tab.key}",
                "count": count and said(count),
                "current": current,
            }
        )
    for view in figures["saved"]:
        items.append(
            {
                "label": view["name"],
                "url": f"?{view['query']}&saved={view['id']}",
                "count": None,
                "current": view["id"] == saved,
                "saved": view["id"] if view["member_id"] == str(member.pk) else "",
                "shared": view["is_shared"],
            }
        )
    return items


def filter_groups(query: ListQuery) -> list[dict[str, Any]]:
    """The choices that need no look-up; industries and people are fetched when their menu opens."""
    months = [(str(month), _("%(month)s月") % {"month": month}) for month in range(1, 13)]
    bands = [("good", _("良好")), ("caution", _("注意")), ("risk", _("危険")), ("none", _("未計測"))]
    return [
        fixed("month", _("決算月"), [*months, ("unknown", _("未入力"))], query.months),
        fixed("band", _("ヘルス"), bands, query.bands),
        fixed("tier", _("顧客層"), Tier.choices, query.tiers),
        fixed("stage", _("段階"), Stage.choices, query.stages),
    ]


def fixed(name: str, label: str, choices: Any, picked: tuple[str, ...]) -> dict[str, Any]:
    options = [{"value": value, "label": text, "picked": value in picked} for value, text in choices]
    return {"name": name, "label": label, "options": options, "picked": len(picked)}


def axis(today: date) -> tuple[int, ...]:
    return strip(today, None).ticks
