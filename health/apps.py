from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.apps import AppConfig
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.frame import Badge


class HealthConfig(AppConfig):
    name = "health"

    def ready(self) -> None:
        from accounts import frame, tabs
        from health import registry

        registry.load()
        frame.register_badge(badges)
        tabs.register(_("ヘルス"), "health:account_health", count=score, order=40)


def badges(accounts: Sequence[UUID]) -> dict[UUID, "Badge"]:
    """The health beside an account's name, in its header and in the sidebar."""
    from accounts.frame import Badge
    from health.queries import health_of

    found = health_of(accounts, timezone.localdate())
    return {account: Badge(own.score, own.band, own.change) for account, own in found.items()}


def score(account: Any) -> int | None:
    from health.models import AccountScore

    found: int | None = AccountScore.objects.filter(account=account).values_list("score", flat=True).first()
    return found
