"""What other rooms want asked of a customer: questions that are no cell of the sheet, beside its blanks in the ledger."""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.models import Account


@dataclass(frozen=True)
class Asked:
    """``url`` leads to where the answer goes; a POST to ``done`` says that it was asked."""

    text: str
    about: str
    url: str
    done: str


@dataclass(frozen=True)
class Source:
    """``of_account`` lists the questions of one account. ``cells`` is a SELECT of account_id, key, label, question,
    owner, state and position of all open ones of the tenant in scope, whose keys begin with ``prefix``; ``url`` gives the
    address for such a key."""

    prefix: str
    of_account: Callable[[Account], list[Asked]]
    cells: str
    url: Callable[[str], str]


_sources: list[Source] = []


def register(source: Source) -> None:
    _sources.append(source)


def of_account(account: Account) -> list[Asked]:
    return [asked for source in _sources for asked in source.of_account(account)]


def more_cells() -> str:
    """To stand after the SELECT of the sheet's cells."""
    return "".join(f" UNION ALL {source.cells}" for source in _sources)


def url_of(key: str) -> str:
    """Empty for a cell of the sheet."""
    return next((source.url(key) for source in _sources if key.startswith(source.prefix)), "")
