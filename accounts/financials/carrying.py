"""A proposal on its way through the browser: signed, so that what is written is what was read, for this account alone."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from django.core import signing

from accounts.financials.edinet import Report
from accounts.financials.periods import Period
from accounts.models import Account

ONE_DAY = 24 * 3600
SALT = "masume.financials"


def pack(account: Account, kind: str, content: Mapping[str, Any]) -> str:
    return signing.dumps({"account": str(account.pk), "kind": kind, **content}, salt=SALT, compress=True)


def unpack(account: Account, packed: str) -> dict[str, Any] | None:
    """What was packed for this account within a day, else None."""
    try:
        content = signing.loads(packed, salt=SALT, max_age=ONE_DAY)
    except signing.BadSignature:
        return None
    return content if content.get("account") == str(account.pk) else None


def period_as(period: Period) -> list[Any]:
    return [period.ends_on.isoformat(), period.quarter, period.starts_on and period.starts_on.isoformat()]


def period_from(packed: list[Any]) -> Period:
    ends_on, quarter, starts_on = packed
    return Period(date.fromisoformat(ends_on), quarter, date.fromisoformat(starts_on) if starts_on else None)


def figures_as(figures: Mapping[tuple[Period, str], int | None]) -> list[Any]:
    return [[period_as(period), key, amount] for (period, key), amount in figures.items()]


def figures_from(packed: list[Any]) -> dict[tuple[Period, str], int | None]:
    return {(period_from(period), key): amount for period, key, amount in packed}


def report_as(report: Report) -> dict[str, Any]:
    filed_on = report.filed_on and report.filed_on.isoformat()
    return {**asdict(report), "period": period_as(report.period), "filed_on": filed_on, "lines": {}}


def report_from(packed: dict[str, Any]) -> Report:
    filed_on = packed["filed_on"] and date.fromisoformat(packed["filed_on"])
    return Report(**{**packed, "period": period_from(packed["period"]), "filed_on": filed_on})
