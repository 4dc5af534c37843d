"""Why an account has the score it has: each measure in words, with its weight and what it brings. Why before what."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from health import blending
from health.models import AccountScore, Scorecard, ScoreDay
from health.models.score import COMPARED_WITH
from health.queries import week_ends, weeks_of
from health.registry import Measure, Reading, all_measures
from health.scoring import weights_of

WIDTH, HEIGHT, EDGE, TOP = 760, 200, 26, 6


@dataclass(frozen=True)
class Line:
    """One measure. ``weight`` is the tenant's, ``share`` what it came to after the unknown gave theirs away."""

    measure: Measure
    points: int | None
    band: str
    weight: int
    share: int
    contribution: Decimal
    change: int | None
    moved: Decimal
    reading: Reading

    @property
    def moved_text(self) -> str:
        return f"{self.moved:+.1f}".replace("-", "−")


@dataclass(frozen=True)
class Explanation:
    score: int | None
    band: str
    change: int | None
    before: date
    lines: list[Line]
    unknown_weight: int
    card: Scorecard
    last_night: date | None
    is_as_of_last_night: bool

    @property
    def movers(self) -> list[Line]:
        """What moved the score since four weeks ago, the strongest first."""
        moved = [line for line in self.lines if abs(line.moved) >= Decimal("0.1")]
        return sorted(moved, key=lambda line: -abs(line.moved))


def explain(account: Any, today: date) -> Explanation:
    """The present score with its parts, against those of four weeks ago."""
    card, measures = Scorecard.current(), all_measures()
    weights = weights_of(card, measures)
    present = AccountScore.objects.filter(account=account).first()
    days = ScoreDay.objects.filter(account=account)
    earlier = days.filter(on__lte=today - COMPARED_WITH).order_by("-on").first()
    last_night = days.filter(on__lte=today).order_by("-on").values_list("on", flat=True).first()
    parts = parts_of(present, measures)
    before = parts_of(earlier, measures)
    score = present.score if present else None
    return Explanation(
        score=score,
        band=present.band if present else "none",
        change=score - earlier.score if earlier and None not in (score, earlier.score) else None,
        before=earlier.on if earlier else today - COMPARED_WITH,
        lines=[line_of(m, parts, before, weights, card, account, today) for m in measures],
        unknown_weight=sum(weights[code] for code, points in parts.items() if points is None),
        card=card,
        last_night=last_night,
        is_as_of_last_night=last_night == today,
    )


def parts_of(row: AccountScore | ScoreDay | None, measures: list[Measure]) -> dict[str, int | None]:
    return {measure.code: row.parts.get(measure.code) if row else None for measure in measures}


def line_of(
    measure: Measure, parts: dict[str, int | None], before: dict[str, int | None], weights: dict[str, int],
    card: Scorecard, account: Any, today: date,
) -> Line:  # fmt: skip
    code, points = measure.code, parts[measure.code]
    contribution, earlier = brought(code, parts, weights), brought(code, before, weights)
    return Line(
        measure=measure,
        points=points,
        band=blending.band(points, card.good_from, card.caution_from),
        weight=weights[code],
        share=round(blending.shares(parts, weights)[code]),
        contribution=contribution,
        change=points - before[code] if points is not None and before[code] is not None else None,  # type: ignore[operator]
        moved=contribution - earlier if any(value is not None for value in before.values()) else Decimal(0),
        reading=measure.read(account, today),
    )


def brought(code: str, parts: dict[str, int | None], weights: dict[str, int]) -> Decimal:
    """How many points of the score come from this measure."""
    points = parts[code]
    return Decimal(0) if points is None else blending.shares(parts, weights)[code] * points / 100


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    score: int
    on: date


@dataclass(frozen=True)
class Chart:
    """Twelve weeks as a line over the three bands; coordinates of an SVG."""

    points: list[Point]
    good_y: float
    caution_y: float
    ticks: list[tuple[float, str]]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = EDGE
    right: int = WIDTH - EDGE - 8

    @property
    def path(self) -> str:
        return " ".join(f"{'L' if n else 'M'}{p.x} {p.y}" for n, p in enumerate(self.points))

    @property
    def good_height(self) -> float:
        return round(self.good_y - TOP, 1)

    @property
    def last(self) -> Point | None:
        return self.points[-1] if self.points else None


def chart(account: Any, today: date, card: Scorecard) -> Chart:
    ends = week_ends(today)
    scores = weeks_of([account.pk], today).get(account.pk, {})
    step = (WIDTH - 2 * EDGE - 8) / (len(ends) - 1)
    at = {day: round(EDGE + n * step, 1) for n, day in enumerate(ends)}
    known = [(day, score) for day, score in scores.items() if score is not None]
    ticks = [(at[day], f"{day.month}/{day.day}") for day in ends[::3]] + [
        (at[today], f"{today.month}/{today.day}")
    ]
    points = [Point(at[day], height_of(score), score, day) for day, score in known]
    return Chart(points, height_of(card.good_from), height_of(card.caution_from), ticks)


def height_of(score: int) -> float:
    return round(TOP + (100 - score) / 100 * (HEIGHT - 30), 1)
