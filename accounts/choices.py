"""What a field of a record on an account may point at: the account's own units and contracts, the tenant's products.

Each is asked once per request, however many rows a page draws.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import (
    BusinessUnit,
    Contract,
    ManagementIssue,
    MetricDefinition,
    Product,
    ProductFeature,
)
from tenants.editing.fields import Choice
from tenants.scope import current_scope
from tenants.trees import in_tree_order

NONE: Choice = ("", "")
INDENT = "\u3000"


def remembered(key: str, of: Any, read: Callable[[], list[Any]]) -> list[Any]:
    """``read()``, asked once per request for each ``of``."""
    cache = current_scope().cache.setdefault(key, {})
    if of not in cache:
        cache[of] = read()
    return cache[of]  # type: ignore[no-any-return]


def unit_tree(account: Any) -> list[tuple[BusinessUnit, int]]:
    """The units of an account with their depth, parents first."""
    found = BusinessUnit.objects.filter(account=account).order_by("name", "pk")
    return in_tree_order(remembered("units", account, lambda: list(found)))


def units(record: Any) -> list[Choice]:
    return [
        NONE,
        *((str(unit.pk), INDENT * depth + unit.name) for unit, depth in unit_tree(record.account_id)),
    ]


def contracts(record: Any) -> list[Choice]:
    def read() -> list[Choice]:
        found = Contract.objects.filter(account=record.account_id).order_by("renews_on", "pk")
        return [NONE, *((str(pk), name) for pk, name in found.values_list("pk", "name"))]

    return remembered("contracts", record.account_id, read)


def issues(record: Any) -> list[Choice]:
    """What the management of the record's account wants or fears, most urgent first."""
    found = ManagementIssue.objects.filter(account=record.account_id).order_by("priority", "created_at", "pk")
    rows = remembered("issues", record.account_id, lambda: list(found.values_list("pk", "title")))
    return [NONE, *((str(pk), title) for pk, title in rows)]


def catalogue() -> list[Product]:
    """Every product that is not in the bin, by name."""
    return remembered("products", None, lambda: list(Product.objects.order_by("name", "pk")))


def every_product() -> list[Product]:
    """Those in the bin too: old lines still name them."""
    return remembered("every_product", None, lambda: list(Product.everything.all()))


def products(record: Any) -> list[Choice]:
    """Products that are sold, and the one that stands in the record."""
    offered = [
        one for one in catalogue() if not one.retired_on or one.pk == getattr(record, "product_id", None)
    ]
    return [NONE, *((str(one.pk), one.name) for one in offered)]


def features(record: Any) -> list[Choice]:
    """Features with their products."""

    def read() -> list[Choice]:
        found = ProductFeature.objects.filter(product__deleted_at=None).order_by(
            "product__name", "name", "pk"
        )
        return [NONE] + [
            (str(pk), _("%(product)s › %(feature)s") % {"product": product, "feature": name})
            for pk, product, name in found.values_list("pk", "product__name", "name")
        ]

    return remembered("features", None, read)


def every_metric() -> list[MetricDefinition]:
    """Those that are retired or in the bin too: old values still name them."""
    found = MetricDefinition.everything.order_by("is_retired", "name", "pk")
    return remembered("metrics", None, lambda: list(found))


def metric_of(key: UUID | None) -> MetricDefinition | None:
    return next((one for one in every_metric() if one.pk == key), None)


def metrics(record: Any, column: str = "metric_id") -> list[Choice]:
    """Metrics in use, and the one that stands in the ``column`` of the record."""
    standing = getattr(record, column, None)
    offered = [one for one in every_metric() if one.pk == standing or not (one.is_retired or one.deleted_at)]
    named = ((str(one.pk), f"{one.name}({one.unit})" if one.unit else one.name) for one in offered)
    return [NONE, *named]
