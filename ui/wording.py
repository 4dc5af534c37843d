"""Dates and figures in the words of the design. Pure functions; the template filters are thin names for them.

Tables 2026/11/19, near 11/26(木), prose 11月26日(木), recency 2日前, deadline 残り132日 / 2日超過, 4億2,240万円.
"""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

WEEKDAYS = "月火水木金土日"
MINUS = "\u2212"


def table_date(day: date | None) -> str:
    """2026/11/19"""
    return f"{day:%Y/%m/%d}" if day else ""


def near_date(day: date | None) -> str:
    """11/26(木)"""
    return f"{day:%m/%d}({WEEKDAYS[day.weekday()]})" if day else ""


def prose_date(day: date | None) -> str:
    """11月26日(木)"""
    return f"{day.month}月{day.day}日({WEEKDAYS[day.weekday()]})" if day else ""


def long_date(day: date | None) -> str:
    """2026年11月19日(木)"""
    return f"{day.year}年{prose_date(day)}" if day else ""


def recency(day: date | None, today: date) -> str:
    """今日, 昨日, 2日前"""
    if day is None:
        return ""
    days = (today - day).days
    if days <= 0:
        return _("今日")
    if days == 1:
        return _("昨日")
    return ngettext("%(n)s日前", "%(n)s日前", days) % {"n": f"{days:,}"}


def deadline(day: date | None, today: date) -> str:
    """残り132日, 今日, 2日超過"""
    if day is None:
        return ""
    days = (day - today).days
    if days == 0:
        return _("今日")
    if days < 0:
        return _("%(n)s日超過") % {"n": f"{-days:,}"}
    return _("残り%(n)s日") % {"n": f"{days:,}"}


def due_state(day: date | None, today: date) -> str:
    """over, today or empty: the state of a `.due`"""
    if day is None or day > today:
        return ""
    return "today" if day == today else "over"


def yen(amount: int | Decimal | None) -> str:
    """Yen in prose: 3,840万円, 4億2,240万円, 9,800円"""
    if amount is None:
        return ""
    whole = int(amount)
    sign, whole = (MINUS, -whole) if whole < 0 else ("", whole)
    oku, rest = divmod(whole, 100_000_000)
    man = rest // 10_000
    if not oku and not man:
        return f"{sign}{rest:,}円"
    return sign + (f"{oku:,}億" if oku else "") + (f"{man:,}万円" if man else "円")


def man_yen(amount: int | Decimal | None) -> str:
    """Yen for a column headed 万円: 3,840"""
    return "" if amount is None else number(int(amount) // 10_000)


def number(value: int | float | Decimal | None) -> str:
    """1,234 with a true minus"""
    if value is None:
        return ""
    text = f"{value:,f}".rstrip("0").rstrip(".") if isinstance(value, float | Decimal) else f"{value:,}"
    return text.replace("-", MINUS)


def change(value: int | float | None) -> str:
    """+2, ±0, −7"""
    if value is None:
        return ""
    if value == 0:
        return "±0"
    return ("+" if value > 0 else "") + number(value)
