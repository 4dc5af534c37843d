"""The people of one account with their roles and when somebody last spoke with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, Prefetch, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.frame import SEALS, last_contacts, seal_state
from accounts.models import Account, ActivityMember, KeyPerson, PersonRole
from accounts.models.activity import ActivityState
from accounts.models.key_person import PersonState, RoleKind

ASKED = {
    RoleKind.ECONOMIC_BUYER: (
        "sales",
        _("来期の予算を、最後に決めるのはどなたですか。会議体なら、その名前を加えます。"),
    ),
    RoleKind.CHAMPION: ("csm", _("社内で一緒に進めてくれるのはどなたですか。")),
    RoleKind.USER_LEAD: ("csm", _("使う部門の責任者はどなたですか。")),
    RoleKind.ADMINISTRATOR: ("csm", _("毎日の運用は、どなたが見ていますか。")),
    RoleKind.PURCHASING: ("sales", _("契約のとき、購買はどなたと話しましたか。")),
}
"""The roles that an account is not without: who of ours finds out, and what to ask while nobody is known."""


@dataclass(frozen=True)
class Card:
    """One person. ``roles`` are all they ever had, ``now`` those in force today."""

    person: Any
    roles: Sequence[PersonRole]
    now: Sequence[PersonRole]
    last: date | None
    state: str

    @property
    def met_by(self) -> str:
        """Who of ours was there when they were last met."""
        return self.person.met_by or ""

    @property
    def is_leaving(self) -> bool:
        """The day on which they go is known, and still to come."""
        return self.person.state != PersonState.ACTIVE and self.state != "lost"

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
    """A role that an account is not without, and the cards of whoever holds it; none is a blank with its question."""

    kind: str
    label: str
    seal: str
    held_by: Sequence[Card]
    owner: str
    question: Any


def people_of(account: Account, today: date, only: KeyPerson | None = None) -> list[Card]:
    """Everybody, those with a seal first, those who left last; three statements."""
    roles = PersonRole.objects.order_by("-starts_on", "pk")
    people = account.key_persons.all() if only is None else account.key_persons.filter(pk=only.pk)
    people = people.select_related("contact__user", "successor").prefetch_related(Prefetch("roles", roles))
    last = Subquery(last_contacts().filter(person=OuterRef("pk")))
    people = people.annotate(last=last, met_by=Subquery(who_met(OuterRef("pk"))))
    found = [card(person, account, today) for person in people.order_by("kana", "name")]
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


def who_met(person: Any) -> Any:
    """The name of one of ours who took part when the person was last met."""
    there = ActivityMember.objects.filter(
        activity__persons__person=person, activity__state=ActivityState.HELD, activity__deleted_at=None
    )
    return there.order_by("-activity__on", "-activity_id", "pk").values("member__user__name")[:1]


def cards(people: Sequence[Card]) -> list[Place]:
    """決裁者 and 推進者: a card for whoever holds the role, or a blank one."""
    return [place(kind, people) for kind in SEALS]


def blanks(people: Sequence[Card]) -> list[Place]:
    """The other roles that nobody is known for."""
    places = [place(kind, people) for kind in ASKED if kind not in SEALS]
    return [one for one in places if not one.held_by]


def place(kind: RoleKind, people: Sequence[Card]) -> Place:
    owner, question = ASKED[kind]
    held_by = [card for card in people if any(role.kind == kind for role in card.now)]
    return Place(kind, str(kind.label), SEALS.get(kind, ""), held_by, owner, question)
