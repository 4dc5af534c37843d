"""Pairs: records that tie a row of one list to a row of another, picked and untied in the rows of either.

A pair is one registration: both lists draw it, and the API, history, bin and undo come with its kind.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.urls import reverse

from accounts.choices import remembered
from accounts.lists import list_of, register_beside
from accounts.models import Account
from tenants.editing import Choice, editable

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Pair:
    """``ends`` are its two fields, named as the kinds of the lists; ``related`` is the name of the pairs on the account."""

    kind: str
    title: "StrOrPromise"
    related: str
    ends: tuple[str, str]
    action: str = "account.edit"

    @property
    def adds(self) -> str:
        """The URL name that ties two rows."""
        return f"accounts:{self.kind}_add"

    @property
    def unties(self) -> str:
        return f"delete_{self.kind}"


@dataclass(frozen=True)
class Link:
    """One row at the other end."""

    pk: UUID
    name: str
    url: str


@dataclass(frozen=True)
class Tied:
    """What a row is tied to, and what it may be tied to besides. ``here`` is the field of the row, ``there`` the other."""

    pair: Pair
    here: str
    there: str
    record: Any
    links: Sequence[Link]
    choices: Sequence[Choice]
    template: str = "accounts/_pairs.html"

    @property
    def label(self) -> "StrOrPromise":
        return editable(self.pair.kind).fields[self.there].label


_pairs: dict[str, Pair] = {}


def register(pair: Pair) -> Pair:
    _pairs[pair.kind] = pair
    for here, there in (pair.ends, pair.ends[::-1]):
        register_beside(here, partial(tied, pair, here, there))
    return pair


def all_pairs() -> list[Pair]:
    return list(_pairs.values())


def rows_of(pair: Pair, account: Account) -> list[Any]:
    """The pairs of an account, both of whose ends are there; asked once per request."""
    there = {f"{end}__deleted_at": None for end in pair.ends}
    found = getattr(account, pair.related).filter(**there).select_related(*pair.ends)
    return remembered(pair.kind, account.pk, lambda: list(found.order_by("created_at", "pk")))


def tied(pair: Pair, here: str, there: str, account: Account) -> Callable[[Any], Sequence[Tied]]:
    links: dict[UUID, list[tuple[UUID, Link]]] = defaultdict(list)
    for row in rows_of(pair, account):
        other = getattr(row, there)
        link = Link(row.pk, str(other), url_of(there, account, other.pk))
        links[getattr(row, f"{here}_id")].append((other.pk, link))
    found = editable(pair.kind)
    field, like = found.fields[there], found.model(account=account)
    choices = list(field.choices(like)) if field.choices else []

    def of(record: Any) -> Sequence[Tied]:
        own = links[record.pk]
        taken = {"", *(str(pk) for pk, _link in own)}
        rest = [choice for choice in choices if choice[0] not in taken]
        return [Tied(pair, here, there, record, [link for _pk, link in own], rest)]

    return of


def url_of(kind: str, account: Account, pk: UUID) -> str:
    """Where a row of a list stands."""
    return f"{reverse(f'accounts:{list_of(kind).page}_index', args=[account.pk])}#row-{pk}"
