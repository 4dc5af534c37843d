"""Notes that are being written. Every open page keeps its own; what two pages wrote is never mixed and never lost.

The form carries the id of its draft, made up before anything is stored. A page that comes too late (another page wrote
on, or the note was noted) is told so and goes on under a new id.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Account, NoteDraft
from tenants.models import Membership

TEXTS = ("text", "insight", "next_step", "links")
CHOICES = ("kind", "on", "at", "next_on", "insight_was", "plan")
LISTS = ("persons", "members")


@dataclass(frozen=True)
class Kept:
    """``taken`` is whether it was stored; if not, another page or the note itself stands under this id."""

    taken: bool
    version: int = 0


def drafts_of(account: Account, member: Membership) -> list[NoteDraft]:
    """What ``member`` began to write here and did not finish, newest first."""
    rows = NoteDraft.objects.filter(account=account, member=member, settled_at=None)
    return [draft for draft in rows.order_by("-updated_at", "-pk")[:20] if not is_blank(draft)]


def is_blank(draft: NoteDraft) -> bool:
    return not any(getattr(draft, key).strip() for key in TEXTS)


def typed_of(draft: NoteDraft | None) -> dict[str, Any]:
    """What the form shows: as it was typed."""
    if draft is None:
        return {"draft": uuid4(), "version": 0}
    return {
        **draft.choices,
        **{key: getattr(draft, key) for key in TEXTS},
        "draft": draft.pk,
        "version": draft.version,
    }


def keep(
    account: Account, member: Membership, typed: Any, pk: UUID, page: str, seq: int, version: int
) -> Kept:
    """Store what stands in the form of ``page`` now; ``version`` is the one it has seen last."""
    values = {**texts_of(typed), "choices": choices_of(typed), "page": page, "seq": seq}
    found = NoteDraft.objects.select_for_update().filter(pk=pk).first()
    if found is None:
        try:
            with transaction.atomic():
                return Kept(
                    True, NoteDraft.objects.create(pk=pk, account=account, member=member, **values).version
                )
        except IntegrityError:  # the id is somebody else's
            return Kept(False)
    if found.settled_at or (found.account_id, found.member_id) != (account.pk, member.pk):
        return Kept(False)
    if found.page != page and found.version != version:
        return Kept(False)
    if found.page == page and found.seq >= seq:
        return Kept(True, found.version)  # a later one of the same page was faster
    NoteDraft.objects.filter(pk=pk).update(**values)
    return Kept(True, NoteDraft.objects.values_list("version", flat=True).get(pk=pk))


def texts_of(typed: Mapping[str, str]) -> dict[str, str]:
    return {key: typed.get(key, "").replace("\x00", "")[:100_000] for key in TEXTS}


def choices_of(typed: Any) -> dict[str, Any]:
    one = {key: typed[key][:64] for key in CHOICES if typed.get(key)}
    many = {key: [value[:36] for value in typed.getlist(key)[:200]] for key in LISTS if typed.getlist(key)}
    return {**one, **many}


def note_made(account: Account, member: Membership, pk: UUID) -> None:
    """The note was noted: what a slow connection still brings for its draft is not taken any more."""
    mark = {"settled_at": timezone.now(), "was_noted": True, **dict.fromkeys(TEXTS, "")}
    rows = NoteDraft.objects.filter(pk=pk)
    if not rows.filter(account=account, member=member).update(**mark) and not rows.exists():
        try:
            with transaction.atomic():
                NoteDraft.objects.create(pk=pk, account=account, member=member, **mark)
        except IntegrityError:
            return
