"""設定 › 製品: what we sell, with its features; how many customers have each."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q
from django.http import HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Product, ProductFeature
from accounts.products import FEATURE_FIELDS, PRODUCT_FIELDS
from tenants import settings_tabs
from tenants.editing import Cell, editable
from tenants.editing.cells import cells_of
from tenants.editing.drafting import Draft
from tenants.once import once
from tenants.permissions import action, may
from tenants.requests import TenantRequest
from ui.pages import go, page, toast_next


@dataclass(frozen=True)
class Item:
    """One product as the page shows it; ``draft`` is the form for one more feature."""

    product: Any
    cells: dict[str, Cell]
    features: list[dict[str, Any]]
    draft: Draft

    @property
    def slug(self) -> str:
        return f"feature-of-{self.product.pk}"


@action("product.read")
@require_GET
def index(request: TenantRequest) -> HttpResponse:
    return shown(request)


def shown(
    request: TenantRequest, draft: Draft | None = None, of: Product | None = None, status: int = 200
) -> HttpResponse:
    """The page; ``draft`` is what a form left behind: for a feature ``of`` a product, or for a product."""
    found = editable("product_feature")
    features = defaultdict(list)
    for feature in ProductFeature.objects.order_by("name", "pk"):
        features[feature.product_id].append({"feature": feature, "cells": cells_of(feature)})
    items = [
        Item(
            product,
            cells_of(product),
            features[product.pk],
            draft if draft and of and of.pk == product.pk else Draft(found, FEATURE_FIELDS),
        )
        for product in products()
    ]
    context = {
        "tabs": settings_tabs.tabs(request),
        "products": items,
        "draft": draft if draft and not of else Draft(editable("product"), PRODUCT_FIELDS),
        "may_edit": may(request.member, "product.edit"),
    }
    return page(request, "accounts/products/index.html", context, status=status)


def products() -> Any:
    """Those that are sold first, each with the number of customers that have a line of it."""
    line = Q(subscriptions__deleted_at__isnull=True, subscriptions__contract__deleted_at__isnull=True)
    counted = Count("subscriptions__account", filter=line, distinct=True)
    return Product.objects.annotate(customers=counted).order_by(
        F("retired_on").desc(nulls_first=True), "name", "pk"
    )


@action("product.edit")
@require_POST
@once
def create(request: TenantRequest) -> HttpResponse:
    draft = Draft(editable("product"), PRODUCT_FIELDS, request.POST)
    product = draft.create()
    if product is None:
        return shown(request, draft, status=422)
    undo = reverse("delete_product", args=[product.pk])
    toast_next(request, _("製品「%(name)s」を加えました") % {"name": product}, undo=undo)
    return go(request, f"{reverse('accounts:product_index')}#product-{product.pk}")


@action("product.edit", Product)
@require_POST
@once
def add_feature(request: TenantRequest, product: Product) -> HttpResponse:
    draft = Draft(editable("product_feature"), FEATURE_FIELDS, request.POST)
    feature = draft.create(product=product)
    if feature is None:
        return shown(request, draft, product, status=422)
    undo = reverse("delete_product_feature", args=[feature.pk])
    toast_next(request, _("機能「%(name)s」を加えました") % {"name": feature}, undo=undo)
    return go(request, f"{reverse('accounts:product_index')}#product-{product.pk}")


def urls() -> list[URLPattern]:
    return [
        path("settings/products/", index, name="product_index"),
        path("settings/products/new/", create, name="product_add"),
        path("products/<uuid:pk>/features/", add_feature, name="product_feature_add"),
    ]
