"""How far a figure has come on its way from baseline to target, and how far it should be today. Pure functions."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

UP, DOWN = "up", "down"


def progress(
    direction: str, baseline: Decimal | None, actual: Decimal | None, target: Decimal | None
) -> Decimal | None:
    """The part of the way that is done: 0 at the baseline, 1 at the target, below 0 when it went the wrong way.

    Unknown (None) while a figure is missing, and when the target lies against the direction. Where the target is to
    hold what is there already, it is reached (1) or not (0).
    """
    if baseline is None or actual is None or target is None or is_backwards(direction, baseline, target):
        return None
    if baseline == target:
        held = actual >= target if direction == UP else actual <= target
        return Decimal(held)
    return (actual - baseline) / (target - baseline)


def expected(starts_on: date, due_on: date | None, today: date) -> Decimal | None:
    """The part of the time that has passed, from 0 on the first day to 1 on the due date."""
    if due_on is None:
        return None
    if due_on <= starts_on:
        return Decimal(today >= due_on)
    passed = Decimal((today - starts_on).days) / (due_on - starts_on).days
    return min(max(passed, Decimal(0)), Decimal(1))


def is_behind(done: Decimal | None, due: Decimal | None) -> bool:
    return done is not None and due is not None and done < due


def is_backwards(direction: str, baseline: Decimal | None, target: Decimal | None) -> bool:
    """The target is worse than the baseline: to rise from 40 to 30."""
    if baseline is None or target is None:
        return False
    return target < baseline if direction == UP else target > baseline


class Status(StrEnum):
    UNKNOWN = "unknown"
    REACHED = "reached"
    OVERDUE = "overdue"
    BACKWARDS = "backwards"
    BEHIND = "behind"
    ON_TRACK = "on_track"
    UNDATED = "undated"


def status(done: Decimal | None, due: Decimal | None, due_on: date | None, today: date) -> Status:
    """One word for where it stands; the first one that holds, from top to bottom."""
    if done is None:
        return Status.UNKNOWN
    if done >= 1:
        return Status.REACHED
    if due_on is not None and due_on < today:
        return Status.OVERDUE
    if done < 0:
        return Status.BACKWARDS
    if due is None:
        return Status.UNDATED
    return Status.BEHIND if done < due else Status.ON_TRACK
