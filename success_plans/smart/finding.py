"""What a check returns: a reason, and the places in the folded text that caused it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from re import Match, Pattern

from success_plans.smart.codes import Code
from success_plans.smart.reading import Reading

Place = tuple[int, int]


@dataclass(frozen=True)
class Finding:
    code: Code
    places: tuple[Place, ...] = ()


Check = Callable[[Reading], Iterator[Finding]]


def found(code: Code, *matches: Match[str] | None) -> Finding:
    return Finding(code, tuple(match.span() for match in matches if match))


def outside(pattern: Pattern[str], text: str, places: Iterable[Place]) -> list[Match[str]]:
    """The matches that do not touch any of ``places``."""
    inside = list(places)
    return [
        match
        for match in pattern.finditer(text)
        if not any(match.start() < end and start < match.end() for start, end in inside)
    ]
