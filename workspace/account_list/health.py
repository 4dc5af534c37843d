"""What the list shows of an account's health."""

from dataclasses import dataclass
from typing import Any, Self

from django.db.models import Exists, OuterRef, Q

from health.models import AccountScore, Band


@dataclass(frozen=True)
class Health:
    """Score and band of the last night, the scores of twelve weeks (oldest first) and the change over four."""

    score: int | None = None
    band: str = Band.NONE.value
    weeks: tuple[int, ...] = ()
    change: int | None = None

    @classmethod
    def read(cls, now: dict[str, Any] | None, weeks: list[int | None]) -> Self:
        """From the columns of ``FACTS``; an account that was never scored is 未計測."""
        if now is None or now["score"] is None:
            return cls()
        known = tuple(score for score in weeks if score is not None)
        return cls(now["score"], now["band"], known, now["change"])


def in_bands(bands: tuple[str, ...]) -> Q:
    """Accounts in one of the bands; 未計測 are those without a score."""
    scored = AccountScore.objects.filter(account=OuterRef("pk")).exclude(band=Band.NONE)
    found = Q(Exists(scored.filter(band__in=bands)))
    return found | Q(~Exists(scored)) if Band.NONE in bands else found
