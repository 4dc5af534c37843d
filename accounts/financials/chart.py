"""Small bar charts over fiscal years, as figures for an SVG: geometry here, marks and words in the template."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.financials.amounts import HUNDRED_MILLION, MILLION, shown
from accounts.financials.lines import BY_KEY
from accounts.financials.readings import Year, minus
from ui.drawing import Word

WIDTH, TOP, PLOT, BAR = 240.0, 18.0, 76.0, 26.0
YEARS = 5
LARGE = 10 * HUNDRED_MILLION


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    height: float
    css: str


@dataclass(frozen=True)
class Chart:
    """``label`` reads every value aloud; ``axis`` is the height of zero."""

    caption: str
    unit: str
    label: str
    height: float
    axis: float
    bars: list[Bar]
    words: list[Word]


def unit_for(years: Sequence[Year]) -> tuple[int, str]:
    """億円, or 百万円 for a company whose revenue never reached ten of them."""
    largest = max((abs(year.figures.get("revenue", 0)) for year in years), default=0)
    return (HUNDRED_MILLION, _("億円")) if largest >= LARGE else (MILLION, _("百万円"))


def charts_of(years: Sequence[Year]) -> list[Chart]:
    """Revenue, operating profit with its rate, and the two cash flows of the last years, those with a figure to draw."""
    last = list(years[-YEARS:])
    unit, name = unit_for(last)
    drawn = [
        _drawn(last, ("revenue",), str(BY_KEY["revenue"].label), unit, name),
        _drawn(
            last,
            ("operating_profit",),
            str(BY_KEY["operating_profit"].label),
            unit,
            name,
            rate="operating_profit",
        ),
        _drawn(last, ("operating_cf", "investing_cf"), _("キャッシュフロー"), unit, name),
    ]
    return [chart for chart in drawn if chart]


def _drawn(
    years: Sequence[Year], keys: Sequence[str], caption: str, unit: int, name: str, rate: str = ""
) -> Chart | None:
    values = [year.figures[key] for year in years for key in keys if key in year.figures]
    if not values:
        return None
    scale = _Scale(max(0, *values), min(0, *values))
    bars: list[Bar] = []
    words: list[Word] = []
    foot = scale.bottom + (28.0 if min(values) < 0 else 14.0)
    for place, year in enumerate(years):
        x = place * (WIDTH - BAR) / max(1, len(years) - 1)
        is_last = place == len(years) - 1
        for number, key in enumerate(keys):
            _draw(bars, words, scale, x, year, key, unit, is_muted=number > 0, is_last=is_last)
        words.append(Word(x + BAR / 2, foot, f"{year.period.ends_on:%y}/{year.period.ends_on.month}"))
        if rate and (percent := year.rate(rate)) is not None:
            words.append(Word(x + BAR / 2, foot + 13, f"{minus(percent)}%", "t-ink2"))
    return Chart(
        caption=caption,
        unit=_("%(unit)s・率") % {"unit": name} if rate else name,
        label=_read_aloud(years, keys, unit),
        height=foot + (17.0 if rate else 4.0),
        axis=scale.of(0),
        bars=bars,
        words=words,
    )


@dataclass(frozen=True)
class _Scale:
    most: int
    least: int

    @property
    def bottom(self) -> float:
        return TOP + PLOT

    def of(self, amount: int) -> float:
        span = (self.most - self.least) or 1
        return round(TOP + float(Decimal(self.most - amount) / span) * PLOT, 1)


def _draw(
    bars: list[Bar],
    words: list[Word],
    scale: _Scale,
    x: float,
    year: Year,
    key: str,
    unit: int,
    *,
    is_muted: bool,
    is_last: bool,
) -> None:
    """One bar with its figure at its end; a figure that is not there is said in words."""
    amount = year.figures.get(key)
    if amount is None:
        missing = _("未開示") if key in year.undisclosed else _("不明")
        words.append(Word(x + BAR / 2, scale.of(0) + (12 if is_muted else -4), missing, "t-none"))
        return
    top, bottom = sorted((scale.of(amount), scale.of(0)))
    css = "bar--mute" if is_muted else "bar bar--now" if is_last else "bar"
    bars.append(Bar(round(x, 1), top, round(bottom - top, 1), css))
    y = bottom + 12 if amount < 0 else top - 4
    words.append(
        Word(x + BAR / 2, round(y, 1), shown(amount, unit), "t-strong" if is_last and not is_muted else "")
    )


def _read_aloud(years: Sequence[Year], keys: Sequence[str], unit: int) -> str:
    told = []
    for year in years:
        parts = [
            f"{BY_KEY[key].label if len(keys) > 1 else ''} {_said(year, key, unit)}".strip() for key in keys
        ]
        told.append(f"{year.period.label} {' '.join(parts)}")
    return "、".join(told)


def _said(year: Year, key: str, unit: int) -> str:
    if key in year.figures:
        return shown(year.figures[key], unit)
    return _("未開示") if key in year.undisclosed else _("不明")
