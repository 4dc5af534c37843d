"""The rows of the account list: one statement for the accounts with what hangs on them, drawn ready for the template."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.fiscal import FiscalClosing, budget_phase, renewal_x
from workspace.account_list import marks
from workspace.account_list.facts import SEALS, read_facts
from workspace.account_list.health import Health
from workspace.account_list.plans import BLANK, smart_of
from workspace.account_list.seals import Seal, Tenure, seal_of
from workspace.account_list.tabs import SILENT_DAYS

RENEWAL_ALARM_DAYS = 90
PHASES = ("season", "settling", "soon", "later", "unknown")


@dataclass(frozen=True, slots=True)
class Resolution:
    """解像度 in percent, and of its two halves."""

    percent: int
    operation: int
    organisation: int


@dataclass(frozen=True, slots=True)
class Row:
    """One account as the list shows it and as files carry it."""

    pk: Any
    name: str
    industry: str
    csm: str
    health: Health
    arr: int | None
    renews_on: date | None
    days_left: int | None
    closing: FiscalClosing | None
    phase: str
    renewal_x: float | None
    seals: dict[str, Seal]
    smart: tuple[str, ...] | None
    resolution: Resolution | None
    last_note: date | None
    note_age: int | None
    deployment: int | None

    @property
    def is_renewal_near(self) -> bool:
        return self.days_left is not None and self.days_left <= RENEWAL_ALARM_DAYS

    @property
    def is_silent(self) -> bool:
        return self.note_age is None or self.note_age >= SILENT_DAYS

    @property
    def closing_label(self) -> str:
        if self.closing is None:
            return ""
        month, day = self.closing.month, self.closing.day
        return _("%(month)s月") % {"month": month} if day is None else f"{month}/{day}"

    @property
    def left(self) -> str:
        """101日, 今日, 2日超過"""
        if self.days_left is None:
            return ""
        if self.days_left < 0:
            return _("%(n)s日超過") % {"n": f"{-self.days_left:,}"}
        return _("%(n)s日") % {"n": f"{self.days_left:,}"} if self.days_left else _("今日")

    @property
    def noted(self) -> str:
        """今日, 昨日, 5日前, なし"""
        if self.note_age is None:
            return _("なし")
        near = {0: _("今日"), 1: _("昨日")}
        return near.get(self.note_age) or _("%(n)s日前") % {"n": f"{self.note_age:,}"}

    # Drawn marks -------------------------------------------------------------------------------------------

    @property
    def health_mark(self) -> SafeString:
        return marks.health(self.health.score, self.health.band)

    @property
    def spark(self) -> SafeString:
        return marks.spark(self.health.weeks, self.health.band)

    @property
    def delta(self) -> SafeString:
        return marks.delta(self.health.change)

    @property
    def strip(self) -> SafeString:
        return marks.fiscal_strip(self.closing, self.phase, self.renewal_x)

    @property
    def decider(self) -> SafeString:
        return marks.seal("decider", self.seals["decider"])

    @property
    def champion(self) -> SafeString:
        return marks.seal("champion", self.seals["champion"])

    @property
    def smart_mark(self) -> SafeString:
        return marks.smart(self.smart)


def load_rows(keys: Sequence[Any], today: date) -> list[tuple[dict[str, Any], Row]]:
    """The accounts with these keys, in this order: as read (for cursors) and as shown."""
    found = read_facts(keys, today)
    smarts = smart_of([pk for pk, raw in found.items() if raw["has_plan"]])
    return [(found[pk], row_of(found[pk], smarts.get(pk), today)) for pk in keys if pk in found]


def row_of(raw: dict[str, Any], smart: tuple[str, ...] | None, today: date) -> Row:
    closing = FiscalClosing.stored(raw["fiscal_month"], raw["fiscal_day"]) if raw["fiscal_month"] else None
    renews_on, noted = raw["renews_on"], raw["last_note"]
    health = Health.read(raw["health"], raw["weeks"])
    raw["scores__score"] = health.score
    resolution = Resolution(**raw["resolution"]) if raw["resolution"] else None
    raw["resolutions__percent"] = resolution and resolution.percent
    return Row(
        pk=raw["pk"],
        name=raw["name"],
        industry=raw["industry"],
        csm=raw["csm_name"] or "",
        health=health,
        arr=raw["arr"],
        renews_on=renews_on,
        days_left=(renews_on - today).days if renews_on else None,
        closing=closing,
        phase=budget_phase(closing, today),
        renewal_x=renewal_x(today, renews_on),
        seals=seals_of(raw["roles"], today),
        resolution=resolution,
        smart=smart or (BLANK if raw["has_plan"] else None),
        last_note=noted,
        note_age=(today - noted).days if noted else None,
        deployment=raw["deployment"],
    )


def seals_of(roles: Sequence[dict[str, Any]], today: date) -> dict[str, Seal]:
    tenures = defaultdict(list)
    for role in roles:
        tenures[role["kind"]].append(
            Tenure(
                name=role["name"],
                starts_on=day(role["starts_on"]),
                ends_on=day(role["ends_on"]),
                state=role["state"],
                state_since=day(role["state_since"]),
                met_on=day(role["met_on"]),
            )
        )
    return {key: seal_of(tenures[kind], today) for key, kind in SEALS.items()}


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
