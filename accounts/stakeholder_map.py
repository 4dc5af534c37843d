"""The stakeholder map (S1 1.26): where each person stands and which lines run between them, as figures for an SVG.

Who reports to whom makes a tree from top to bottom; a place that somebody chose by hand wins over it. Nobody who has
gone is drawn: their people stand below the successor, if there is one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import PersonTie
from accounts.models.person_tie import TieKind
from accounts.people import Card

WIDTH, HEIGHT = 156, 56
ACROSS, DOWN = WIDTH + 48, HEIGHT + 54
MARGIN = 20
LEAST = (720, 240)
IN_A_ROW = 6  # of those whom no line holds
ROOM = 11  # characters of a node without a seal
COLOURS = {TieKind.INFLUENCE: "#31538f", TieKind.SUPPORT: "#31538f", TieKind.CONFLICT: "#c2333c"}

Place = tuple[int, int]


@dataclass(frozen=True)
class Node:
    """One person, by the upper left corner of their box. ``said`` is the whole node in words."""

    card: Card
    x: int
    y: int
    said: str

    @property
    def person(self) -> Any:
        return self.card.person

    @property
    def name(self) -> str:
        return cut(self.person.name, ROOM - 2 * len(self.card.seals))

    @property
    def post(self) -> str:
        return cut(self.person.title or self.person.department, ROOM + 1 - 2 * len(self.card.seals))

    @property
    def indent(self) -> int:
        """Where the name begins, beside the seals."""
        return 12 + 24 * len(self.card.seals)

    @property
    def us(self) -> str:
        """The first character of ours who speaks with them."""
        named = self.person.contact.name if self.person.contact else self.card.met_by
        return named[:1]


@dataclass(frozen=True)
class Line:
    """A tie as an arrow, with its word in the middle."""

    tie: PersonTie
    path: str
    x: float
    y: float
    colour: str
    said: str

    @property
    def css(self) -> str:
        return str(self.tie.kind)


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    nodes: Sequence[Node]
    reports: Sequence[str]
    lines: Sequence[Line]


def cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def drawing_of(people: Sequence[Card], ties: Sequence[PersonTie]) -> Drawing:
    here = [card for card in people if card.state != "lost"]
    bosses = bosses_of(people, here)
    by_id = {card.person.pk: card for card in here}
    chosen = {pk: (c.person.map_x, c.person.map_y) for pk, c in by_id.items() if c.person.map_x is not None}
    tied = {pk for tie in ties for pk in (tie.person_id, tie.to_id)}
    placed = {**tree([*by_id], bosses, tied), **chosen}
    nodes = [
        Node(card, *placed[pk], words(card, by_id.get(bosses.get(pk)), ties, by_id))  # type: ignore[arg-type]
        for pk, card in by_id.items()
    ]
    reports = [elbow(placed[boss], placed[pk]) for pk, boss in bosses.items() if boss in placed]
    lines = [line(tie, placed, by_id) for tie in ties if {tie.person_id, tie.to_id} <= placed.keys()]
    width = max([x + WIDTH + MARGIN for x, _y in placed.values()], default=0)
    height = max([y + HEIGHT + MARGIN for _x, y in placed.values()], default=0)
    return Drawing(max(width, LEAST[0]), max(height, LEAST[1]), nodes, reports, lines)


def bosses_of(people: Sequence[Card], here: Sequence[Card]) -> dict[UUID, UUID]:
    """By person, whom they are drawn below: the boss, or who came after a boss who has gone."""
    known = {card.person.pk: card.person for card in people}
    drawn = {card.person.pk for card in here}
    found = {}
    for card in here:
        boss, seen = card.person.reports_to_id, {card.person.pk}
        while boss in known and boss not in drawn and boss not in seen:
            seen.add(boss)
            boss = known[boss].successor_id or known[boss].reports_to_id
        if boss in drawn and boss != card.person.pk:
            found[card.person.pk] = boss
    return without_circles(found)


def without_circles(bosses: dict[UUID, UUID]) -> dict[UUID, UUID]:
    """Successors could lead back to where a line began: such a line is left out."""
    kept: dict[UUID, UUID] = {}
    for person, boss in bosses.items():
        at: UUID | None = boss
        while at is not None and at != person:
            at = kept.get(at)
        if at is None:
            kept[person] = boss
    return kept


def tree(people: Sequence[UUID], bosses: Mapping[UUID, UUID], tied: set[UUID]) -> dict[UUID, Place]:
    """Where everybody stands as long as nobody moves them: each above the middle of those below."""
    below: dict[UUID | None, list[UUID]] = {}
    for pk in people:
        below.setdefault(bosses.get(pk), []).append(pk)
    heads = below.get(None, [])
    held = [pk for pk in heads if pk in below or pk in tied]
    placed: dict[UUID, Place] = {}
    depths: dict[UUID, int] = {}
    after = 0
    stack = [(pk, 0, False) for pk in reversed(held)]
    while stack:
        pk, depth, is_done = stack.pop()
        children = below.get(pk, [])
        if not children:
            placed[pk] = (MARGIN + after * ACROSS, MARGIN + depth * DOWN)
            after += 1
        elif is_done:
            middle = (placed[children[0]][0] + placed[children[-1]][0]) // 2
            placed[pk] = (middle, MARGIN + depth * DOWN)
        else:
            stack.append((pk, depth, True))
            stack += [(child, depth + 1, False) for child in reversed(children)]
        depths[pk] = depth
    first = max(depths.values(), default=-1) + 1
    for n, pk in enumerate(pk for pk in heads if pk not in placed):
        placed[pk] = (MARGIN + n % IN_A_ROW * ACROSS, MARGIN + (first + n // IN_A_ROW) * DOWN)
    return placed


def elbow(boss: Place, person: Place) -> str:
    """From the lower edge of the boss to the upper edge of the person, round one corner each."""
    x, y = boss[0] + WIDTH // 2, boss[1] + HEIGHT
    below = person[0] + WIDTH // 2
    return f"M{x} {y}V{(y + person[1]) // 2}H{below}V{person[1]}"


def line(tie: PersonTie, placed: Mapping[UUID, Place], people: Mapping[UUID, Card]) -> Line:
    start, end = middle_of(placed[tie.person_id]), middle_of(placed[tie.to_id])
    (x1, y1), (x2, y2) = at_edge(start, end), at_edge(end, start)
    said = _("%(person)sから%(to)sへ %(kind)s") % {
        "person": people[tie.person_id].person.name,
        "to": people[tie.to_id].person.name,
        "kind": tie.get_kind_display(),
    }
    words = f"{said}。{tie.label}" if tie.label else said
    path = f"M{x1:.0f} {y1:.0f}L{x2:.0f} {y2:.0f}"
    return Line(tie, path, (x1 + x2) / 2, (y1 + y2) / 2 - 6, COLOURS[TieKind(tie.kind)], words)


def middle_of(place: Place) -> Place:
    return place[0] + WIDTH // 2, place[1] + HEIGHT // 2


def at_edge(start: Place, end: Place) -> tuple[float, float]:
    """Where the way from the middle of one box to ``end`` leaves the box; a little outside, for the arrow."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    if not dx and not dy:
        return start
    reach = min(
        (WIDTH / 2 + 3) / abs(dx) if dx else float("inf"),
        (HEIGHT / 2 + 3) / abs(dy) if dy else float("inf"),
        1,
    )
    return start[0] + dx * reach, start[1] + dy * reach


def words(card: Card, boss: Card | None, ties: Sequence[PersonTie], people: Mapping[UUID, Card]) -> str:
    """The node as a sentence: who, which roles, where they stand, below whom, with whom they are tied."""
    person = card.person
    parts = [person.name, f"{person.department} {person.title}".strip()]
    parts += [role.get_kind_display() for role in card.now]
    parts += [person.get_attitude_display()]
    if boss:
        parts.append(_("上司は%(name)s") % {"name": boss.person.name})
    parts += [
        f"{people[tie.to_id].person.name}へ{tie.get_kind_display()}"
        for tie in ties
        if tie.person_id == person.pk and tie.to_id in people
    ]
    if person.contact:
        parts.append(_("当社は%(name)s") % {"name": person.contact.name})
    return "、".join(part for part in parts if part)


def ties_of(account: Any) -> list[PersonTie]:
    rows = PersonTie.objects.filter(account=account, person__deleted_at=None, to__deleted_at=None)
    return list(rows.order_by("pk"))
