"""One measured thing beside its floor. Milliseconds change with the machine and the hour; the ratio is the figure."""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """Milliseconds of ours and of the floor, their ratio, and our SQL statements (0: not counted)."""

    name: str
    ours: float
    floor: float
    ratio: float
    statements: int = 0

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def line(self) -> str:
        ratio = f"{self.ratio:>7.2f}×" if self.floor else f"{'–':>8}"
        counted = f"{self.statements:>6}" if self.statements else ""
        return f"{self.name:<34}{self.ours:>8,.1f} ms{self.floor:>8,.1f} ms{ratio}{counted}"


def interleaved(
    name: str,
    ours: Callable[[], Any],
    floor: Callable[[], Any],
    *,
    rounds: int,
    calls: int,
    statements: int = 0,
) -> Figure:
    """Blocks of calls in turn, so that noise hits both alike; the median of the ratios of each round."""
    for warm_up in (ours, floor) * 3:
        warm_up()
    pairs = [(_median(ours, calls), _median(floor, calls)) for _round in range(rounds)]
    mine, least = (statistics.median(side) for side in zip(*pairs, strict=True))
    return Figure(name, mine, least, statistics.median(a / b for a, b in pairs), statements)


def once(name: str, ours: Callable[[], Any], floor: Callable[[], Any]) -> Figure:
    """Work that changes what it works on: one call each."""
    least, mine = _took(floor), _took(ours)
    return Figure(name, mine, least, mine / least)


def _median(call: Callable[[], Any], calls: int) -> float:
    return statistics.median(_took(call) for _call in range(calls))


def _took(call: Callable[[], Any]) -> float:
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000
