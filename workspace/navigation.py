"""What stands around every page: the lines of the navigation, their counts and the pinned accounts.

All figures of one request come from one capped statement over one's own rows.
"""

from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Pin
from accounts.notices import unread_of
from ctas.queries import waiting_for
from health.models import AccountScore
from success_plans import queue
from tenants.permissions import may
from ui import navigation
from ui.navigation import Pin as DrawnPin
from workspace.reading import counted, listed, read_at_once

PINS = 12


def register() -> None:
    """The lines in the order of the design; one whose page does not exist yet is not drawn."""
    add = navigation.register
    add(
        "today",
        "workspace:today",
        "today",
        label=_("今日"),
        order=10,
        dock=True,
        action="self.use",
        count=waiting,
    )
    add(
        "notices",
        "accounts:notice_index",
        "bell",
        label=_("お知らせ"),
        order=15,
        action="self.use",
        count=unread,
        matches="accounts:notice",
    )
    add(
        "accounts",
        "workspace:account_index",
        "accounts",
        label=_("アカウント"),
        order=20,
        dock=True,
        action="account.list",
        matches="accounts:",
    )
    add(
        "ctas",
        "ctas:cta_index",
        "cta",
        label=_("CTA"),
        order=50,
        dock=True,
        action="cta.read",
        count=waiting,
        matches="ctas:",
    )
    add(
        "reviews",
        "success_plans:review_queue",
        "review",
        label=_("レビュー"),
        order=60,
        action="plan.review",
        count=reviews,
        matches="success_plans:review_",
    )
    navigation.pinned_from(pinned)


def figures(request: Any) -> dict[str, Any]:
    """Read once per request, when the sidebar is drawn."""
    found = getattr(request, "_shell_figures", None)
    if found is None:
        member, today = request.member, timezone.localdate()
        parts = {
            "pins": listed(pins_of(member)),
            "waiting": counted(waiting_for(member, today)),
            "unread": counted(unread_of(member)),
        }
        if may(member, "plan.review"):
            parts["reviews"] = counted(queue.waiting())
        found = request._shell_figures = read_at_once(**parts)
    return found  # type: ignore[no-any-return]


def waiting(request: HttpRequest) -> int | None:
    """How many CTAs wait for the person today."""
    return figures(request)["waiting"]["n"] or None


def unread(request: HttpRequest) -> int | None:
    """How many notices the person has not read."""
    return figures(request)["unread"]["n"] or None


def reviews(request: HttpRequest) -> int | None:
    """How many plans wait for a manager."""
    return figures(request)["reviews"]["n"] or None


def pins_of(member: Any) -> Any:
    visible = Account.objects.visible_to(member).values("pk")
    pins = Pin.objects.filter(member=member, account__in=visible).order_by("position", "pk")
    score = AccountScore.objects.filter(account=OuterRef("account"))
    shown = pins.annotate(band=Subquery(score.values("band")), score=Subquery(score.values("score")))
    return shown.values("account_id", "account__name", "band", "score")[:PINS]


def pinned(request: HttpRequest) -> list[DrawnPin]:
    if getattr(request, "member", None) is None:
        return []
    return [
        DrawnPin(
            label=pin["account__name"],
            url=reverse("accounts:account", args=[pin["account_id"]]),
            band=pin["band"] or "none",
            score=pin["score"],
        )
        for pin in figures(request)["pins"]
    ]
