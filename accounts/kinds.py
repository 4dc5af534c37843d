"""Kinds of activities as people choose them: ours, and the tenant's own, which count as one of ours."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from accounts.models import ActivityType
from accounts.models.activity import ActivityKind
from tenants.editing import Choice
from tenants.scope import current_scope

ICONS = {
    ActivityKind.MEETING: "users",
    ActivityKind.REVIEW: "review",
    ActivityKind.CALL: "phone",
    ActivityKind.MAIL: "mail",
    ActivityKind.UPDATE: "comment",
    ActivityKind.MILESTONE: "target",
}


@dataclass(frozen=True)
class Chosen:
    """What a choice stands for: a kind of ours, and the tenant's own type if it is one."""

    kind: str
    own_type: UUID | None = None

    @property
    def columns(self) -> dict[str, Any]:
        return {"kind": self.kind, "own_type_id": self.own_type}


def own_types() -> list[ActivityType]:
    """All of them, retired ones too; asked once per request."""
    cache = current_scope().cache
    if "activity_types" not in cache:
        cache["activity_types"] = list(ActivityType.objects.order_by("created_at", "pk"))
    return cache["activity_types"]  # type: ignore[no-any-return]


def choices(*, retired: bool = False) -> list[Choice]:
    """Ours, then the tenant's own; ``retired`` ones only where old records are looked for."""
    own = [(str(one.pk), one.name) for one in own_types() if retired or not one.is_retired]
    return [*((str(value), str(label)) for value, label in ActivityKind.choices), *own]


def own_choices(record: Any) -> list[Choice]:
    """For one activity: the types in use, and the one it has."""
    usable = [one for one in own_types() if not one.is_retired or one.pk == record.own_type_id]
    return [("", ""), *((str(one.pk), one.name) for one in usable)]


def chosen(value: str, *, retired: bool = False) -> Chosen | None:
    """What ``value`` of ``choices`` means; None for what is no choice."""
    if value in ActivityKind.values:
        return Chosen(value)
    usable = [one for one in own_types() if retired or not one.is_retired]
    return next((Chosen(one.kind, one.pk) for one in usable if str(one.pk) == value), None)
