"""From points to one score: the arithmetic of ``scoring``, for one account. Pure functions."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal


def blend(points: Mapping[str, int | None], weights: Mapping[str, int]) -> int | None:
    """The weighted mean of what is known; the weight of what is not goes to the rest. None when nothing is known."""
    known = {code: value for code, value in points.items() if value is not None and weights.get(code)}
    total = sum(weights[code] for code in known)
    if not total:
        return None
    mean = Decimal(sum(weights[code] * value for code, value in known.items())) / total
    return int(mean.quantize(Decimal(1), ROUND_HALF_UP))


def shares(points: Mapping[str, int | None], weights: Mapping[str, int]) -> dict[str, Decimal]:
    """The part of the score that each measure really has, in percent: its weight, and what fell to it from others."""
    total = sum(weights.get(code, 0) for code, value in points.items() if value is not None)
    return {
        code: Decimal(100 * weights.get(code, 0)) / total if value is not None and total else Decimal(0)
        for code, value in points.items()
    }


def band(score: int | None, good_from: int, caution_from: int) -> str:
    """Bounds are inclusive."""
    if score is None:
        return "none"
    return "good" if score >= good_from else "caution" if score >= caution_from else "risk"
