"""The views every person has from the first day, and the conditions they share with filters and counts."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, AccountMember, Activity, PersonRole
from accounts.models.account import AccountQuerySet, Stage
from accounts.models.key_person import RoleKind
from tenants.models import Membership
from tenants.roles import Role
from workspace.account_list.orders import months_by_season

RENEWAL_DAYS = 120
SILENT_DAYS = 7


@dataclass(frozen=True)
class Tab:
    """A view that cannot be deleted. ``flag`` is a condition of ``conditions()``; "" shows everything in reach."""

    key: str
    label: Any
    flag: str = ""
    whole_team: bool = False


MINE, TEAM = "mine", "team"
TABS = {
    tab.key: tab
    for tab in (
        Tab(MINE, _("担当すべて")),
        Tab("season", _("予算期の顧客"), "season"),
        Tab("renewal", _("更新120日以内"), "renewal"),
        Tab("holes", _("決裁者・推進者に穴"), "holes"),
        Tab("silent", _("1週間記録なし"), "silent"),
        Tab(TEAM, _("チームすべて"), whole_team=True),
    )
}


def has_own_accounts(member: Membership) -> bool:
    """Those who answer for accounts see their own first; everybody else looks at the team's."""
    return member.role in (Role.CSM, Role.SALES)


def tabs_for(member: Membership) -> list[Tab]:
    return [tab for tab in TABS.values() if tab.key != MINE or has_own_accounts(member)]


def first_tab(member: Membership) -> Tab:
    return TABS[MINE if has_own_accounts(member) else TEAM]


def own_accounts(member: Membership) -> AccountQuerySet:
    """What the member answers for; the whole visible tenant for those who own nothing. Each branch has its index."""
    visible = Account.objects.visible_to(member)
    if member.role == Role.SALES:
        return visible.commercially_owned_by(member)
    if member.role != Role.CSM:
        return visible
    ties = (
        Account.objects.filter(csm=member).values("pk"),
        Account.objects.filter(deputy=member).values("pk"),
        AccountMember.objects.filter(member=member).values("account_id"),
    )
    return visible.filter(pk__in=ties[0].union(*ties[1:], all=True))


def conditions(today: date) -> dict[str, Any]:
    """What the tabs ask for, by name."""
    return {
        "season": Q(fiscal_month__in=months_by_season(today)[0]),
        "renewal": Q(renews_on__lte=today + timedelta(days=RENEWAL_DAYS)),
        "holes": Q(~held(RoleKind.ECONOMIC_BUYER, today)) | Q(~held(RoleKind.CHAMPION, today)),
        "silent": silent(today),
    }


def held(kind: RoleKind, today: date) -> Exists:
    return Exists(PersonRole.objects.held_on(today).filter(account=OuterRef("pk"), kind=kind))


def silent(today: date) -> Q:
    """Nothing written down for a week, though the account has been in care that long."""
    since = today - timedelta(days=SILENT_DAYS)
    noted = Activity.objects.held().filter(account=OuterRef("pk"), on__gt=since, on__lte=today)
    return Q(stage__in=(Stage.LIVE, Stage.ONBOARDING), created_at__date__lte=since) & Q(~Exists(noted))
