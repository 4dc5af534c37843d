"""The tabs of 設定: each room adds its page, people see those they may open."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse

from tenants.permissions import may
from tenants.requests import TenantRequest


@dataclass(frozen=True)
class Tab:
    label: Any
    url_name: str
    action: str
    order: int
    count: Callable[[], int] | None = None


_tabs: dict[str, Tab] = {}


def register(
    label: Any, url_name: str, *, action: str, order: int, count: Callable[[], int] | None = None
) -> None:
    """Add a page to the settings; ``action`` is what opening it needs."""
    _tabs[url_name] = Tab(label, url_name, action, order, count)


def tabs(request: TenantRequest) -> list[dict[str, Any]]:
    """Items for ``{% tabs %}``; pages that do not exist yet are left out."""
    now = request.resolver_match.view_name if request.resolver_match else ""
    return [
        {
            "label": tab.label,
            "url": url,
            "current": tab.url_name == now,
            "count": tab.count() if tab.count else None,
        }
        for tab in sorted(_tabs.values(), key=lambda tab: tab.order)
        if may(request.member, tab.action) and (url := _url(tab))
    ]


def _url(tab: Tab) -> str | None:
    try:
        return reverse(tab.url_name)
    except NoReverseMatch:
        return None
