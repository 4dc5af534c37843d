"""How the value of a metric is written: with its decimals and its unit, and a difference in the unit's words."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from accounts.models import MetricDefinition
from tenants.editing.fields import grouped


def figure(value: Decimal, decimals: int) -> str:
    """1,234.5 with as many decimals as the metric counts; never fewer than tell the value apart from 0."""
    rounded = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return (f"{rounded:,}" if rounded or not value else grouped(value)).replace("-", "−")


def with_unit(value: Decimal, metric: MetricDefinition) -> str:
    return f"{figure(value, metric.decimals)}{metric.unit}"


def difference(earlier: Decimal, later: Decimal, metric: MetricDefinition) -> str:
    """+3.5pt for percents, −12件 for anything else, ±0 where nothing moved."""
    moved = later - earlier
    unit = _("pt") if metric.unit == "%" else metric.unit
    said = figure(moved, metric.decimals)
    return f"±0{unit}" if not moved else f"{'+' if moved > 0 else ''}{said}{unit}"
