"""「顧客に確認する」: a gap of a plan becomes a question in the ledger of blanks (S1 1.34)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Account
from accounts.sheet import asking
from accounts.sheet.asking import Asked, Source
from success_plans.judging import judged
from success_plans.models import PlanQuestion, SuccessPlan
from success_plans.models.plan import OPEN
from tenants.models import Membership

PREFIX = "plan:"
CELLS = """
SELECT q.account_id, 'plan:' || q.plan_id || '#' || q.anchor, q.about, q.text, 'csm', 'ask', 0
FROM success_plans_planquestion q
JOIN success_plans_successplan p ON p.tenant_id = %(tenant)s AND p.id = q.plan_id
WHERE q.tenant_id = %(tenant)s AND q.answered_at IS NULL AND p.deleted_at IS NULL AND p.state NOT IN ('completed', 'cancelled')"""


def ask(plan: SuccessPlan, anchor: str, text: str, member: Membership) -> PlanQuestion:
    """One of the gaps that the plan has now; asked twice, it stands there once."""
    gaps = [
        (question, one.objective)
        for one in judged([plan], timezone.localdate()).get(plan.pk, [])
        for question in one.questions
    ]
    found = next((gap for gap in gaps if (gap[0].anchor, gap[0].text) == (anchor, text)), None)
    if found is None:
        raise ValidationError(_("この空欄は、もう埋まっています"))
    question, objective = found
    made, _new = PlanQuestion.objects.get_or_create(
        plan=plan, anchor=anchor, text=question.text, answered_at=None,
        defaults={
            "account_id": plan.account_id, "about": str(objective)[:200], "asked_by": member,
        },
    )  # fmt: skip
    return made  # type: ignore[no-any-return]


def settle(question: PlanQuestion, member: Membership | None) -> None:
    """Asked, and by whom; None puts it back into the ledger."""
    if (question.answered_at is not None) == (member is not None):
        return
    question.answered_at, question.answered_by = (timezone.now(), member) if member else (None, None)
    question.save(update_fields=["answered_at", "answered_by"])


def open_questions(account: Account) -> Any:
    rows = PlanQuestion.objects.open().filter(account=account, plan__deleted_at=None, plan__state__in=OPEN)
    return rows.order_by("created_at", "pk")


def of_account(account: Account) -> list[Asked]:
    return [
        Asked(
            one.text,
            one.about,
            reverse("success_plans:plan", args=[one.plan_id]) + f"#{one.anchor}",
            reverse("success_plans:question_settle", args=[one.pk]),
        )
        for one in open_questions(account)
    ]


def url(key: str) -> str:
    plan, _sep, anchor = key.removeprefix(PREFIX).partition("#")
    return reverse("success_plans:plan", args=[plan]) + f"#{anchor}"


asking.register(Source(PREFIX, of_account, CELLS, url))
