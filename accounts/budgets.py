"""Whether our product is in the customer's budget, year by year (S1 1.20)."""

from dataclasses import dataclass
from datetime import date

from accounts.fiscal import Window, budget_season, period_label
from accounts.models import Account, BudgetStatus
from accounts.models.contract import Budget
from tenants.editing import Cell
from tenants.editing.cells import cells_of


@dataclass(frozen=True)
class BudgetYear:
    """One fiscal year: ``cell`` is None until somebody says where its budget stands."""

    fiscal_year: int
    label: str
    cell: Cell | None
    season: Window | None


@dataclass(frozen=True)
class Budgets:
    years: list[BudgetYear]
    choices: list[tuple[str, str]]


def budgets_of(account: Account, today: date) -> Budgets:
    """The next fiscal year first, known or not, then the years that somebody recorded; empty while the closing is
    unknown and nothing was recorded."""
    closing = account.closing
    upcoming = closing.fiscal_year(today) + 1 if closing else None
    recorded = {row.fiscal_year: row for row in account.budget_statuses.order_by("-fiscal_year")}
    for row in recorded.values():
        row.account = account
    years = sorted({*recorded, *([upcoming] if upcoming else [])}, reverse=True)
    return Budgets(
        [
            BudgetYear(
                year,
                period_label(year),
                cells_of(recorded[year])["status"] if year in recorded else None,
                budget_season(closing.fiscal_year_end(year - 1)) if closing else None,
            )
            for year in years
        ],
        choices(),
    )


def choices() -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in Budget.choices]


def record(account: Account, fiscal_year: int, status: str) -> BudgetStatus:
    """Say where the budget of a year stands for the first time; what is already there stays."""
    return BudgetStatus.objects.get_or_create(
        account=account, fiscal_year=fiscal_year, defaults={"status": status}
    )[0]
