"""The tabs of an account's pages. Rooms add theirs in ``AppConfig.ready``; a page that does not exist shows no tab."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count as Counted
from django.db.models import IntegerField, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

if TYPE_CHECKING:
    from accounts.models import Account

Count = Callable[["Account"], int | str | None]
Rows = Callable[[Any], QuerySet[Any]]


@dataclass(frozen=True)
class Tab:
    label: Any
    url_name: str
    count: Count | None
    rows: Rows | None
    order: int
    also: tuple[str, ...]


_tabs: dict[str, Tab] = {}


def register(
    label: Any,
    url_name: str,
    count: Count | None = None,
    *,
    rows: Rows | None = None,
    order: int = 100,
    also: tuple[str, ...] = (),
) -> None:
    """``url_name`` takes the account's id. ``also`` are names of pages below the tab, on which it is current too.

    ``rows(account id)`` are what the tab counts, all tabs in one statement; ``count`` is a figure that costs none.
    """
    _tabs[url_name] = Tab(label, url_name, count, rows, order, also)


def countings() -> dict[str, Subquery]:
    """For a queryset of accounts: how many rows each tab counts, by the tab's page."""
    counted = {tab.url_name: tab.rows(OuterRef("pk")) for tab in _tabs.values() if tab.rows}
    return {
        name_of(url): Subquery(
            rows.order_by().values("account").annotate(n=Counted("pk")).values("n"),
            output_field=IntegerField(),
        )
        for url, rows in counted.items()
    }


def name_of(url_name: str) -> str:
    return url_name.replace(":", "_")


def tabs_of(request: HttpRequest, account: "Account", counts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The tabs as ``{% tabs %}`` draws them, in order; ``counts`` are what ``countings`` gave."""
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
                "count": tab.count(account) if tab.count else counts.get(name_of(tab.url_name)),
                "current": here == tab.url_name or here in tab.also,
            }
        )
    return drawn
