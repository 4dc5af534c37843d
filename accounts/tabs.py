"""The tabs of an account's pages. Rooms add theirs in ``AppConfig.ready``; a page that does not exist shows no tab."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

if TYPE_CHECKING:
    from accounts.models import Account

Count = Callable[["Account"], int | str | None]


@dataclass(frozen=True)
class Tab:
    label: Any
    url_name: str
    count: Count | None
    order: int
    also: tuple[str, ...]


_tabs: dict[str, Tab] = {}


def register(
    label: Any, url_name: str, count: Count | None = None, *, order: int = 100, also: tuple[str, ...] = ()
) -> None:
    """``url_name`` takes the account's id. ``also`` are names of pages below the tab, on which it is current too."""
    _tabs[url_name] = Tab(label, url_name, count, order, also)


def tabs_of(request: HttpRequest, account: "Account") -> list[dict[str, Any]]:
    """The tabs as ``{% tabs %}`` draws them, in order."""
    match = request.resolver_match
    here = match.view_name if match else ""
    drawn = []
    for tab in sorted(_tabs.values(), key=lambda tab: tab.order):
        try:
            url = reverse(tab.url_name, args=[account.pk])
        except NoReverseMatch:
            continue
        drawn.append(
            {
                "label": tab.label,
                "url": url,
                "count": tab.count(account) if tab.count else None,
                "current": here == tab.url_name or here in tab.also,
            }
        )
    return drawn
