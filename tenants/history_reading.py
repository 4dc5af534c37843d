"""Reading history: who changed which field of a record, from what to what."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from tenants.models import Membership
from tenants.scope import current_tenant

RECENT = 50


def last_change(record: Any, column: str) -> tuple[str, datetime | None]:
    """The name of whoever gave ``column`` its present value, and when; among the last changes of the record."""
    events = list(record.events.order_by("-pgh_created_at", "-pgh_id")[:RECENT])
    for event, before in zip(events, [*events[1:], None], strict=True):
        if before is None or getattr(event, column) != getattr(before, column):
            return actor_name(event.pgh_actor), event.pgh_created_at
    return "", None


def actor_name(actor: str) -> str:
    """What is shown for ``member:<id>``, ``job:<name>``, ``import:<id>`` or ``system``."""
    kind, _sep, ident = actor.partition(":")
    if kind == "member":
        found = Membership.objects.in_tenant(current_tenant()).select_related("user").filter(pk=ident).first()
        return found.name if found else _("以前のメンバー")
    return {"job": _("夜間の計算"), "import": _("取り込み"), "demo": _("見本データ")}.get(kind, _("システム"))
