"""Health for lists and frames: many accounts at once, a fixed number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from health.models import AccountScore, ScoreDay
from health.models.score import COMPARED_WITH

WEEKS = 12


@dataclass(frozen=True)
class Health:
    """Score and band now, the change over four weeks, and the scores of twelve weeks, oldest first."""

    score: int | None
    band: str
    change: int | None
    weeks: tuple[int, ...]


def health_of(accounts: Sequence[UUID], today: date) -> dict[UUID, Health]:
    """Of those that were ever scored; two statements."""
    current = AccountScore.objects.filter(account__in=accounts).values_list("account", "score", "band")
    weeks = weeks_of(accounts, today)
    found = {}
    for account, score, band in current:
        scores = weeks.get(account, {})
        before = scores.get(today - COMPARED_WITH)
        change = score - before if score is not None and before is not None else None
        found[account] = Health(score, band, change, tuple(s for s in scores.values() if s is not None))
    return found


def week_ends(today: date) -> list[date]:
    """Today and the same weekday of the weeks before, oldest first."""
    return [today - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]


def weeks_of(accounts: Sequence[UUID], today: date) -> dict[UUID, dict[date, int | None]]:
    """For each account the score of each week, as far as it was measured; a missed night takes the one before it."""
    ends = week_ends(today)
    days = ScoreDay.objects.filter(account__in=accounts, on__gt=ends[0] - timedelta(weeks=1), on__lte=today)
    found: dict[UUID, dict[date, int | None]] = {}
    for account, on, score in days.order_by("on").values_list("account", "on", "score"):
        end = next(end for end in ends if on <= end)
        found.setdefault(account, {})[end] = score
    return found
