from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import Account
from ctas import queries as ctas
from success_plans.queries import needing_attention
from tenants.models import Membership
from tenants.permissions import action, may
from tenants.requests import TenantRequest
from ui.pages import page, wants_fragment
from workspace.account_list.tabs import own_accounts
from workspace.day.headline import headline
from workspace.day.meetings import meetings
from workspace.day.portfolio import portfolio
from workspace.day.team import loads

NOTE_RULE = "R01"
PLANS = 4


@action("self.use")
def today(request: TenantRequest) -> HttpResponse:
    """What to do today and why now; an empty tenant gets its first steps instead."""
    member, now = request.member, timezone.localtime()
    groups = ctas.today_groups(member, now.date())
    context = {"today": now.date(), "groups": groups, "note_rule": NOTE_RULE}
    if wants_fragment(request):
        return page(request, "workspace/today.html", context, fragment="ctas")
    strip = portfolio(member)
    if not groups and not strip.count and not Account.objects.exists():
        return page(request, "workspace/first_day.html", first_day(member, now.date()))
    context |= {
        "headline": headline([row for group in groups for row in group.rows], now.date()),
        "portfolio": strip,
        "meetings": meetings(member, now),
        "plans": needing_attention(own_accounts(member).not_archived().values("pk"), now.date(), PLANS),
        "leads": may(member, "tenant.read"),
    }
    return page(request, "workspace/today.html", context)


def first_day(member: Membership, on: date) -> dict[str, Any]:
    return {
        "today": on,
        "may_import": may(member, "account.import"),
        "may_add": may(member, "account.add"),
        "may_invite": may(member, "member.invite"),
    }


@action("tenant.read")
def team_totals(request: HttpRequest) -> HttpResponse:
    """A fragment of 今日 for managers, fetched after the page, because it looks at everybody's accounts."""
    return page(request, "workspace/team_totals.html", {"loads": loads(timezone.localdate())})
