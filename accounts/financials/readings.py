"""What the figures say, in sentences that state the numbers behind them and leave the judgement to the reader (S1 1.8–1.10).

A question is asked only when its numbers are there, and both periods are of the usual length, a year apart and of one basis.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from accounts.financials.amounts import shown
from accounts.financials.periods import Period


@dataclass(frozen=True)
class Year:
    """One fiscal year with its known figures in yen; what is not in there is blank or not disclosed."""

    period: Period
    basis: str
    figures: dict[str, int] = field(default_factory=dict)
    undisclosed: frozenset[str] = frozenset()

    def rate(self, key: str) -> Decimal | None:
        """Percent of the revenue, one place."""
        revenue, part = self.figures.get("revenue"), self.figures.get(key)
        if not revenue or part is None:
            return None
        return (Decimal(100 * part) / revenue).quantize(Decimal("0.1"), ROUND_HALF_UP)


def comparable(earlier: Year, later: Year) -> bool:
    """Whether a year-on-year comparison is fair."""
    one, other = earlier.period, later.period
    return (
        not one.is_odd
        and not other.is_odd
        and one.quarter == other.quarter
        and earlier.basis == later.basis
        and (one.ends_on.year + 1, one.ends_on.month) == (other.ends_on.year, other.ends_on.month)
    )


def readings(years: Sequence[Year], unit: int, unit_name: str) -> list[str]:
    """Sentences about the last year, oldest year first in ``years``; empty while there is nothing to compare."""
    if len(years) < 2 or not comparable(years[-2], years[-1]):
        return []
    before, now = years[-2], years[-1]
    told = [*_of_sales(before, now, unit, unit_name), *_of_margin(before, now), *_of_costs(before, now)]
    run = _fair_run(years)
    return [*told, *_of_investing(run, unit, unit_name), *_questions(before, now, unit, unit_name)]


def change_percent(earlier: int | None, later: int | None) -> Decimal | None:
    """How much more in percent; None where nothing fair can be said, as after a loss."""
    if not earlier or later is None or earlier < 0:
        return None
    return (Decimal(100 * (later - earlier)) / earlier).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _of_sales(before: Year, now: Year, unit: int, name: str) -> list[str]:
    percent = change_percent(before.figures.get("revenue"), now.figures.get("revenue"))
    if percent is None:
        return []
    text = _("売上高は%(before)sから%(now)s%(unit)s(%(percent)s%%)。")
    figures = {"before": shown(before.figures["revenue"], unit), "now": shown(now.figures["revenue"], unit)}
    return [text % {**figures, "unit": name, "percent": signed(percent)}]


def _of_margin(before: Year, now: Year) -> list[str]:
    return _of_rate(
        before, now, "operating_profit", _("営業利益率は%(before)s%%から%(now)s%%(%(change)spt)。")
    )


def _of_costs(before: Year, now: Year) -> list[str]:
    return _of_rate(before, now, "sga", _("販管費率は%(before)s%%から%(now)s%%(%(change)spt)。"))


def _of_rate(before: Year, now: Year, key: str, text: str) -> list[str]:
    one, other = before.rate(key), now.rate(key)
    if one is None or other is None:
        return []
    return [text % {"before": minus(one), "now": minus(other), "change": signed(other - one)}]


def _of_investing(run: Sequence[Year], unit: int, name: str) -> list[str]:
    """How much of the cash earned went into investments, over up to three years."""
    pairs = [(y.figures.get("operating_cf"), y.figures.get("investing_cf")) for y in run[-3:]]
    known = [(earned, spent) for earned, spent in pairs if earned is not None and spent is not None]
    if len(known) < 2 or len(known) != len(pairs):
        return []
    text = _("投資CFは%(years)s年で%(spent)s%(unit)s、営業CFは%(earned)s%(unit)s。")
    spent, earned = sum(pair[1] for pair in known), sum(pair[0] for pair in known)
    return [
        text % {"years": len(known), "spent": shown(spent, unit), "earned": shown(earned, unit), "unit": name}
    ]


def _questions(before: Year, now: Year, unit: int, name: str) -> list[str]:
    """投資意欲あり? and コスト抑制局面?: asked, with the numbers that made us ask, never answered."""
    asked = []
    profit, cash, invested = (
        _pair(before, now, key) for key in ("operating_profit", "operating_cf", "investing_cf")
    )
    if (
        profit
        and cash
        and invested
        and profit[1] > profit[0]
        and cash[1] > 0
        and invested[1] < invested[0] <= 0
    ):
        text = _("投資意欲あり? 営業利益%(profit)s、営業CF %(cash)s、投資CF %(invested)s(%(unit)s)。")
        words = {
            "profit": _arrow(profit, unit),
            "cash": shown(cash[1], unit),
            "invested": _arrow(invested, unit),
        }
        asked.append(text % {**words, "unit": name})
    one, other = before.rate("sga"), now.rate("sga")
    if profit and profit[1] < profit[0] and one is not None and other is not None and other >= one:
        text = _("コスト抑制局面? 営業利益%(profit)s%(unit)s、販管費率 %(before)s%% → %(now)s%%。")
        asked.append(
            text % {"profit": _arrow(profit, unit), "unit": name, "before": minus(one), "now": minus(other)}
        )
    return asked


def _pair(before: Year, now: Year, key: str) -> tuple[int, int] | None:
    one, other = before.figures.get(key), now.figures.get(key)
    return None if one is None or other is None else (one, other)


def _arrow(pair: tuple[int, int], unit: int) -> str:
    return f"{shown(pair[0], unit)} → {shown(pair[1], unit)}"


def _fair_run(years: Sequence[Year]) -> list[Year]:
    """The last years that can be compared one with the next."""
    run = [years[-1]]
    for earlier in reversed(years[:-1]):
        if not comparable(earlier, run[0]):
            break
        run.insert(0, earlier)
    return run


def signed(value: Decimal) -> str:
    return f"±{value}" if value == 0 else minus(value) if value < 0 else f"+{value}"


def minus(value: Decimal) -> str:
    return str(value).replace("-", "−")
