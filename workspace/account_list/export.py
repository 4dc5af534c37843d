"""The account list as a table: the same accounts, order and columns as on the page."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import Account
from tenants.models import Membership
from ui.templatetags.ui import BANDS, SEAL_STATES, SMART_GAPS
from workspace.account_list import marks, own
from workspace.account_list.orders import every_key
from workspace.account_list.query import ListQuery
from workspace.account_list.rows import Row, load_rows
from workspace.account_list.seals import Seal

CHUNK = 1000
MAN = 10_000


def heads(query: ListQuery) -> list[str]:
    """The column heads, in the order of the page; the CSM stands there in views of the whole team."""
    return [
        _("アカウント"), _("業種"), *([_("担当CSM")] if query.tab.whole_team else []),
        _("ヘルス"), _("状態"), _("4週差"), _("ARR(万円)"), _("展開率(%)"), _("更新日"), _("残り(日)"),
        _("予算期"), _("決算月"), _("決裁者"), _("推進者"), 
        _("解像度(%)"), _("オペレーション解像度(%)"), _("組織解像度(%)"), _("プラン"), _("最後の記録"),
        _("親会社"), *(field.label for field in own.fields()),
    ]  # fmt: skip


def table(query: ListQuery, member: Membership, today: date) -> Iterator[list[Any]]:
    """Every account of the view, read a thousand at a time."""
    asked = own.fields()
    keys = [pk for _leg, pk in every_key(query.apply(member, today), query.order.legs(today))]
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        kept, parents = own.kept(chunk, asked), parents_of(chunk, member)
        for _raw, row in load_rows(chunk, today):
            said = kept.get(row.pk, {})
            yield [
                *values(row, query),
                parents.get(row.pk, ""),
                *(own.cell(field, said.get(field.key)) for field in asked),
            ]


def parents_of(accounts: Sequence[UUID], member: Membership) -> dict[UUID, str]:
    """The names of the parents, as far as ``member`` may see them."""
    seen = Account.objects.visible_to(member).values("pk")
    rows = Account.objects.filter(pk__in=accounts, parent__in=seen)
    return dict(rows.values_list("pk", "parent__name"))


def values(row: Row, query: ListQuery) -> list[Any]:
    return [
        row.name, row.industry, *([row.csm] if query.tab.whole_team else []),
        row.health.score, str(BANDS[row.health.band]), row.health.change, man(row.arr), row.deployment, row.renews_on, row.days_left,
        marks.phase_words(row.phase), row.closing_label, person(row.seals["decider"]), person(row.seals["champion"]),
        *resolution(row), plan(row.smart), row.last_note,
    ]  # fmt: skip


def resolution(row: Row) -> list[int | None]:
    found = row.resolution
    return [found.percent, found.operation, found.organisation] if found else [None, None, None]


def man(amount: int | None) -> int | float | None:
    if amount is None:
        return None
    return amount // MAN if amount % MAN == 0 else amount / MAN


def person(seal: Seal) -> str:
    """森川さん(30日以内に接触) or 未特定"""
    state = str(SEAL_STATES[seal.state])
    return f"{'、'.join(seal.names)}({state})" if seal.names else state


def plan(letters: tuple[str, ...] | None) -> str:
    """The letters that hold, then those that do not: SAR (M要確認、T未記入)."""
    if letters is None:
        return ""
    met = "".join(letter for letter, state in zip("SMART", letters, strict=True) if state == "ok")
    gaps = [
        f"{letter}{SMART_GAPS[state]}"
        for letter, state in zip("SMART", letters, strict=True)
        if state in SMART_GAPS
    ]
    return f"{met} ({'、'.join(gaps)})".strip() if gaps else met
