"""The engagement matrix (S1 1.27): where each person stands (C), where we want them (D), and what closes the gap."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Q, Window
from django.db.models.functions import Lag
from django.utils.translation import gettext as _

from accounts.models import Account, ActivityPerson, KeyPerson, PersonTie
from accounts.models.activity import ActivityState
from accounts.models.key_person import Attitude, Influence
from accounts.models.person_tie import TieKind
from accounts.people import Card
from tenants.actors import actors_of

LEVELS = list(Attitude)
CLOSE = (Attitude.SUPPORTIVE, Attitude.LEADING)
WEIGHT = {Influence.HIGH: 0, Influence.MID: 1, Influence.LOW: 2}
PAST = 60


@dataclass(frozen=True)
class Mark:
    """One square of the matrix: ``now``, ``goal``, ``both``, ``path`` between them, or nothing; ``line`` says on which
    side the line from now to goal runs."""

    level: Attitude
    what: str
    line: str


@dataclass(frozen=True)
class Row:
    """``order`` is when to speak with them: the number that somebody wrote, else one that follows from the gaps."""

    card: Card
    marks: Sequence[Mark]
    gap: int
    order: int | None
    via: Card | None
    next: Any

    @property
    def person(self) -> Any:
        return self.card.person

    @property
    def is_suggested(self) -> bool:
        return self.order is not None and self.person.approach_order is None

    @property
    def proposal(self) -> str:
        """The title of a meeting that would close the gap."""
        words = {
            "now": self.person.get_attitude_display(),
            "goal": self.person.get_desired_attitude_display(),
        }
        move = _("%(now)sから%(goal)sへ") % words
        if self.via:
            move = _("%(via)sを通して、%(move)s") % {"via": self.via.person.addressed, "move": move}
        return f"{self.person.addressed} {move}"


def rows_of(people: Sequence[Card], ties: Sequence[PersonTie], planned: Mapping[UUID, Any]) -> list[Row]:
    """Everybody who is there, in the order of the approach; those without a gap after them."""
    here = [card for card in people if card.state != "lost" and not card.person.is_body]
    ways = {card.person.pk: way_to(card, here, ties) for card in here}
    waiting = sorted((card for card in here if gap_of(card.person) > 0), key=lambda card: urgency(card, ways))
    numbers = order_of([card.person for card in waiting])
    rows = [
        Row(
            card,
            marks_of(card.person),
            gap_of(card.person),
            numbers.get(card.person.pk, card.person.approach_order),
            ways[card.person.pk] if gap_of(card.person) > 0 else None,
            planned.get(card.person.pk),
        )
        for card in here
    ]
    return sorted(rows, key=lambda row: (row.order is None, row.order or 0))


def gap_of(person: Any) -> int:
    """How many levels are missing; 0 while one of the two is unknown."""
    if not person.attitude or not person.desired_attitude:
        return 0
    return LEVELS.index(Attitude(person.desired_attitude)) - LEVELS.index(Attitude(person.attitude))


def marks_of(person: Any) -> list[Mark]:
    now = LEVELS.index(Attitude(person.attitude)) if person.attitude else None
    goal = LEVELS.index(Attitude(person.desired_attitude)) if person.desired_attitude else None
    return [mark(n, now, goal) for n in range(len(LEVELS))]


def mark(n: int, now: int | None, goal: int | None) -> Mark:
    if n == now == goal:
        return Mark(LEVELS[n], "both", "")
    both = now is not None and goal is not None
    low, high = sorted((now, goal)) if both else (n, n)  # type: ignore[type-var]
    line = "" if not both else "out" if n == low else "in" if n == high else "through"
    if n in (now, goal):
        return Mark(LEVELS[n], "now" if n == now else "goal", line)
    inside = both and low < n < high  # type: ignore[operator]
    return Mark(LEVELS[n], "path" if inside else "", "through" if inside else "")


def way_to(card: Card, people: Sequence[Card], ties: Sequence[PersonTie]) -> Card | None:
    """Somebody close to us who reaches this person: by influence or support, as their boss, or as one of theirs."""
    reaching = {tie.person_id for tie in ties if tie.to_id == card.person.pk and tie.kind != TieKind.CONFLICT}
    beside = {card.person.reports_to_id}
    friends = [
        one
        for one in people
        if one.person.pk != card.person.pk and one.person.attitude in CLOSE
        and (one.person.pk in reaching | beside or one.person.reports_to_id == card.person.pk)
    ]  # fmt: skip
    return min(friends, key=lambda one: (one.person.pk not in reaching, one.person.name), default=None)


def urgency(card: Card, ways: Mapping[UUID, Card | None]) -> tuple[int, bool, int, str]:
    """Whose word counts first; then whom we reach through a friend; then the widest gap."""
    person = card.person
    weight = WEIGHT[Influence(person.influence)] if person.influence else len(WEIGHT)
    return weight, ways[person.pk] is None, -gap_of(person), person.name


def order_of(people: Sequence[Any]) -> dict[UUID, int]:
    """Written numbers stay; the others take the free ones in between."""
    written = {person.pk: person.approach_order for person in people if person.approach_order is not None}
    free = (n for n in range(1, len(people) + len(written) + 1) if n not in written.values())
    return {person.pk: written.get(person.pk) or next(free) for person in people}


def planned_for(account: Account, today: date) -> dict[UUID, Any]:
    """By person, the next thing that is planned with them; one statement."""
    rows = ActivityPerson.objects.filter(
        activity__account=account,
        activity__state=ActivityState.PLANNED,
        activity__on__gte=today,
        activity__deleted_at=None,
    )
    found: dict[UUID, Any] = {}
    for row in rows.select_related("activity").order_by("activity__on", "activity_id"):
        found.setdefault(row.person_id, row.activity)
    return found


@dataclass(frozen=True)
class Step:
    """Somebody's attitude or goal was changed."""

    at: Any
    name: str
    by: str
    before: str
    after: str
    goal_before: str
    goal: str

    @property
    def moved(self) -> bool:
        return self.before != self.after


def history_of(account: Account) -> list[Step]:
    """How people's attitudes and goals were changed, newest first; one statement beside the names of who did."""
    events = KeyPerson.events.rel.related_model.objects  # type: ignore[attr-defined]

    def before(field: str) -> Window:
        return Window(Lag(field), partition_by=F("pgh_obj_id"), order_by="pgh_id")

    changed = ~Q(attitude=F("old")) | ~Q(desired_attitude=F("old_goal"))
    rows = (
        events.filter(account=account)
        .annotate(old=before("attitude"), old_goal=before("desired_attitude"))
        .filter(changed)
        .order_by("-pgh_id")[:PAST]
    )
    rows = list(rows)
    actors = actors_of(row.pgh_actor for row in rows)
    said: dict[Any, Any] = {"": _("不明"), None: _("不明"), **dict(Attitude.choices)}
    return [
        Step(
            row.pgh_created_at,
            row.name,
            actors[row.pgh_actor].name,
            *(str(said[value]) for value in (row.old, row.attitude, row.old_goal, row.desired_attitude)),
        )
        for row in rows
        if row.attitude or row.desired_attitude or row.old or row.old_goal
    ]
