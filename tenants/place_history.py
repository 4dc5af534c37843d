"""Who let whom in, made them what, and took them out: the history of memberships and invitations, and of erasures."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Window
from django.db.models.functions import Lag
from django.utils.translation import gettext as _

from tenants.actors import PERSON, Actor, actors_of
from tenants.models import Erasure, Invitation, Membership
from tenants.roles import Role
from tenants.scope import current_tenant

PAGE = 60


@dataclass(frozen=True)
class Line:
    """``about`` is the person; ``before`` and ``after`` are roles where one was changed, else empty."""

    id: UUID
    at: datetime
    by: Actor
    about: str
    words: str
    before: Any = ""
    after: Any = ""


def lines(cursor: UUID | None = None) -> tuple[list[Line], UUID | None]:
    """A page, newest first, and where the next one begins."""
    found = [*of_members(cursor), *of_invitations(cursor), *of_erasures(cursor)]
    found.sort(key=lambda row: row[0], reverse=True)
    actors = actors_of(by for _id, _at, by, *_rest in found[:PAGE])
    page = [
        Line(ident, at, oneself(about) if by.startswith("invitation:") else actors[by], about, *words)
        for ident, at, by, about, *words in found[:PAGE]
    ]
    return page, page[-1].id if len(found) > PAGE else None


def oneself(name: str) -> Actor:
    """Who accepts an invitation lets themselves in."""
    return Actor(PERSON, name)


def newest(model: Any, cursor: UUID | None, key: str = "pgh_id", **annotated: Any) -> Any:
    rows = model.objects.annotate(**annotated).order_by(f"-{key}")
    return (rows.filter(**{f"{key}__lt": cursor}) if cursor else rows)[: PAGE + 1]


def lag(field: str) -> Window:
    return Window(Lag(field), partition_by=[F("pgh_obj_id")], order_by=F("pgh_id").asc())


def of_members(cursor: UUID | None) -> list[tuple[Any, ...]]:
    events = Membership._meta.get_field("events").related_model
    rows = list(newest(events, cursor, was=lag("role"), was_removed=lag("removed_at")))
    names = {m.pk: m.name for m in Membership.objects.in_tenant(current_tenant()).select_related("user")}
    return [(row.pgh_id, row.pgh_created_at, row.pgh_actor, names[row.id], *told(row)) for row in rows]


def told(row: Any) -> tuple[Any, ...]:
    role = label(row.role)
    if row.pgh_label == "insert":
        return _("加わりました"), "", role
    if row.removed_at and not row.was_removed:
        return _("外しました"), role, ""
    if row.was_removed and not row.removed_at:
        return _("もう一度加わりました"), "", role
    return (_("役割を変えました"), label(row.was) if row.was else "", role)


def label(role: str) -> Any:
    return Role(role).label


def of_invitations(cursor: UUID | None) -> list[tuple[Any, ...]]:
    events = Invitation._meta.get_field("events").related_model
    return [
        (row.pgh_id, row.pgh_created_at, row.pgh_actor, row.email, words, "", label(row.role))
        for row in newest(events, cursor)
        if (words := invitation_words(row))
    ]


def invitation_words(row: Any) -> str:
    """An invitation that was accepted is told by the person who came."""
    if row.pgh_label == "insert":
        return _("招きました")
    return _("招待を取り消しました") if row.withdrawn_at else ""


def of_erasures(cursor: UUID | None) -> list[tuple[Any, ...]]:
    return [
        (row.pk, row.at, row.actor, _("お客様の人"), _("個人のデータを消しました"), "", "")
        for row in newest(Erasure, cursor, key="id")
    ]
