"""The figures of one account as its page shows them: a table of periods, and years for charts and readings."""

from dataclasses import dataclass
from typing import Any

from accounts.financials.chart import Chart, charts_of, unit_for
from accounts.financials.lines import KEYS, LINES, Line
from accounts.financials.readings import Year, readings
from accounts.models import Account, FinancialFigure, FinancialPeriod
from accounts.models.financial import FigureState
from tenants.editing import Cell
from tenants.permissions import may
from tenants.scope import current_member


@dataclass(frozen=True)
class Column:
    """One period, oldest first."""

    row: FinancialPeriod
    cells: dict[str, Cell]


@dataclass(frozen=True)
class Row:
    line: Line
    cells: list[Cell | None]


@dataclass(frozen=True)
class Picture:
    """Charts and what they say, of whole years."""

    charts: list[Chart]
    readings: list[str]
    newest: FinancialPeriod | None


def figures_by_period(account: Account) -> list[tuple[FinancialPeriod, dict[str, FinancialFigure]]]:
    """Every period with its figures by line, oldest first: one statement."""
    found: dict[Any, tuple[FinancialPeriod, dict[str, FinancialFigure]]] = {}
    rows = (
        account.figures.filter(financial_period__deleted_at__isnull=True)
        .select_related("financial_period")
        .order_by("financial_period__ends_on", "financial_period__quarter", "line")
    )
    for figure in rows:
        figure.account = figure.financial_period.account = account
        found.setdefault(figure.financial_period_id, (figure.financial_period, {}))[1][figure.line] = figure
    return list(found.values())


def years_of(periods: list[tuple[FinancialPeriod, dict[str, FinancialFigure]]]) -> list[Year]:
    return [
        Year(
            row.period,
            row.basis,
            {key: figure.amount for key, figure in figures.items() if figure.amount is not None},
            frozenset(key for key, figure in figures.items() if figure.state == FigureState.UNDISCLOSED),
        )
        for row, figures in periods
        if row.quarter is None
    ]


def picture_of(account: Account) -> Picture:
    periods = figures_by_period(account)
    years = years_of(periods)
    return Picture(charts_of(years), readings(years, *unit_for(years)), periods[-1][0] if periods else None)


def columns_of(account: Account) -> list[Column]:
    allowed = may(current_member(), "account.edit", account)
    return [
        Column(
            row, {key: Cell.of(figures[key], "amount", may_edit=allowed) for key in KEYS if key in figures}
        )
        for row, figures in figures_by_period(account)
    ]


def rows_of(columns: list[Column]) -> list[Row]:
    return [Row(line, [column.cells.get(line.key) for column in columns]) for line in LINES]
