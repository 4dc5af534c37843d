"""What stands in the lanes of a schedule, and in which row of its lane: pure geometry."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workspace.schedule.axis import Axis

FULL_WIDTH = 1.28
"""Percent of the chart that one Japanese character takes at its least width (12 px of 944)."""
GAP = 0.5
POINT = 1.3
"""Percent that the mark of a day takes."""
PADDING = 1.5

Taken = tuple[float, float]
Place = tuple[str, Taken]
"""A side for the label, and from where to where the item takes its row then."""


@dataclass(frozen=True, slots=True)
class Move:
    """How an item is moved: the field of the record that holds its days, as it stands (``tenants.editing``)."""

    kind: str
    pk: UUID
    url: str
    field: str
    base: str
    version: int


@dataclass(frozen=True, slots=True)
class Item:
    """One thing with days. ``look`` is how it is drawn, ``said`` what is read aloud beside its label and days."""

    id: str
    label: str
    look: str
    starts_on: date
    ends_on: date | None = None
    said: str = ""
    who: str = ""
    url: str = ""
    percent: int | None = None
    late_until: date | None = None
    move: Move | None = None
    is_quiet: bool = False  # a mark without words: one of a series
    whole: str = ""  # what the label is short for

    @property
    def text(self) -> str:
        return self.whole or self.label

    @property
    def is_point(self) -> bool:
        return self.ends_on is None

    @property
    def last_on(self) -> date:
        return self.ends_on or self.starts_on

    @property
    def days_late(self) -> int:
        return (self.late_until - self.last_on).days if self.late_until else 0


@dataclass(frozen=True, slots=True)
class Placed:
    """An item on the axis. ``side`` is where its label stands: inside (empty), out (after it), left (before
    it), or quiet for none."""

    item: Item
    x: float
    w: float
    row: int
    side: str
    late_x: float = 0
    late_w: float = 0


@dataclass(frozen=True, slots=True)
class Lane:
    """``rows`` is how many lines high it is."""

    key: str
    title: str
    note: str
    placed: Sequence[Placed]
    rows: int
    is_late: bool = False


def lane(
    axis: Axis,
    key: str,
    title: str,
    items: Iterable[Item],
    note: str = "",
    *,
    is_late: bool = False,
) -> Lane:
    """The items that touch the axis by day, each in the first row where there is room for it and its label."""
    shown = [item for item in items if axis.touches(item.starts_on, item.late_until or item.last_on)]
    shown.sort(key=lambda item: (item.starts_on, item.last_on, item.id))
    rows: list[list[Taken]] = []
    placed = []
    for item in shown:
        x = axis.x(item.starts_on)
        w = 0.0 if item.is_point else round(axis.end_x(item.last_on) - x, 2)
        late_x = axis.end_x(item.last_on) if item.late_until else 0.0
        late_w = round(axis.x(item.late_until) - late_x, 2) if item.late_until else 0.0
        side, row = room_for(rows, list(label_places(item, x, max(w, late_x + late_w - x))))
        placed.append(Placed(item, x, w, row, side, late_x, max(late_w, 0.0)))
    return Lane(key, title, note, placed, max(len(rows), 1), is_late)


def label_places(item: Item, x: float, w: float) -> Iterator[Place]:
    """Where the label may stand, the best place first. Beside a bar that is late it stands before it: behind it lies the
    stretch up to today."""
    if item.is_quiet:
        yield "quiet", (x, x + max(w, POINT))
        return
    words = width_of(item.label) + (POINT if item.is_point and not item.late_until else PADDING)
    if not item.is_point and words <= w - late_width(item, w):
        yield "", (x, x + w)
        return
    sides: list[Place] = []
    if x + w + words <= 100:
        sides.append(("out", (x, x + w + words)))
    if x - words >= 0 or not sides:
        sides.append(("left", (max(x - words, 0), x + w)))
    yield from reversed(sides) if item.late_until else sides


def late_width(item: Item, w: float) -> float:
    """How much of ``w`` lies behind the last day of the item."""
    days = (item.last_on - item.starts_on).days + 1 + item.days_late
    return w * item.days_late / days


def width_of(text: str) -> float:
    """Percent of the chart that the text takes; Latin letters and figures are about half as wide."""
    wide = sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.56 for char in text)
    return wide * FULL_WIDTH


def room_for(rows: list[list[Taken]], places: Sequence[Place]) -> tuple[str, int]:
    """The first place for which some row has room; a new row for the best place if there is none. It is taken now."""
    for side, taken in places:
        for number, row in enumerate(rows):
            if all(taken[0] >= end + GAP or taken[1] + GAP <= start for start, end in row):
                row.append(taken)
                return side, number
    side, taken = places[0]
    rows.append([taken])
    return side, len(rows) - 1
