"""Reading history: who changed which field of a record, from what to what."""

from datetime import datetime
from typing import Any

from tenants.actors import actors_of

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
    return actors_of([actor])[actor].name
