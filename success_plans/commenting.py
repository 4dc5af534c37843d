"""Threads of comments, each anchored to one field of a plan or of something in it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from success_plans.models import PlanComment, SuccessPlan
from success_plans.telling import tell
from success_plans.versions import KINDS, LEFT_OUT, records_of
from tenants.editing import Cell, editable
from tenants.editing.fields import clean_text
from tenants.models import Membership
from tenants.permissions import Reach, reach

KIND_OF = {model: kind for kind, model in KINDS.items()}


@dataclass(frozen=True)
class Anchor:
    """A field that can be talked about; ``key`` is how a form names it."""

    kind: str
    record: UUID
    field: str
    label: str

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.record}:{self.field}"

    @property
    def place(self) -> str:
        """The field's id on the page."""
        return f"edit-{self.kind}-{self.record}-{self.field}"


@dataclass(frozen=True)
class Said:
    """One comment as it is drawn; ``cell`` for whoever wrote it, to write it anew."""

    comment: PlanComment
    cell: Cell | None


@dataclass(frozen=True)
class Thread:
    """``first`` may lie in the bin while others still answer it; ``said`` is what stands."""

    first: PlanComment
    said: Sequence[Said]
    anchor: Anchor

    @property
    def is_open(self) -> bool:
        return self.first.resolved_at is None

    @property
    def has_lost_its_first(self) -> bool:
        return self.first.deleted_at is not None

    @property
    def voice(self) -> PlanComment:
        """The comment by which an answer or a resolution names the thread."""
        return self.said[0].comment


def anchors_of(records: Iterable[Any]) -> dict[str, list[Anchor]]:
    """Every field of the plan and of what stands in it, by the record's name."""
    found: dict[str, list[Anchor]] = {}
    for record in records:
        kind = KIND_OF[type(record)]
        title = _("プラン") if kind == "plan" else str(record)[:40]
        fields = editable(kind).fields.items()
        anchors = [Anchor(kind, record.pk, key, str(one.label)) for key, one in fields if key not in LEFT_OUT]
        found.setdefault(title, []).extend(anchors)
    return found


def threads_of(plan: SuccessPlan, anchors: dict[str, list[Anchor]], member: Membership) -> list[Thread]:
    """Open ones first, then the newest; what is said of a field in the bin is not shown. One statement."""
    known = {
        (one.kind, one.record, one.field): Anchor(one.kind, one.record, one.field, f"{title} {one.label}")
        for title, found in anchors.items()
        for one in found
    }
    rows = PlanComment.everything.filter(plan=plan).select_related("written_by__user", "resolved_by__user")
    by_thread: dict[UUID, list[PlanComment]] = defaultdict(list)
    for row in rows.order_by("created_at", "pk"):
        by_thread[row.answers_id or row.pk].append(row)
    may_write = reach(member, "comment.edit") is not Reach.NONE
    threads = []
    for first, *replies in reversed(by_thread.values()):
        anchor = known.get((first.kind, first.record, first.field))
        standing = [one for one in (first, *replies) if one.deleted_at is None]
        if anchor and standing:
            own = {one.pk for one in standing if may_write and one.written_by_id == member.pk}
            said = [
                Said(one, Cell.of(one, "text", may_edit=True) if one.pk in own else None) for one in standing
            ]
            threads.append(Thread(first, said, anchor))
    return sorted(threads, key=lambda thread: not thread.is_open)


def comment(plan: SuccessPlan, where: str, text: str, member: Membership) -> PlanComment:
    """A new thread at the field that ``where`` names."""
    anchors = (one for found in anchors_of(records_of(plan)).values() for one in found)
    anchor = next((one for one in anchors if one.key == where), None)
    if anchor is None:
        raise ValidationError(_("どの項目へのコメントかを選んでください"))
    made = PlanComment.objects.create(
        account_id=plan.account_id, plan=plan, kind=anchor.kind, record=anchor.record, field=anchor.field,
        text=said(text), written_by=member,
    )  # fmt: skip
    tell(made)
    return made  # type: ignore[no-any-return]


def reply(to: PlanComment, text: str, member: Membership) -> PlanComment:
    """An answer opens a resolved thread again: somebody has more to say."""
    first = first_of(to)
    if first.resolved_at:
        resolve(first, None)
    made = PlanComment.objects.create(
        account_id=first.account_id, plan_id=first.plan_id, kind=first.kind, record=first.record, field=first.field,
        answers=first, text=said(text), written_by=member,
    )  # fmt: skip
    tell(made)
    return made  # type: ignore[no-any-return]


def first_of(one: PlanComment) -> PlanComment:
    """The one that a thread begins with, also when it lies in the bin."""
    return PlanComment.everything.get(pk=one.answers_id) if one.answers_id else one  # type: ignore[no-any-return]


def resolve(one: PlanComment, member: Membership | None) -> None:
    """By ``member``; None takes it back. An answer stands for its thread."""
    first = first_of(one)
    if bool(first.resolved_at) == (member is not None):
        return
    first.resolved_at, first.resolved_by = (timezone.now(), member) if member else (None, None)
    first.save(update_fields=["resolved_at", "resolved_by"])


def said(text: str) -> str:
    words = clean_text(text)
    if not words:
        raise ValidationError(_("コメントを書いてください"))
    if len(words) > 1000:
        raise ValidationError(_("コメントは1000文字までです"))
    return words
