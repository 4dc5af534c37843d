"""決 and 推: do we know who decides and who drives, and have we met them lately?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.models.key_person import PersonState

FRESH_DAYS = 30


@dataclass(frozen=True)
class Tenure:
    """One role of one person, as far as a seal needs it. ``met_on`` is the last day we met that person."""

    name: str
    starts_on: date | None
    ends_on: date | None
    state: str
    state_since: date | None
    met_on: date | None

    def holds(self, on: date) -> bool:
        in_office = self.state == PersonState.ACTIVE or (
            self.state_since is not None and self.state_since > on
        )
        begun = self.starts_on is None or self.starts_on <= on
        return in_office and begun and (self.ends_on is None or self.ends_on >= on)

    def is_over(self, on: date) -> bool:
        return not self.holds(on) and (self.starts_on is None or self.starts_on <= on)


@dataclass(frozen=True)
class Seal:
    """``state``: "" met within 30 days, stale, lost (moved away, nobody after them) or unknown."""

    state: str
    names: tuple[str, ...] = ()


def seal_of(tenures: Iterable[Tenure], today: date) -> Seal:
    tenures = list(tenures)
    holders = [tenure for tenure in tenures if tenure.holds(today)]
    if not holders:
        gone = tuple(tenure.name for tenure in tenures if tenure.is_over(today))
        return Seal("lost", gone) if gone else Seal("unknown")
    since = today - timedelta(days=FRESH_DAYS)
    is_fresh = any(tenure.met_on is not None and tenure.met_on >= since for tenure in holders)
    return Seal("" if is_fresh else "stale", tuple(tenure.name for tenure in holders))
