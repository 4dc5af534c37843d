"""The one sentence of 今日: how much waits, and what about it is new or pressing."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.fiscal import FiscalClosing, budget_phase


def headline(rows: Sequence[Any], today: date) -> str:
    """From the rows that wait (each with ``cta`` and its account loaded)."""
    if not rows:
        return _("今日の要対応はありません。")
    said = _("今日の要対応は%(n)s件。") % {"n": f"{len(rows):,}"}
    late = sum(row.cta.due_on < today for row in rows)
    if late:
        return said + _("うち%(n)s件は期日を過ぎています。") % {"n": late}
    season = sum(is_in_season(row.cta.account, today) for row in rows)
    if season:
        return said + _("うち%(n)s件は予算策定中のお客様です。") % {"n": season}
    return said


def is_in_season(account: Any, today: date) -> bool:
    if account.fiscal_month is None:
        return False
    return budget_phase(FiscalClosing.stored(account.fiscal_month, account.fiscal_day), today) == "season"
