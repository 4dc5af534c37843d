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
from success_plans.versions import KINDS, LEFT_OUT, records_of
from tenants.editing import editable
from tenants.editing.fields import clean_text
from tenants.models import Membership

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
    def href(self) -> str:
        return f"#edit-{self.kind}-{self.record}-{self.field}"


@dataclass(frozen=True)
class Thread:
    first: PlanComment
    replies: Sequence[PlanComment]
    anchor: Anchor

    @property
    def is_open(self) -> bool:
        return self.first.resolved_at is None

    @property
    def comments(self) -> list[PlanComment]:
        return [self.first, *self.replies]


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


def threads_of(plan: SuccessPlan, anchors: dict[str, list[Anchor]]) -> list[Thread]:
    """Open ones first, then the newest; what is said of a field in the bin is not shown. One statement."""
    rows = PlanComment.objects.filter(plan=plan).select_related("written_by__user", "resolved_by__user")
    known = {
        (one.kind, one.record, one.field): Anchor(one.kind, one.record, one.field, f"{title} {one.label}")
        for title, found in anchors.items()
        for one in found
    }
    replies: dict[UUID, list[PlanComment]] = defaultdict(list)
    firsts: list[PlanComment] = []
    for row in rows.order_by("created_at", "pk"):
        (replies[row.answers_id] if row.answers_id else firsts).append(row)
    threads = [
        Thread(first, replies[first.pk], known[first.kind, first.record, first.field])
        for first in reversed(firsts)
        if (first.kind, first.record, first.field) in known
    ]
    return sorted(threads, key=lambda thread: not thread.is_open)


def comment(plan: SuccessPlan, where: str, text: str, member: Membership) -> PlanComment:
    """A new thread at the field that ``where`` names."""
    anchors = (one for found in anchors_of(records_of(plan)).values() for one in found)
    anchor = next((one for one in anchors if one.key == where), None)
    if anchor is None:
        raise ValidationError(_("どの項目へのコメントかを選んでください"))
    return PlanComment.objects.create(  # type: ignore[no-any-return]
        account_id=plan.account_id, plan=plan, kind=anchor.kind, record=anchor.record, field=anchor.field,
        text=said(text), written_by=member,
    )  # fmt: skip


def reply(first: PlanComment, text: str, member: Membership) -> PlanComment:
    """An answer opens a resolved thread again: somebody has more to say."""
    if first.answers_id:
        first = PlanComment.objects.get(pk=first.answers_id)
    if first.resolved_at:
        resolve(first, None)
    return PlanComment.objects.create(  # type: ignore[no-any-return]
        account_id=first.account_id, plan_id=first.plan_id, kind=first.kind, record=first.record, field=first.field,
        answers=first, text=said(text), written_by=member,
    )  # fmt: skip


def resolve(first: PlanComment, member: Membership | None) -> None:
    """By ``member``; None takes it back. An answer stands for its thread."""
    if first.answers_id:
        first = PlanComment.objects.get(pk=first.answers_id)
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
