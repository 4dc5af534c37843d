"""The basic information sheet (基本情報シート): its sections, and how well each is known (解像度)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Fact
from accounts.models.fact import FactState, SourceKind
from tenants.editing import Cell
from tenants.editing.cells import cells_of
from tenants.roles import Role

SECTIONS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    (
        "company",
        _("会社"),
        (
            "name", "kana", "former_names", "industry", "address", "employees", "capital", "is_listed",
            "securities_code", "edinet_code", "corporate_number",
        ),
    ),
    ("fiscal", _("決算と予算"), ("fiscal_month", "fiscal_day")),
    ("contract", _("契約"), ("stage", "arr", "tier", "segment", "external_id")),
    ("team", _("体制"), ("csm", "deputy", "commercial_owner", "support_manager")),
)  # fmt: skip
RARELY = ("former_names", "fiscal_day", "securities_code", "edinet_code")
"""Fields that are empty for most companies: an empty one is no gap, so it does not lower the figure."""

KEYS = tuple(key for _slug, _title, keys in SECTIONS for key in keys)


@dataclass(frozen=True)
class Row:
    """One field of the sheet: the value, where it came from, and what is asked while it is blank."""

    cell: Cell
    fact: Fact | None
    account: Account

    @property
    def key(self) -> str:
        return self.cell.field

    @property
    def is_known(self) -> bool:
        return bool(self.cell.value) or self.is_settled

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
        return [row for row in self.rows if row.key not in RARELY or row.is_known or row.is_asked]

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
        return round(100 * self.known / self.total) if self.total else 0

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
}


def sheet_of(account: Account) -> Sheet:
    """The whole sheet: one statement for the facts beside the account itself."""
    cells = cells_of(account, *KEYS)
    facts = facts_of(account)
    return Sheet(
        [
            Section(slug, title, [Row(cells[key], facts.get(key), account) for key in keys])
            for slug, title, keys in SECTIONS
        ]
    )


def row_of(account: Account, key: str) -> Row:
    return Row(cells_of(account, key)[key], facts_of(account, key).get(key), account)


def facts_of(account: Account, *keys: str) -> dict[str, Fact]:
    wanted = Q(field_key__in=keys) if keys else Q()
    found = Fact.objects.filter(wanted, account=account, unit=None).select_related("author__user")
    return {fact.field_key: fact for fact in found}


def recently_filled(sheet: Sheet, since: date) -> list[Row]:
    """The three values learnt last, not older than ``since``."""
    filled = [(row.fact.noted_at, row) for row in sheet.rows if row.fact and row.cell.value]
    newest = sorted(filled, key=lambda pair: pair[0], reverse=True)
    return [row for noted_at, row in newest[:3] if noted_at.date() >= since]
