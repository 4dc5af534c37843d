"""Fiscal years of some demo customers, in 億円, oldest first; what is missing is not disclosed."""

from accounts.financials.amounts import HUNDRED_MILLION
from accounts.financials.lines import KEYS
from accounts.models import Account, FinancialFigure, FinancialPeriod
from accounts.models.fact import Origin, SourceKind
from accounts.models.financial import FigureState
from workspace.demo.calendar import DemoCalendar

YEARS: dict[str, dict[str, tuple[float | None, ...]]] = {
    "torei": {
        "revenue": (1462, 1498, 1471, 1455, 1483),
        "operating_profit": (62, 58, 41, 37, 45),
        "ebitda": (104, 101, 87, 86, 97),
        "sga": (640, 662, 671, 672, 671),
        "operating_cf": (71, 66, 48, 52, 60),
        "investing_cf": (-28, -31, -45, -52, -49),
        "cash": (182, 176, 158, 149, 151),
        "assets": (902, 915, 921, 928, 940),
        "equity": (431, 447, 452, 455, 466),
    },
    "minamo": {
        "revenue": (84.2, 97.5, 121.0),
        "operating_profit": (3.1, 1.2, -4.8),
        "sga": (31.0, 38.4, 52.3),
        "cash": (22.5, 19.8, 41.0),
        "assets": (61.0, 66.2, 98.7),
        "equity": (30.2, 30.9, 26.1),
    },
}


def load_figures(account: Account, key: str, calendar: DemoCalendar) -> None:
    """The fiscal years that ended before today."""
    closing, lines = account.closing, YEARS.get(key, {})
    if closing is None or not lines:
        return
    count = max(map(len, lines.values()))
    newest = closing.fiscal_year(calendar.today) - 1
    for place in range(count):
        ends_on = closing.fiscal_year_end(newest - (count - 1 - place))
        period = FinancialPeriod.objects.create(
            account=account,
            ends_on=ends_on,
            source_kind=SourceKind.PRIMARY,
            source=f"有報 {ends_on:%y}/{ends_on.month}期",
        )
        FinancialFigure.objects.bulk_create(
            figure(account, period, line, lines.get(line, (None,) * count)[place]) for line in KEYS
        )


def figure(account: Account, period: FinancialPeriod, line: str, oku: float | None) -> FinancialFigure:
    return FinancialFigure(
        account=account,
        financial_period=period,
        line=line,
        amount=None if oku is None else round(oku * HUNDRED_MILLION),
        state=FigureState.UNDISCLOSED if oku is None else FigureState.KNOWN,
        origin=Origin.IMPORT,
    )
