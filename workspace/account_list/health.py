"""What the list shows of an account's health."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from health.models import AccountScore, Band, ScoreDay

WEEKS = 12


@dataclass(frozen=True)
class Health:
    """Score and band of the last night, the scores of twelve weeks (oldest first) and the change over four."""

    score: int | None = None
    band: str = Band.NONE.value
    weeks: tuple[int, ...] = ()
    change: int | None = None

    @classmethod
    def read(cls, now: dict[str, Any] | None, weeks: list[int | None]) -> Self:
        """From the columns of ``health_columns``; an account that was never scored is 未計測."""
        if now is None or now["score"] is None:
            return cls()
        known = tuple(score for score in weeks if score is not None)
        return cls(now["score"], now["band"], known, now["change"])


def health_columns(today: date) -> dict[str, Any]:
    """Annotations for accounts: ``health`` as JSON and ``weeks`` as an array; no further statement."""
    now = AccountScore.objects.filter(account=OuterRef("pk")).with_change(today)
    mondays = [today - timedelta(weeks=week) for week in range(WEEKS)]
    days = ScoreDay.objects.filter(account=OuterRef("pk"), on__in=mondays).order_by("on")
    return {
        "health": Subquery(now.values(now=JSONObject(score="score", band="band", change="change"))),
        "weeks": ArraySubquery(days.values("score")),
    }


def in_bands(bands: tuple[str, ...]) -> Q:
    """Accounts in one of the bands; 未計測 are those without a score."""
    scored = AccountScore.objects.filter(account=OuterRef("pk")).exclude(band=Band.NONE)
    found = Q(Exists(scored.filter(band__in=bands)))
    return found | Q(~Exists(scored)) if Band.NONE in bands else found
