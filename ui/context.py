"""Context processor `ui.context.shell`: what `base.html` needs on every page."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from ui import navigation

THEMES = ("light", "dark")
DOCK = 4


def shell(request: HttpRequest) -> dict[str, Any]:
    """`shell` for the frame of the page, `theme` as chosen on this browser (empty: the system decides)."""
    chosen = request.COOKIES.get("theme", "")
    return {
        "shell": Shell(request),
        "theme": chosen if chosen in THEMES else "",
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "keys_off": request.COOKIES.get("keys") == "off",
    }


@dataclass
class Shell:
    """Computed when the template asks, so that fragments and error pages cost nothing."""

    request: HttpRequest

    @property
    def tenant(self) -> Any:
        return getattr(self.request, "tenant", None)

    @property
    def member(self) -> Any:
        return getattr(self.request, "member", None)

    @cached_property
    def main(self) -> list[navigation.Line]:
        return navigation.main(self.request)

    @cached_property
    def dock(self) -> list[navigation.Line]:
        return [line for line in self.main if line.entry.dock][:DOCK]

    @cached_property
    def menu(self) -> list[navigation.Line]:
        return navigation.menu(self.request)

    @cached_property
    def pinned(self) -> list[navigation.Pin]:
        return navigation.pinned(self.request)
