"""Products × units: what each unit has bought, how much of it is deployed, and where there is nothing yet (余白)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Min, Q, Sum
from django.db.models.functions import Coalesce

from accounts.choices import catalogue, every_product, unit_tree
from accounts.deployment import percent
from accounts.models import Account, BusinessUnit, Product, Subscription


@dataclass(frozen=True)
class Cell:
    """One product in one unit. ``state``: held (a line in force), coming (one that begins later), covered (the company
    or a unit above holds it), none (whitespace), gone (retired and not held)."""

    state: str
    bought: int | None = None
    percent: int | None = None
    ends_on: date | None = None
    starts_on: date | None = None


@dataclass(frozen=True)
class Line:
    product: Product
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Matrix:
    """The first column is the whole company; the others are its units with their depth."""

    units: Sequence[tuple[BusinessUnit, int]]
    lines: Sequence[Line]

    @property
    def blanks(self) -> int:
        return sum(cell.state == "none" for line in self.lines for cell in line.cells)


Place = tuple[UUID, UUID | None]


def matrix_of(account: Account, today: date) -> Matrix:
    """What stands in every place: one statement for the sums, one each for units and products."""
    sums = {(row["product"], row["unit"]): row for row in sums_of(account, today)}
    units = unit_tree(account.pk)
    held = {product for product, _unit in sums}
    offered = [one.pk for one in catalogue() if not one.retired_on]
    shown = [one for one in every_product() if one.pk in held or one.pk in offered]
    lines = [line_of(product, units, sums) for product in sorted(shown, key=lambda one: one.name)]
    return Matrix(units, lines)


def sums_of(account: Account, today: date) -> Any:
    """Bought and deployed by product and unit, of what runs; the first beginning of what does not run yet."""
    runs = Q(starts_on__isnull=True) | Q(starts_on__lte=today)
    known = runs & Q(quantity__isnull=False, deployed__isnull=False)
    lines = Subscription.objects.not_over(today).filter(account=account)
    live = Q(unit__isnull=True) | Q(unit__deleted_at__isnull=True)
    return (
        lines.filter(live)
        .order_by()
        .values("product", "unit")
        .annotate(
            bought=Sum("quantity", filter=runs),
            compared=Sum("quantity", filter=known),
            used=Sum("deployed", filter=known),
            until=Min(Coalesce(F("ends_on"), F("contract__renews_on")), filter=runs),
            begins=Min("starts_on", filter=Q(starts_on__gt=today)),
            running=Min("created_at", filter=runs),
        )
    )


def line_of(
    product: Product, units: Sequence[tuple[BusinessUnit, int]], sums: dict[Place, dict[str, Any]]
) -> Line:
    company = cell_of(sums.get((product.pk, None)))
    cells = [company or nothing(product, units)]
    everywhere, covered = company is not None and company.state == "held", set[UUID]()
    for unit, _depth in units:  # parents come first
        found = cell_of(sums.get((product.pk, unit.pk)))
        above = everywhere or unit.parent_id in covered
        if (found and found.state == "held") or above:
            covered.add(unit.pk)
        cells.append(found or (Cell("covered") if above else blank(product)))
    return Line(product, cells)


def cell_of(row: dict[str, Any] | None) -> Cell | None:
    if row is None:
        return None
    if row["running"] is None:
        return Cell("coming", starts_on=row["begins"])
    return Cell("held", row["bought"], percent(row["used"], row["compared"]), row["until"])


def blank(product: Product) -> Cell:
    return Cell("gone" if product.retired_on else "none")


def nothing(product: Product, units: Sequence[Any]) -> Cell:
    """The whole company is whitespace only where it has no units that could be asked one by one."""
    return Cell("gone") if units else blank(product)
