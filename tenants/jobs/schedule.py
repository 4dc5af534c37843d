"""When work is due in a tenant's own time zone. The timetable of all of it is ``cs_planner/timetable.py``."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Daily:
    """``job`` once a day at ``at`` of the tenant's clock; ``because`` is the sentence people read."""

    job: str
    at: time
    because: "StrOrPromise"

    def latest(self, now: datetime, zone: ZoneInfo) -> datetime:
        """The last moment at or before ``now`` when this was due. Days missed before it are not made up for."""
        local = now.astimezone(zone)
        due = local.replace(hour=self.at.hour, minute=self.at.minute, second=0, microsecond=0)
        if due > local:
            due = (local - timedelta(days=1)).replace(
                hour=self.at.hour, minute=self.at.minute, second=0, microsecond=0
            )
        return due.astimezone(UTC)


@dataclass(frozen=True)
class Every:
    """``job`` again and again, each time so many ``minutes`` of the hour have passed."""

    job: str
    minutes: int
    because: "StrOrPromise"

    def latest(self, now: datetime, zone: ZoneInfo) -> datetime:
        local = now.astimezone(UTC)
        return local.replace(minute=local.minute - local.minute % self.minutes, second=0, microsecond=0)


Entry = Daily | Every
