"""What small charts are drawn with, as figures for an SVG."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Word:
    """A text in a drawing; ``css`` is a class of its own."""

    x: float
    y: float
    text: str
    css: str = ""
    anchor: str = "middle"


def path_through(points: Sequence[tuple[float, float]]) -> str:
    """A line from point to point as an SVG path; empty for none."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) if points else ""
