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
        from health.candidates import red_measures
        from success_plans import candidates

        candidates.register(red_measures, order=10)
        registry.load()
        frame.register_badge(badges)
        tabs.register(_("ヘルス"), "health:account_health", count=score, order=40)


def badges(accounts: Sequence[UUID]) -> dict[UUID, "Badge"]:
    """The health beside an account's name, in its header and in the sidebar; one statement."""
    from accounts.frame import Badge
    from health.models import AccountScore
    from tenants.scope import current_scope

    rows = AccountScore.objects.filter(account__in=accounts).with_change(timezone.localdate())
    found = {row.account_id: Badge(row.score, row.band, row.change) for row in rows}
    current_scope().cache.setdefault("badges", {}).update(found)
    return found


def score(account: Any) -> int | None:
    """For the tab, from what the header above it has asked already."""
    from tenants.scope import current_scope

    badge = current_scope().cache.get("badges", {}).get(account.pk)
    return badge.score if badge else None
