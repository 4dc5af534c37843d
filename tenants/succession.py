"""Who leaves hands over. Rooms register what a member is charged with; one statement per room moves it.

The account is what is handed over: whoever takes an account over takes all of the leaver's charges there.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from tenants.models import Membership
from tenants.roles import Role

ANYBODY = (Role.CSM, Role.SALES, Role.MANAGER, Role.ADMIN, Role.CONTRIBUTOR)


@dataclass(frozen=True)
class Charge:
    """``count`` pieces of one kind of work at one account, e.g. 担当CSM or アクション 3件."""

    account: UUID
    name: str
    label: str
    count: int = 1
    unit: str = ""
    heirs: tuple[Role, ...] = ANYBODY  # who may take it over
    owns: bool = False  # being responsible for the account itself

    @property
    def said(self) -> str:
        return f"{self.label} {self.count}{self.unit}" if self.unit else self.label


Charges = Callable[[Membership], Iterable[Charge]]
HandOver = Callable[[Membership, Mapping[UUID, UUID]], None]
Counts = Callable[[], Mapping[UUID, int]]


@dataclass(frozen=True)
class Estate:
    """One account as the leaver holds it."""

    account: UUID
    name: str
    charges: list[Charge] = field(default_factory=list)

    @property
    def said(self) -> str:
        return "、".join(charge.said for charge in self.charges)

    @property
    def owns(self) -> bool:
        return any(charge.owns for charge in self.charges)

    def heirs(self, members: Iterable[Membership]) -> list[Membership]:
        roles = set(ANYBODY)
        for charge in self.charges:
            roles &= set(charge.heirs)
        return [member for member in members if member.role in roles]


_rooms: dict[str, tuple[Charges, HandOver, Counts | None]] = {}


def register(room: str, *, charges: Charges, hand_over: HandOver, counts: Counts | None = None) -> None:
    """``charges(member)`` lists; ``hand_over(member, successors by account)`` moves all with one statement;
    ``counts()`` gives the number of accounts that each member answers for."""
    _rooms[room] = (charges, hand_over, counts)


def estates_of(member: Membership) -> list[Estate]:
    """Everything to hand over, by account; accounts owned first."""
    found: dict[UUID, Estate] = {}
    for charges, _hand_over, _counts in _rooms.values():
        for charge in charges(member):
            found.setdefault(charge.account, Estate(charge.account, charge.name)).charges.append(charge)
    return sorted(found.values(), key=lambda estate: (not estate.owns, estate.name))


def accounts_per_member() -> Counter[UUID]:
    total: Counter[UUID] = Counter()
    for _charges, _hand_over, counts in _rooms.values():
        total.update(counts() if counts else {})
    return total


def hand_over(member: Membership, successors: Mapping[UUID, UUID]) -> None:
    for _charges, move, _counts in _rooms.values():
        move(member, successors)
