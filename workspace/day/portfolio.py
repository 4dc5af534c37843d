"""The strip on top of 今日: one's accounts as wide as their ARR, the worst health first."""

from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from health.models import AccountScore
from tenants.models import Membership
from ui.templatetags.ui import BANDS
from ui.wording import yen
from workspace.account_list.tabs import own_accounts
from workspace.reading import listed, read_at_once

SEGMENTS = 40
ORDER = ("risk", "caution", "none", "good")


@dataclass(frozen=True)
class Segment:
    """One account of the strip. ``share`` is its width beside the others; without ARR it keeps the narrowest."""

    pk: str
    name: str
    band: str
    score: int | None
    arr: int | None

    @property
    def share(self) -> int:
        return max((self.arr or 0) // 10_000, 1)

    @property
    def label(self) -> str:
        health = f"{self.score} {BANDS[self.band]}" if self.score is not None else str(BANDS[self.band])
        return f"{self.name} {health} ARR {yen(self.arr) if self.arr is not None else _('未入力')}"


@dataclass(frozen=True)
class Portfolio:
    """``bands`` are band, number of accounts and their ARR; ``left_out`` accounts are too small for the strip."""

    segments: list[Segment]
    bands: list[tuple[str, int, int]]

    @property
    def count(self) -> int:
        return sum(count for _band, count, _arr in self.bands)

    @property
    def arr(self) -> int:
        return sum(arr for _band, _count, arr in self.bands)

    @property
    def left_out(self) -> int:
        return self.count - len(self.segments)


def portfolio(member: Membership) -> Portfolio:
    """Everything in one statement, however many accounts there are."""
    score = AccountScore.objects.filter(account=OuterRef("pk"))
    accounts = own_accounts(member).not_archived().annotate(
        band=Coalesce(Subquery(score.values("band")[:1]), Value("none")),
        score=Subquery(score.values("score")[:1]),
    )  # fmt: skip
    largest = accounts.order_by(F("arr").desc(nulls_last=True), "pk")
    found = read_at_once(
        segments=listed(largest.values("pk", "name", "band", "score", "arr")[:SEGMENTS]),
        bands=listed(accounts.values("band").annotate(n=Count("pk"), total=Coalesce(Sum("arr"), Value(0)))),
    )
    bands = {row["band"]: (row["n"], int(row["total"])) for row in found["bands"]}
    segments = [
        Segment(row["pk"], row["name"], row["band"], row["score"], row["arr"]) for row in found["segments"]
    ]
    return Portfolio(
        segments=sorted(segments, key=lambda segment: ORDER.index(segment.band)),
        bands=[(band, *bands[band]) for band in ORDER if band in bands],
    )
