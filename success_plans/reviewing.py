"""Handing a plan to a manager, and what comes of it. Every step holds the plan's row, so nothing happens twice (S1 1.34)."""

from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from success_plans.judging import keep
from success_plans.models import ActionItem, Criterion, Objective, PlanReview, SuccessPlan
from success_plans.models.plan import OPEN, WRITING, PlanState
from success_plans.models.review import Outcome
from success_plans.rules import check_complete
from success_plans.versions import freeze
from tenants.models import Membership
from tenants.scope import current_tenant


class Moved(ValidationError):
    """Somebody else was faster; the message says who did what, and when."""


def submit(plan: SuccessPlan, member: Membership) -> PlanReview:
    """To the manager. A plan that lacks what its type asks is not handed in."""
    _hold(plan)
    if plan.state == PlanState.SUBMITTED:
        return waiting(plan)
    _only_from(plan, *WRITING)
    check_complete(SuccessPlan.objects.get(pk=plan.pk))
    plan.move(PlanState.SUBMITTED, *WRITING)
    keep(plan, timezone.localdate())
    by = {"account_id": plan.account_id, "submitted_by": member}
    return PlanReview.objects.get_or_create(plan=plan, outcome=Outcome.WAITING, defaults=by)[0]  # type: ignore[no-any-return]


def withdraw(plan: SuccessPlan, member: Membership) -> None:
    """Back to where it was written: returned, if it had been returned before."""
    _hold(plan)
    if plan.state in WRITING and _last(plan, Outcome.WITHDRAWN):
        return
    _only_from(plan, PlanState.SUBMITTED)
    _decide(waiting(plan), Outcome.WITHDRAWN, member, "")
    decided = plan.reviews.exclude(outcome__in=(Outcome.WAITING, Outcome.WITHDRAWN))  # type: ignore[attr-defined]
    before = decided.order_by("-submitted_at").values_list("outcome", flat=True).first()
    was = PlanState.RETURNED if before == Outcome.RETURNED else PlanState.DRAFT
    plan.move(was, PlanState.SUBMITTED)


def approve(plan: SuccessPlan, member: Membership, reason: str = "", *, seen: str = "") -> PlanReview:
    """The plan is frozen as it was approved. ``seen`` is the ``mark`` of what the manager had before their eyes; nobody
    approves what they did not see."""
    review = _to_decide(plan, member, Outcome.APPROVED)
    if review.outcome == Outcome.APPROVED:
        return review
    if is_own(review, plan, member) and not current_tenant().may_approve_own_plans:
        raise ValidationError(_("自分のプランは承認できません。ほかのマネージャーに頼んでください"))
    if seen and seen != mark(plan):
        raise Moved(_("開いたあとに、プランの中身が変わりました。見直してから承認してください"))
    plan.move(PlanState.APPROVED, PlanState.SUBMITTED)
    freeze(SuccessPlan.objects.get(pk=plan.pk), review)
    return _decide(review, Outcome.APPROVED, member, reason)


def send_back(plan: SuccessPlan, member: Membership, reason: str) -> PlanReview:
    review = _to_decide(plan, member, Outcome.RETURNED)
    if review.outcome == Outcome.RETURNED:
        return review
    if not reason.strip():
        raise ValidationError(_("差し戻す理由を書いてください。何がわかれば承認できますか"))
    plan.move(PlanState.RETURNED, PlanState.SUBMITTED)
    return _decide(review, Outcome.RETURNED, member, reason)


def take_back(plan: SuccessPlan, member: Membership) -> None:
    """Undo one's own decision while nobody has gone on from it: the plan waits again."""
    _hold(plan)
    if plan.state == PlanState.SUBMITTED:
        return
    review = _last(plan, Outcome.APPROVED, Outcome.RETURNED)
    if review is None or plan.state != review.outcome or review.decided_by_id != member.pk:
        raise _moved(plan)
    plan.move(PlanState.SUBMITTED, PlanState.APPROVED, PlanState.RETURNED)
    review.outcome, review.decided_by, review.decided_at, review.reason = Outcome.WAITING, None, None, ""
    review.save(update_fields=["outcome", "decided_by", "decided_at", "reason"])


def cancel(plan: SuccessPlan, member: Membership) -> None:
    """A plan that is given up waits for nobody."""
    _hold(plan)
    if plan.state == PlanState.SUBMITTED:
        _decide(waiting(plan), Outcome.WITHDRAWN, member, "")
    plan.move(PlanState.CANCELLED, *OPEN)


def waiting(plan: SuccessPlan) -> PlanReview:
    return PlanReview.objects.waiting().get(plan=plan)  # type: ignore[no-any-return]


def is_own(review: PlanReview, plan: SuccessPlan, member: Membership) -> bool:
    """Written by the person: they handed it in, or it is of an account of theirs."""
    return member.pk in (review.submitted_by_id, plan.account.csm_id)


def mark(plan: SuccessPlan) -> str:
    """Changes with every change of the plan or of anything in it; one statement."""
    rows: Any = SuccessPlan.objects.filter(pk=plan.pk)
    parts: list[Any] = [
        Objective.objects.filter(plan=plan),
        Criterion.objects.filter(objective__plan=plan, objective__deleted_at=None),
        ActionItem.objects.filter(plan=plan, objective__deleted_at=None),
    ]
    found = rows.order_by().values_list("pk", "version")
    found = found.union(*(part.order_by().values_list("pk", "version") for part in parts))
    return sha256(repr(sorted(found)).encode()).hexdigest()[:16]


def _hold(plan: SuccessPlan) -> None:
    rows = SuccessPlan.everything.select_for_update(no_key=True)
    plan.state = rows.values_list("state", flat=True).get(pk=plan.pk)


def _to_decide(plan: SuccessPlan, member: Membership, outcome: Outcome) -> PlanReview:
    """The review that waits; or, for a click that came twice, the one that the same person decided the same way."""
    _hold(plan)
    if plan.state == PlanState.SUBMITTED:
        return waiting(plan)
    decided = _last(plan, outcome)
    if decided and plan.state == outcome and decided.decided_by_id == member.pk:
        return decided
    raise _moved(plan)


def _decide(review: PlanReview, outcome: Outcome, member: Membership, reason: str) -> PlanReview:
    review.outcome, review.reason = outcome, reason.strip()
    review.decided_by, review.decided_at = member, timezone.now()
    review.save(update_fields=["outcome", "reason", "decided_by", "decided_at"])
    return review


def _only_from(plan: SuccessPlan, *states: PlanState) -> None:
    if plan.state not in states:
        raise _moved(plan)


def _moved(plan: SuccessPlan) -> Moved:
    """What happened meanwhile, in one sentence."""
    last = plan.reviews.select_related("submitted_by__user", "decided_by__user")  # type: ignore[attr-defined]
    review = last.order_by("-submitted_at").first()
    state = {"state": plan.get_state_display()}
    if review is None or plan.state not in (PlanState.SUBMITTED, PlanState.APPROVED, PlanState.RETURNED):
        return Moved(_("このプランは、いま「%(state)s」です") % state)
    who, at = review.decided_by or review.submitted_by, review.decided_at or review.submitted_at
    said = {**state, "who": who, "at": f"{timezone.localtime(at):%m/%d %H:%M}"}
    return Moved(_("%(who)sさんが%(at)sに「%(state)s」にしています") % said)


def _last(plan: SuccessPlan, *outcomes: Outcome) -> PlanReview | None:
    """The newest review, if it came out like that."""
    review = plan.reviews.order_by("-submitted_at").first()  # type: ignore[attr-defined]
    return review if review and review.outcome in outcomes else None
