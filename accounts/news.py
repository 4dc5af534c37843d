"""What notices tell of beside activities: each room above says how its records are read and where they stand."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class News:
    """One record worth a look: its words, who wrote them, and the page they stand on."""

    title: str
    by: str
    url: str


@dataclass(frozen=True)
class Source:
    """A kind of record of a room above. ``standing(pk)`` are the rows with that key which are not in the bin (``pk`` may
    be an ``OuterRef``), ``read(ids)`` says what they are; one that is missing there is told no more."""

    kind: str
    standing: Callable[[Any], Any]
    read: Callable[[Sequence[UUID]], Mapping[UUID, News]]


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    _sources[source.kind] = source


def sources() -> list[Source]:
    return list(_sources.values())


def source_called(kind: str) -> Source:
    return _sources[kind]
