"""The course of one metric as a line, as figures for an SVG: geometry here, marks and words in the template."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.metrics.figures import figure, with_unit
from accounts.metrics.readings import reading
from accounts.metrics.series import Series
from ui.drawing import Word, path_through

WIDTH, TOP, PLOT, EDGE = 240.0, 18.0, 60.0, 14.0


@dataclass(frozen=True)
class Line:
    """``label`` reads every value aloud; the scale runs from the lowest to the highest value, both are written."""

    series: Series
    path: str
    now: tuple[float, float]
    words: list[Word]
    label: str
    height: float
    newest: str
    reading: str


def line_of(series: Series) -> Line:
    points, metric = series.points, series.metric
    values = [point.value for point in points]
    low, high = min(values), max(values)
    days = (points[-1].on - points[0].on).days
    places = [
        (
            EDGE + (WIDTH - 2 * EDGE) * ((point.on - points[0].on).days / days if days else 0.5),
            TOP + PLOT * (float((high - point.value) / (high - low)) if high != low else 0.5),
        )
        for point in points
    ]
    foot = TOP + PLOT + 18
    last = len(points) - 1
    words = [
        Word(
            places[n][0],
            places[n][1] - 7,
            figure(values[n], metric.decimals),
            css="t-strong" if n == last else "",
        )
        for n in _told(values, places)
    ]
    ends = {0: ("start", 0.0), last: ("end", WIDTH)} if days else {0: ("middle", WIDTH / 2)}
    words += [Word(x, foot, f"{points[n].on:%y/%m/%d}", anchor=anchor) for n, (anchor, x) in ends.items()]
    told = "、".join(f"{point.on:%Y/%m/%d} {with_unit(point.value, metric)}" for point in points)
    return Line(
        series=series,
        path=path_through(places),
        now=places[-1],
        words=words,
        label=_("%(metric)s。%(values)s") % {"metric": metric.name, "values": told},
        height=foot + 4,
        newest=with_unit(series.newest.value, metric),
        reading=reading(series),
    )


def _told(values: list[Decimal], places: list[tuple[float, float]]) -> list[int]:
    """Which values are written: the lowest, the highest and the newest, each once; none where the newest stands."""
    wanted = dict.fromkeys([values.index(min(values)), values.index(max(values))])
    return [*(n for n in wanted if places[-1][0] - places[n][0] > 40), len(values) - 1]
