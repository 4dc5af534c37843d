"""One measured thing beside its floor. Milliseconds change with the machine and the hour; the ratio is the figure."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

HEAD = f"{'':<36}{'ours':>12}{'floor':>12}{'ratio':>9}{'goal':>9}  "


@dataclass(frozen=True)
class Figure:
    """Ours and the floor in ``unit``, their ratio, the most it may be, our SQL statements (0: not counted)."""

    name: str
    ours: float
    floor: float
    ratio: float
    statements: int = 0
    goal: float = 0
    unit: str = "ms"
    note: str = ""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def is_met(self) -> bool:
        return not self.goal or round(self.ratio, 2) <= self.goal

    def line(self) -> str:
        unit = f" {self.unit:<2}"
        floor = f"{self.floor:>9,.1f}{unit}" if self.floor else f"{'–':>12}"
        ratio = f"{self.ratio:>8.2f}×" if self.ratio else f"{'–':>9}"
        goal = f"≤{self.goal:>6.2f}×{' ' if self.is_met else '✗'}" if self.goal else " " * 9
        counted = f"SQL {self.statements}  " if self.statements else ""
        return f"{self.name:<36}{self.ours:>9,.1f}{unit}{floor}{ratio}{goal}  {counted}{self.note}".rstrip()


def once(name: str, ours: Callable[[], Any], floor: Callable[[], Any]) -> Figure:
    """Work that changes what it works on: one call each."""
    least, mine = _took(floor), _took(ours)
    return Figure(name, mine, least, mine / least)


def _took(call: Callable[[], Any]) -> float:
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000
