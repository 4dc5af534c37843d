"""The measures of health, one file each in ``health/measures``: the module's name is the code."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from django.db.models import QuerySet

Parts = Sequence[tuple[int, QuerySet[Any]]]
Points = Callable[[date], QuerySet[Any] | Parts]


@dataclass(frozen=True)
class Reading:
    """What a measure says of one account: ``value`` as people read it, ``text`` why, ``goal`` what would be full."""

    value: str
    text: str
    goal: str = ""


@dataclass(frozen=True)
class Measure:
    """One way of looking at an account.

    ``points(today)`` gives ``values("account_id", "points")`` rows, one an account, 0 to 100; an account it knows
    nothing about has no row (or null), and the weight of the measure goes to the others. A measure of several halves
    gives a list of ``(weight, rows)``, of which the known ones are weighed. Each is joined once to all accounts, so
    group by account; a sub-query an account costs ten times as much. ``read(account, today)`` says it in words.
    """

    code: str
    label: Any
    weight: int
    hint: Any
    read: Callable[[Any, date], Reading]
    points: Points

    def parts(self, today: date) -> Parts:
        found = self.points(today)
        return [(1, found)] if isinstance(found, QuerySet) else found


_measures: dict[str, Measure] = {}


def measure(
    *, label: Any, weight: int, hint: Any, read: Callable[[Any, date], Reading]
) -> Callable[[Points], Points]:
    """Register the decorated ``points`` under its module's name."""

    def register(points: Points) -> Points:
        code = points.__module__.rpartition(".")[2]
        _measures[code] = Measure(code, label, weight, hint, read, points)
        return points

    return register


def load() -> dict[str, Measure]:
    """Import every module of ``health/measures``; called once, when Django is ready."""
    from health import measures

    for found in iter_modules(measures.__path__):
        import_module(f"{measures.__name__}.{found.name}")
    return _measures


def all_measures() -> list[Measure]:
    """In the order of their weight, so that columns and lists are stable."""
    return sorted(_measures.values(), key=lambda measure: (-measure.weight, measure.code))
