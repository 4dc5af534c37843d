"""The pinned accounts in the sidebar."""

from django.http import HttpRequest
from django.urls import reverse

from accounts.frame import Badge, badges_of
from accounts.models import Pin
from ui import navigation

SHOWN = 12


def pinned(request: HttpRequest) -> list[navigation.Pin]:
    """Two statements: the pins, and the health of all of them."""
    member = getattr(request, "member", None)
    if member is None:
        return []
    pins = Pin.objects.filter(member=member).select_related("account").order_by("position", "pk")[:SHOWN]
    accounts = [pin.account for pin in pins if pin.account.seen_by(member)]
    badges = badges_of([account.pk for account in accounts])
    return [drawn(account, badges.get(account.pk, Badge(None, ""))) for account in accounts]


def drawn(account: object, badge: Badge) -> navigation.Pin:
    url = reverse("accounts:account", args=[account.pk])  # type: ignore[attr-defined]
    return navigation.Pin(label=str(account), url=url, band=badge.band, score=badge.score)
