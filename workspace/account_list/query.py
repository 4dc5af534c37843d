"""What a person asked the account list for: read from the address, applied to accounts, written back."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict

from accounts.models import Account
from accounts.models.account import AccountQuerySet, Stage, Tier
from tenants.ids import id_in
from tenants.models import Membership
from ui.searching import searched
from workspace.account_list import tabs
from workspace.account_list.health import in_bands
from workspace.account_list.orders import BUDGET, ORDERS, Order
from workspace.account_list.tabs import Tab

UNKNOWN = "unknown"
NOBODY = "nobody"


@dataclass(frozen=True)
class ListQuery:
    """View, filters and order. Values that mean nothing are dropped when reading, so old addresses keep working."""

    tab: Tab
    text: str = ""
    months: tuple[str, ...] = ()
    bands: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    csms: tuple[str, ...] = ()
    sort: str = BUDGET

    FIELDS = {
        "month": "months",
        "band": "bands",
        "industry": "industries",
        "tier": "tiers",
        "stage": "stages",
        "csm": "csms",
    }

    @classmethod
    def read(cls, params: QueryDict, member: Membership) -> Self:
        """From the parameters of an address (``view``, ``q``, ``month`` …, ``sort``)."""
        allowed = {tab.key: tab for tab in tabs.tabs_for(member)}
        sort = params.get("sort", "")
        return cls(
            tab=allowed.get(params.get("view", ""), tabs.first_tab(member)),
            text=searched(params),
            months=chosen(params.getlist("month"), [*map(str, range(1, 13)), UNKNOWN]),
            bands=chosen(params.getlist("band"), ["good", "caution", "risk", "none"]),
            industries=tuple(value[:80] for value in params.getlist("industry")[:20] if "\x00" not in value),
            tiers=chosen(params.getlist("tier"), Tier.values),
            stages=chosen(params.getlist("stage"), Stage.values),
            csms=tuple(value for value in params.getlist("csm")[:50] if value == NOBODY or id_in(value)),
            sort=sort if sort in ORDERS else BUDGET,
        )

    @classmethod
    def of(cls, text: str, member: Membership) -> Self:
        """From a query string, as saved views and the command line keep it."""
        return cls.read(QueryDict(text), member)

    @property
    def order(self) -> Order:
        return ORDERS[self.sort]

    @property
    def is_filtered(self) -> bool:
        return bool(self.text) or any(getattr(self, name) for name in self.FIELDS.values())

    def address(self, **changes: Any) -> str:
        """The query string, without what is usual."""
        query = replace(self, **changes) if changes else self
        pairs: list[tuple[str, str]] = [("view", query.tab.key)]
        pairs += [("q", query.text)] if query.text else []
        pairs += [(param, value) for param, name in self.FIELDS.items() for value in getattr(query, name)]
        pairs += [("sort", query.sort)] if query.sort != BUDGET else []
        return urlencode(pairs)

    def apply(self, member: Membership, today: date) -> QuerySet[Any]:
        """The accounts asked for, in no order."""
        rows = self.apart_from_text(member, today)
        return rows.matching(self.text) if self.text else rows

    def apart_from_text(self, member: Membership, today: date) -> AccountQuerySet:
        rows = Account.objects.visible_to(member) if self.tab.whole_team else tabs.own_accounts(member)
        if self.tab.flag:
            rows = rows.filter(tabs.conditions(today)[self.tab.flag])
        rows = rows.filter(stage__in=self.stages) if self.stages else rows.not_archived()
        return rows.filter(self.filters())

    def filters(self) -> Q:
        found = Q()
        if self.months:
            found &= one_of(
                "fiscal_month", [int(m) for m in self.months if m != UNKNOWN], UNKNOWN in self.months
            )
        if self.csms:
            found &= one_of("csm", [csm for csm in self.csms if csm != NOBODY], NOBODY in self.csms)
        if self.industries:
            found &= Q(industry__in=self.industries)
        if self.bands:
            found &= in_bands(self.bands)
        if self.tiers:
            found &= Q(tier__in=self.tiers)
        return found


def one_of(field: str, values: list[Any], or_none: bool) -> Q:
    some = Q(**{f"{field}__in": values}) if values else Q(pk__in=[])
    return some | Q(**{f"{field}__isnull": True}) if or_none else some


def chosen(values: Iterable[str], allowed: Iterable[str]) -> tuple[str, ...]:
    wanted = set(values)
    return tuple(value for value in allowed if value in wanted)
