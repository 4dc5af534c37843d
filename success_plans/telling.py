"""Telling colleagues of comments: who is named, who speaks in the thread, and whose plan it is."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse

from accounts import notices
from accounts.models.notice import NoticeKind
from accounts.news import News, Source, register
from success_plans.models import PlanComment

KIND = "plan_comment"
TITLE = 100


def tell(comment: PlanComment, *, is_new: bool = True) -> None:
    """A change is news only for whoever is named by it."""
    others = concerned(comment) if is_new else set()
    notices.spread(
        comment.account_id,
        comment.text,
        others,
        NoticeKind.COMMENT,
        comment.written_by_id,
        about_kind=KIND,
        about=comment.pk,
    )


def concerned(comment: PlanComment) -> set[UUID]:
    """Whoever spoke in the thread before; of a new one, whoever holds the plan."""
    if comment.answers_id:
        thread = PlanComment.objects.filter(plan=comment.plan_id).of_thread(comment.answers_id)
        return set(thread.values_list("written_by", flat=True))
    plan = comment.plan
    holders = (plan.account.csm_id, plan.csm_owner_id, plan.sales_owner_id)
    return {member for member in holders if member}


def standing(pk: Any) -> Any:
    return PlanComment.objects.filter(pk=pk, plan__deleted_at=None)


def read(ids: Sequence[UUID]) -> Mapping[UUID, News]:
    rows = PlanComment.objects.filter(pk__in=ids, plan__deleted_at=None).select_related("written_by__user")
    return {row.pk: news_of(row) for row in rows}


def news_of(comment: PlanComment) -> News:
    page = reverse("success_plans:plan", args=[comment.plan_id])
    title = comment.text.partition("\n")[0][:TITLE]
    return News(title, comment.written_by.name, f"{page}#thread-{comment.answers_id or comment.pk}")


register(Source(KIND, standing, read))
