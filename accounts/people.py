"""The people of one account with their roles and when somebody last spoke with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, Prefetch, Subquery

from accounts.frame import SEALS, last_contacts, seal_state
from accounts.models import Account, KeyPerson, PersonRole
from accounts.models.key_person import PersonState, RoleKind


@dataclass(frozen=True)
class Card:
    """One person. ``roles`` are all they ever had, ``now`` those in force today."""

    person: Any
    roles: Sequence[PersonRole]
    now: Sequence[PersonRole]
    last: date | None
    state: str

    @property
    def is_stale(self) -> bool:
        return self.state == "stale"

    @property
    def seals(self) -> list[str]:
        return [SEALS[RoleKind(role.kind)] for role in self.now if role.kind in SEALS]

    @property
    def other_roles(self) -> list[PersonRole]:
        return [role for role in self.now if role.kind not in SEALS]


@dataclass(frozen=True)
class Place:
    """One of the two roles that every account needs, and the cards of whoever holds it; none is a blank."""

    kind: str
    label: str
    seal: str
    held_by: Sequence[Card]


def people_of(account: Account, today: date, only: KeyPerson | None = None) -> list[Card]:
    """Everybody, those with a seal first, those who left last; three statements."""
    roles = PersonRole.objects.order_by("-starts_on", "pk")
    people = account.key_persons.all() if only is None else account.key_persons.filter(pk=only.pk)
    people = people.select_related("contact__user").prefetch_related(Prefetch("roles", roles))
    last = Subquery(last_contacts().filter(person=OuterRef("pk")))
    found = [card(person, account, today) for person in people.annotate(last=last).order_by("kana", "name")]
    return sorted(found, key=lambda c: (c.person.state != PersonState.ACTIVE, not c.seals, not c.now))


def card(person: Any, account: Account, today: date) -> Card:
    person.account = account
    roles = list(person.roles.all())
    here = person.state == PersonState.ACTIVE or (person.state_since and person.state_since > today)
    now = [role for role in roles if here and in_force(role, today)]
    return Card(person, roles, now, person.last, seal_state(person.last, today) if here else "lost")


def in_force(role: PersonRole, today: date) -> bool:
    return (role.starts_on is None or role.starts_on <= today) and (
        role.ends_on is None or role.ends_on >= today
    )


def cards(people: Sequence[Card]) -> list[Place]:
    return [
        Place(kind, str(kind.label), seal, [c for c in people if any(role.kind == kind for role in c.now)])
        for kind, seal in SEALS.items()
    ]
