"""Every URL below the mount with what its view declares, walked from the resolver: nobody lists them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver

from tenants.scope import TENANT_URLCONF
from tests.world import ident


@dataclass(frozen=True)
class Door:
    """One URL pattern below the mount: its route, the view's declared action and the model it loads."""

    route: str
    name: str
    action: str | None
    subject: Any
    needs: tuple[str, ...]
    binned: bool = False

    def path(self, pk: UUID | None) -> str:
        found = self.route
        for converter in ("<uuid:pk>", "<uuid:other>"):
            found = found.replace(converter, str(pk or ident("nowhere")))
        return found.replace("<slug:key>", "industry")


def doors() -> list[Door]:
    return list(_walk(get_resolver(TENANT_URLCONF).url_patterns, ""))


def _walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[Door]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        else:
            view = pattern.callback
            needs = tuple(pattern.pattern.converters)
            yield Door(
                route,
                pattern.name or "",
                getattr(view, "action", None),
                getattr(view, "subject", None),
                needs,
                getattr(view, "binned", False),
            )


DOORS = doors()
