"""Lists on an account's pages: rows that are added by a short form and edited in place. A list is one registration."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

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
    name of the rows on the account. ``why`` says what the list is for while it is empty; ``action`` adds to it, the API
    filters by ``narrows``; ``more`` is written beside the source. ``along`` is read with the rows, and with ``files`` the
    files that hang on each;
    ``arrange`` gives them their order and depth where they stand below each other."""

    kind: str
    page: str
    title: "StrOrPromise"
    why: "StrOrPromise"
    related: str
    columns: tuple[str, ...]
    adding: tuple[str, ...]
    order: tuple[Any, ...] = ("created_at", "pk")
    action: str = "account.edit"
    narrows: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    place: int = 0
    along: tuple[str, ...] = ()
    files: bool = False
    arrange: Callable[[Iterable[Any]], list[tuple[Any, int]]] = lambda rows: [(row, 0) for row in rows]


@dataclass(frozen=True)
class Row:
    record: Any
    cells: list[Cell]
    provenance: list[Cell]
    depth: int = 0
    beside: Sequence["Beside"] = ()

    @property
    def said_at(self) -> int:
        """The place of the cell that says what the row is: its text, else the first."""
        return next((place for place, cell in enumerate(self.cells) if cell.widget == "textarea"), 0)


@dataclass(frozen=True)
class Drawn:
    """One list of one account as its page shows it."""

    about: AccountList
    heads: list[EditField]
    rows: Sequence[Row]
    draft: Draft
    is_sourced: bool

    @property
    def adds(self) -> str:
        """The URL name that adds a row."""
        return f"accounts:{self.about.kind}_add"

    @property
    def bin(self) -> str:
        """The URL name that puts a row into the bin."""
        return f"delete_{self.about.kind}"


class Beside(Protocol):
    """Something that is drawn below what a row says, by the ``template`` that it names."""

    @property
    def template(self) -> str: ...


Besides = Callable[["Account"], Callable[[Any], Sequence[Beside]]]
_lists: dict[str, AccountList] = {}
_besides: dict[str, list[Besides]] = {}


def register(about: AccountList) -> AccountList:
    _lists[about.kind] = about
    return about


def register_beside(kind: str, source: Besides) -> None:
    """``source`` reads what stands beside all rows of an account at once, and then answers for each."""
    _besides.setdefault(kind, []).append(source)


def list_of(kind: str) -> AccountList:
    return _lists[kind]


def lists_on(page: str) -> list[AccountList]:
    return sorted((about for about in _lists.values() if about.page == page), key=lambda about: about.place)


def all_lists() -> list[AccountList]:
    return list(_lists.values())


def draft_for(about: AccountList, account: "Account", typed: Any = None) -> Draft:
    """The form for one more row; its choices are those of the account."""
    found = editable(about.kind)
    return Draft(found, about.adding, typed, like=found.model(account=account))


def drawn(about: AccountList, account: "Account", draft: Draft | None = None) -> Drawn:
    """The rows of the list: one statement, and one more with files."""
    found = editable(about.kind)
    records = getattr(account, about.related).select_related(*about.along).order_by(*about.order)
    records = records.prefetch_related("attachments") if about.files else records
    sources = [source(account) for source in _besides.get(about.kind, ())]
    rows = [row_of(about, record, account, depth, sources) for record, depth in about.arrange(records)]
    heads = [found.fields[key] for key in about.columns]
    return Drawn(about, heads, rows, draft or draft_for(about, account), PROVENANCE[0] in found.fields)


def row_of(
    about: AccountList,
    record: Any,
    account: "Account",
    depth: int = 0,
    sources: Sequence[Callable[[Any], Sequence[Beside]]] = (),
) -> Row:
    record.account = account
    sourced = (*about.more, *PROVENANCE) if PROVENANCE[0] in editable(about.kind).fields else about.more
    cells = cells_of(record, *about.columns, *sourced)
    beside = [one for source in sources for one in source(record)]
    return Row(record, [cells[key] for key in about.columns], [cells[key] for key in sourced], depth, beside)
