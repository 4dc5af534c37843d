"""The basic information sheet (基本情報シート): its sections, and how well each is known (解像度)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.fiscal import months_after
from accounts.models import Account, Fact, SheetField
from accounts.models.fact import FactState, SourceKind
from accounts.models.sheet import Owes
from accounts.sheet.editions import KEPT, template_of
from accounts.sheet.own import keep
from tenants.editing import Cell
from tenants.editing.cells import cells_of
from tenants.roles import Role


@dataclass(frozen=True)
class Row:
    """One field of the sheet: the value, where it came from, and what is asked while it is blank."""

    cell: Cell
    fact: Fact | None
    account: Account
    asks: SheetField
    today: date

    @property
    def key(self) -> str:
        return self.cell.field

    @property
    def is_known(self) -> bool:
        """Known and fresh: what 解像度 counts."""
        return (bool(self.cell.value) or self.is_settled) and not self.is_asked and not self.is_faded

    @property
    def is_faded(self) -> bool:
        """There is a value, older than its field allows (R24)."""
        return bool(self.cell.value) and self.fades_on is not None and self.fades_on < self.today

    @property
    def fades_on(self) -> date | None:
        """The last day on which the value is fresh."""
        return months_after(self.held_on, self.asks.months) if self.asks.months else None

    @property
    def held_on(self) -> date:
        """The day as of which the value stands; without a source that of its writing."""
        if self.fact is None:
            return timezone.localdate(self.account.created_at)
        return self.fact.as_of or timezone.localdate(self.fact.noted_at)

    @property
    def is_counted(self) -> bool:
        """Whether the account's tier asks for it; what is known or asked counts anyway."""
        return self.asks.is_asked_of(self.account.tier) or self.is_known or self.is_asked or self.is_faded

    @property
    def is_shown(self) -> bool:
        """A field that is asked no more stays where it has a value."""
        return not self.asks.is_retired or bool(self.cell.value)

    @property
    def is_settled(self) -> bool:
        """Somebody said that there is nothing to know."""
        return self.fact is not None and self.fact.state == FactState.NOT_APPLICABLE

    @property
    def is_asked(self) -> bool:
        return self.fact is not None and self.fact.state == FactState.ASK

    @property
    def owner(self) -> str:
        return self.cell.owner or "csm"

    @property
    def question(self) -> str:
        return self.cell.blank_hint

    @property
    def lattice(self) -> str:
        """The state of this field's cell in the lattice (DESIGN 8)."""
        if self.is_asked:
            return "ask"
        if self.is_faded:
            return "old"
        if self.is_known:
            author = self.fact.author if self.fact else None
            return "sales" if author is not None and author.role == Role.SALES else ""
        return f"un-{self.owner}"

    @property
    def source(self) -> str:
        """有報, 一次 …: what stands below a value."""
        if self.fact is None:
            return ""
        return self.fact.source or str(dict(SourceKind.choices).get(self.fact.source_kind, ""))


@dataclass(frozen=True)
class Section:
    slug: str
    title: Any
    rows: Sequence[Row]

    @property
    def counted(self) -> list[Row]:
        return [row for row in self.rows if row.is_counted]

    @property
    def known(self) -> int:
        return sum(row.is_known for row in self.counted)

    @property
    def cells(self) -> list[str]:
        return [row.lattice for row in self.counted]


@dataclass(frozen=True)
class Sheet:
    sections: Sequence[Section]

    @property
    def rows(self) -> list[Row]:
        return [row for section in self.sections for row in section.rows]

    @property
    def known(self) -> int:
        return sum(section.known for section in self.sections)

    @property
    def total(self) -> int:
        return sum(len(section.counted) for section in self.sections)

    @property
    def percent(self) -> int:
        return (200 * self.known + self.total) // (2 * self.total) if self.total else 0

    @property
    def asked(self) -> list[Row]:
        return [row for row in self.rows if row.is_asked]

    @property
    def legend(self) -> list[dict[str, Any]]:
        """Who filled and who owes what, in the lattice's own marks."""
        counts = dict.fromkeys(LEGEND, 0)
        for section in self.sections:
            for state in section.cells:
                counts[state] += 1
        return [{"state": state, "label": label, "count": counts[state]} for state, label in LEGEND.items()]


LEGEND = {
    "sales": _("営業が記入"),
    "": _("CSMが記入"),
    "un-sales": _("営業の空欄"),
    "un-csm": _("CSMの空欄"),
    "ask": _("聞く予定"),
    "old": _("古い値"),
}


def sheet_of(account: Account) -> Sheet:
    """The whole sheet: a statement for the facts and those of the edition, beside the account itself. A section without a
    field is not there, unless a list of rows stands below it."""
    asked = template_of(account)
    rows: dict[str, list[Row]] = {section.key: [] for section in asked.sections}
    for row in rows_of(account, asked.fields, facts_of(account)):
        if row.is_shown:
            rows[row.asks.section].append(row)
    return Sheet(
        [
            Section(section.key, section.title, rows[section.key])
            for section in asked.sections
            if rows[section.key] or section.key in KEPT
        ]
    )


def row_of(account: Account, key: str) -> Row:
    """One field; KeyError when the account's edition does not ask it."""
    (row,) = rows_of(account, [template_of(account).by_key[key]], facts_of(account, key))
    return row


def rows_of(account: Account, fields: Iterable[SheetField], facts: dict[str, Fact]) -> list[Row]:
    asked = {field.key: field for field in fields}
    keep(account, {key: fact.value for key, fact in facts.items()})
    cells, today = cells_of(account, *asked), timezone.localdate()
    return [
        Row(worded(cells[key], field), facts.get(key), account, field, today) for key, field in asked.items()
    ]


def worded(cell: Cell, field: SheetField) -> Cell:
    """The cell in the words of the account's edition."""
    owner = "sales" if field.owner == Owes.SALES else ""
    return replace(cell, label=field.label, blank_hint=field.question, owner=owner)


def facts_of(account: Account, *keys: str) -> dict[str, Fact]:
    wanted = Q(field_key__in=keys) if keys else Q()
    found = Fact.objects.filter(wanted, account=account, unit=None).select_related("author__user")
    return {fact.field_key: fact for fact in found}


def recently_filled(sheet: Sheet, since: date) -> list[Row]:
    """The three values learnt last, not older than ``since``."""
    filled = [(row.fact.noted_at, row) for row in sheet.rows if row.fact and row.cell.value]
    newest = sorted(filled, key=lambda pair: pair[0], reverse=True)
    return [row for noted_at, row in newest[:3] if noted_at.date() >= since]
