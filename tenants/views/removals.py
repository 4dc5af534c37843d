"""Taking a member out: first everybody they look after has somebody else."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tenants import membership, succession
from tenants.models import Membership
from tenants.permissions import action
from tenants.succession import Estate
from tenants.views.members import active, standing
from ui.pages import go, page, toast_next


@dataclass(frozen=True)
class Choice:
    """One account, who may take it over, and who was chosen."""

    estate: Estate
    heirs: list[Membership]
    chosen: UUID | None


@dataclass(frozen=True)
class Load:
    member: Membership
    before: int
    after: int
    share: int  # percent of the fullest, for the bar
    is_away: bool


@action("member.remove", Membership)
def removal(request: HttpRequest, member: Membership) -> HttpResponse:
    choices = choose(standing(member), request.POST)
    problem = ""
    if request.method == "POST":
        try:
            membership.remove(member, {c.estate.account: c.chosen for c in choices if c.chosen})
        except ValidationError as error:
            problem = error.messages[0]
        else:
            toast_next(request, _("%(name)sを外しました") % {"name": member.name})
            return go(request, reverse("tenants:member_index"))
    context = {**plan(member, choices), "problem": problem}
    return page(request, "tenants/removals/form.html", context)


@action("member.remove", Membership)
@require_POST
def preview(request: HttpRequest, member: Membership) -> HttpResponse:
    """The same form after a choice: what is still open, and how much everybody would have then."""
    return page(
        request, "tenants/removals/form.html", plan(member, choose(standing(member), request.POST)), "plan"
    )


def choose(member: Membership, given: QueryDict) -> list[Choice]:
    """What was chosen per account; ``everyone`` fills those that are still open."""
    others = [other for other in active() if other.pk != member.pk]
    found = []
    for estate in succession.estates_of(member):
        heirs = estate.heirs(others)
        by_key = {str(heir.pk): heir.pk for heir in heirs}
        key = given.get(f"to-{estate.account}") or given.get("everyone", "")
        found.append(Choice(estate, heirs, by_key.get(key)))
    return found


def plan(member: Membership, choices: list[Choice]) -> dict[str, Any]:
    totals: Counter[tuple[str, str]] = Counter()
    for choice in choices:
        for charge in choice.estate.charges:
            totals[charge.label, charge.unit or _("社")] += charge.count
    heirs = {heir.pk: heir for choice in choices for heir in choice.heirs}
    return {
        "who": member,
        "choices": choices,
        "heirs": sorted(heirs.values(), key=lambda heir: heir.name),
        "open": sum(choice.chosen is None for choice in choices),
        "holds": "、".join(f"{label} {count}{unit}" for (label, unit), count in totals.items()),
        "loads": loads(choices, heirs),
    }


def loads(choices: list[Choice], heirs: dict[UUID, Membership]) -> list[Load]:
    before, today = succession.accounts_per_member(), timezone.localdate()
    gained = Counter(choice.chosen for choice in choices if choice.chosen and choice.estate.owns)
    most = max((before[pk] + gained[pk] for pk in heirs), default=0) or 1
    return [
        Load(
            heir,
            before[pk],
            before[pk] + gained[pk],
            100 * (before[pk] + gained[pk]) // most,
            heir.is_away(today),
        )
        for pk, heir in heirs.items()
        if before[pk] or gained[pk]
    ]
