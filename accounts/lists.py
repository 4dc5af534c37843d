"""Lists on an account's pages: rows that are added by a short form and edited in place. A list is one registration."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tenants.editing import Cell, EditField, editable
from tenants.editing.cells import cells_of
from tenants.editing.drafting import Draft

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from accounts.models import Account

PROVENANCE = ("source_kind", "source", "url", "as_of")


@dataclass(frozen=True)
class AccountList:
    """``kind`` is the editable's; ``columns`` are drawn in the table, ``adding`` asked for in the form, ``related`` is the
    name of the rows on the account. ``why`` says what the list is for while it is empty."""

    kind: str
    page: str
    title: "StrOrPromise"
    why: "StrOrPromise"
    related: str
    columns: tuple[str, ...]
    adding: tuple[str, ...]
    order: tuple[str, ...] = ("created_at", "pk")


@dataclass(frozen=True)
class Row:
    record: Any
    cells: list[Cell]
    provenance: list[Cell]


@dataclass(frozen=True)
class Drawn:
    """One list of one account as its page shows it."""

    about: AccountList
    heads: list[EditField]
    rows: Sequence[Row]
    draft: Draft

    @property
    def adds(self) -> str:
        """The URL name that adds a row."""
        return f"accounts:{self.about.kind}_add"

    @property
    def bin(self) -> str:
        """The URL name that puts a row into the bin."""
        return f"delete_{self.about.kind}"


_lists: dict[str, AccountList] = {}


def register(about: AccountList) -> AccountList:
    _lists[about.kind] = about
    return about


def lists_on(page: str) -> list[AccountList]:
    return [about for about in _lists.values() if about.page == page]


def drawn(about: AccountList, account: "Account", draft: Draft | None = None) -> Drawn:
    """The rows of the list: one statement."""
    found = editable(about.kind)
    records = list(getattr(account, about.related).order_by(*about.order))
    for record in records:
        record.account = account
    rows = []
    for record in records:
        cells = cells_of(record, *about.columns, *PROVENANCE)
        rows.append(Row(record, [cells[key] for key in about.columns], [cells[key] for key in PROVENANCE]))
    heads = [found.fields[key] for key in about.columns]
    return Drawn(about, heads, rows, draft or Draft(found, about.adding))
