"""The main navigation, the brand menu and the pinned accounts: filled by the rooms, drawn by `base.html`.

A room calls `register()` in its `AppConfig.ready()`. Entries keep their `order`; an entry whose `action` the
person may not do is left out.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

Count = Callable[[HttpRequest], int | None]


@dataclass(frozen=True)
class Entry:
    """One line of the navigation. `label` is lazy text; `url` replaces `url_name` for pages outside a tenant."""

    name: str
    label: Any
    icon: str
    url_name: str | None = None
    url: str | None = None
    count: Count | None = None
    action: str | None = None
    order: int = 100
    dock: bool = False
    method: str = "get"
    matches: str = ""

    def href(self) -> str | None:
        """Where the entry leads, or None while its page does not exist."""
        if self.url:
            return self.url
        try:
            return reverse(self.url_name)
        except NoReverseMatch:
            return None


@dataclass(frozen=True)
class Line:
    """An entry as drawn for one request."""

    entry: Entry
    href: str
    count: int | None
    current: bool


@dataclass(frozen=True)
class Pin:
    """A pinned account: what the sidebar shows of it."""

    label: str
    url: str
    band: str
    score: int | None


_main: dict[str, Entry] = {}
_menu: dict[str, Entry] = {}
_pinned: list[Callable[[HttpRequest], Iterable[Pin]]] = []
_may: list[Callable[[HttpRequest, str], bool]] = []


def register(name: str, url_name: str | None, icon: str, *, label: Any, **options: Any) -> None:
    """Add a line to the main navigation. Options: count, action, order, dock, url, matches (URL name prefix)."""
    _main[name] = Entry(name=name, url_name=url_name, icon=icon, label=label, **options)


def register_menu(name: str, url_name: str | None, icon: str, *, label: Any, **options: Any) -> None:
    """Add a line to the brand menu (settings, bin, other tenants). `method="post"` makes it a form."""
    _menu[name] = Entry(name=name, url_name=url_name, icon=icon, label=label, **options)


def pinned_from(source: Callable[[HttpRequest], Iterable[Pin]]) -> None:
    """Name the function that gives the pinned accounts of a request."""
    _pinned[:] = [source]


def allowed_by(rule: Callable[[HttpRequest, str], bool]) -> None:
    """Name the function that says whether a request may do an action."""
    _may[:] = [rule]


def main(request: HttpRequest) -> list[Line]:
    """The lines of the main navigation for this request, in order."""
    return _lines(request, _main.values())


def menu(request: HttpRequest) -> list[Line]:
    """The lines of the brand menu for this request, in order."""
    return _lines(request, _menu.values())


def pinned(request: HttpRequest) -> list[Pin]:
    """The pinned accounts for this request; none when no room offers them."""
    return [pin for source in _pinned for pin in source(request)]


def _lines(request: HttpRequest, entries: Iterable[Entry]) -> list[Line]:
    shown = [
        (entry, href)
        for entry in sorted(entries, key=lambda entry: entry.order)
        if _is_allowed(request, entry) and (href := entry.href()) is not None
    ]
    current = _current(request, [entry for entry, _ in shown])
    return [
        Line(entry, href, entry.count(request) if entry.count else None, entry is current)
        for entry, href in shown
    ]


def _is_allowed(request: HttpRequest, entry: Entry) -> bool:
    return entry.action is None or all(may(request, entry.action) for may in _may)


def _current(request: HttpRequest, entries: list[Entry]) -> Entry | None:
    """The entry whose URL name, or `matches` prefix, fits the page best."""
    match = getattr(request, "resolver_match", None)
    name = match.view_name if match else ""
    for entry in entries:
        if entry.url_name and name == entry.url_name:
            return entry
    for entry in entries:
        if any(prefix and name.startswith(prefix) for prefix in entry.matches.split()):
            return entry
    return None
