"""Metrics and their values for programs: kept by their key, one value per metric, account, unit and day."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Account, MetricDefinition, MetricSample
from accounts.models.fact import Origin
from accounts.visible import on_visible_accounts
from tenants.api import Adding, New, Resource, between, column
from tenants.editing import editable

METRICS = Resource(
    name="metrics",
    model=MetricDefinition,
    label=_("指標"),
    reads="metric.read",
    lists="metric.read",
    found=editable("metric"),
    filters=("external_id", "is_retired", "feature"),
    adds=Adding("metric.edit"),
)


def measured(new: New) -> Any:
    return new.create(account=new.parent, origin=Origin.API)


SAMPLES = Resource(
    name="metric-samples",
    model=MetricSample,
    label=_("計測値"),
    reads="account.read",
    lists="account.list",
    found=editable("metric_sample"),
    shows={"account": column(MetricSample, "account"), "origin": column(MetricSample, "origin")},
    filters=("account", "metric", "unit", "external_id"),
    queries=(*between(MetricSample, "on"),),
    visible=on_visible_accounts,
    adds=Adding("account.edit", "account", Account, make=measured),
)

RESOURCES = (METRICS, SAMPLES)
