"""The orders of the account list, and pages of them that cost the same at any depth.

An order is a sequence of legs: the budget seasons one after the other, then whatever has no value. Within a leg no
sort field is null and one index that begins with the tenant gives the rows, so a page reads its fifty rows and no more.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core import signing
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.fiscal import SEASON_FIRST, SEASON_LAST
from accounts.models import Resolution
from health.models import AccountScore, Band
from workspace.reading import Part, read_at_once

SALT = "workspace.account_list"


@dataclass(frozen=True)
class Leg:
    """Accounts ``within`` a condition, in the order of ``fields``; the last one is unique, nulls stand at the end."""

    within: Q
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Order:
    key: str
    label: Any
    legs: Callable[[date], list[Leg]]


@dataclass(frozen=True)
class Keys:
    """The primary keys of one page in order, each with the number of its leg; is there more on either side?"""

    found: list[tuple[int, Any]]
    has_before: bool
    has_after: bool


# The orders ---------------------------------------------------------------------------------------------------


def months_by_season(today: date) -> list[list[int]]:
    """Closing months by phase: budget being drafted, being settled, still to come; the nearest closing first."""

    def months(until_closing: range) -> list[int]:
        return [(today.month - 1 + distance) % 12 + 1 for distance in until_closing]

    season, settling = range(SEASON_LAST, SEASON_FIRST + 1), range(SEASON_LAST)
    return [months(season), months(settling), months(range(SEASON_FIRST + 1, 12))]


def budget_legs(today: date) -> list[Leg]:
    """One leg for each run of months within a calendar year, so that the index is read forwards without sorting."""
    known = [
        Leg(Q(fiscal_month__range=(run[0], run[-1])), ("fiscal_month", "renews_on", "pk"))
        for months in months_by_season(today)
        for run in runs(months)
    ]
    return [*known, Leg(Q(fiscal_month__isnull=True), ("renews_on", "pk"))]


def runs(months: Sequence[int]) -> list[list[int]]:
    """Months cut where the year turns: [11, 12, 1] is [11, 12] and [1]."""
    turn = next((i for i in range(1, len(months)) if months[i] < months[i - 1]), len(months))
    return [run for run in (list(months[:turn]), list(months[turn:])) if run]


def health_legs(today: date) -> list[Leg]:
    """One leg per band, so that the index of scores by band is read; then whoever has no score."""
    measured = [
        Leg(Q(scores__tenant=F("tenant"), scores__band=band), ("scores__score", "pk"))
        for band in (Band.RISK, Band.CAUTION, Band.GOOD)
    ]
    scored = AccountScore.objects.filter(account=OuterRef("pk")).exclude(band=Band.NONE)
    return [*measured, Leg(Q(~Exists(scored)), ("name", "pk"))]


def resolution_legs(today: date) -> list[Leg]:
    """Whom the team knows least of first; then whoever was not counted yet."""
    counted = Resolution.objects.filter(account=OuterRef("pk"))
    return [
        Leg(Q(resolutions__tenant=F("tenant")), ("resolutions__percent", "pk")),
        Leg(Q(~Exists(counted)), ("name", "pk")),
    ]


BUDGET = "budget"
ORDERS = {
    order.key: order
    for order in (
        Order(BUDGET, _("予算期 → 更新日"), budget_legs),
        Order("health", _("ヘルスが低い順"), health_legs),
        Order("renewal", _("更新日が近い順"), lambda today: [Leg(Q(), ("renews_on", "pk"))]),
        Order(
            "arr",
            _("ARRが大きい順"),
            lambda today: [
                Leg(Q(arr__isnull=False), ("-arr", "-pk")),
                Leg(Q(arr__isnull=True), ("name", "pk")),
            ],
        ),
        Order("resolution", _("解像度が低い順"), resolution_legs),
        Order(
            "name",
            _("よみの順"),
            lambda today: [Leg(~Q(kana=""), ("kana", "pk")), Leg(Q(kana=""), ("name", "pk"))],
        ),
    )
}


# Pages --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Paging:
    """Where a page begins and which way it goes; ``after`` or ``before`` is a cursor that ``cursor_of`` wrote."""

    legs: Sequence[Leg]
    after: str = ""
    before: str = ""
    size: int = 50

    def part(self, rows: QuerySet[Any]) -> Part:
        """For ``read_at_once``: the keys of the page, and one more to see whether there is one."""
        return keys_in(rows, self.stretches(), self.size + 1)

    def stretches(self) -> list["Stretch"]:
        """What follows the place: the rest of its leg, then the legs after it."""
        back, position = bool(self.before), read_cursor(self.before or self.after, self.legs)
        numbered = list(enumerate(self.legs))
        found: list[Stretch] = []
        for number, leg in reversed(numbered) if back else numbered:
            fields = tuple(turned(name) for name in leg.fields) if back else leg.fields
            if position is None or (number < position[0] if back else number > position[0]):
                found.append((number, leg.within, fields))
            elif number == position[0]:
                beyond = conditions_beyond(fields, position[1])
                found += [(number, leg.within & condition, fields) for condition in beyond]
        return found

    def keys(self, read: Sequence[Sequence[str]]) -> Keys:
        """The page, from what ``part`` gave."""
        back, elsewhere = bool(self.before), bool(read_cursor(self.before or self.after, self.legs))
        found = in_order(self.stretches(), read)
        more, found = len(found) > self.size, found[: self.size]
        if back:
            found.reverse()
        return Keys(found, more if back else elsewhere, elsewhere if back else more)


Stretch = tuple[int, Q, tuple[str, ...]]
"""The number of a leg, which of its accounts, and their order."""


def every_key(rows: QuerySet[Any], legs: Sequence[Leg]) -> list[tuple[int, UUID]]:
    """All keys in order, for files."""
    stretches = Paging(legs).stretches()
    return in_order(stretches, read_at_once(keys=keys_in(rows, stretches, None))["keys"])


def in_order(stretches: Sequence[Stretch], read: Sequence[Sequence[str]]) -> list[tuple[int, UUID]]:
    return [
        (number, UUID(key))
        for (number, _condition, _fields), keys in zip(stretches, read, strict=True)
        for key in keys
    ]


def keys_in(rows: QuerySet[Any], stretches: Sequence[Stretch], limit: int | None) -> Part:
    """The keys of each stretch in its own order, up to ``limit`` of all: one that has no room left reads nothing."""
    read: list[str] = []
    params: list[Any] = []
    for place, (_number, condition, fields) in enumerate(stretches):
        sql, values = (
            rows.filter(condition).order_by(*fields).values_list("pk")[:limit].query.sql_with_params()
        )
        taken = "".join(f" - (SELECT cardinality(keys) FROM s{earlier})" for earlier in range(place))
        room = f" LIMIT {limit}{taken}" if limit is not None else ""
        read.append(f"s{place} AS MATERIALIZED (SELECT array(SELECT * FROM ({sql}) AS near{room}) AS keys)")
        params += values
    if not read:
        return Part("'[]'::json", ())
    keys = ", ".join(f"(SELECT keys FROM s{place})" for place in range(len(read)))
    return Part(f"(WITH {', '.join(read)} SELECT json_build_array({keys}))", tuple(params))


def conditions_beyond(fields: Sequence[str], values: Sequence[Any]) -> list[Q]:
    """What follows ``values``, nearest first, as ranges an index can start at: same first field and a later second,
    then a later first field. PostgreSQL puts nulls last ascending and first descending."""
    found = []
    for last in reversed(range(len(fields))):
        same = Q()
        for name, value in zip(fields[:last], values[:last], strict=True):
            same &= is_same(name.lstrip("-"), value)
        found += [same & later for later in later_than(fields[last], values[last])]
    return found


def is_same(name: str, value: Any) -> Q:
    return Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})


def later_than(field: str, value: Any) -> list[Q]:
    name = field.lstrip("-")
    if field.startswith("-"):
        return [Q(**{f"{name}__isnull": False})] if value is None else [Q(**{f"{name}__lt": value})]
    if value is None:
        return []
    nulls = [Q(**{f"{name}__isnull": True})] if name in NULLABLE else []
    return [Q(**{f"{name}__gt": value}), *nulls]


NULLABLE = {"renews_on"}


def turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def cursor_of(leg: int, fields: Sequence[str], row: dict[str, Any]) -> str:
    """Where a row stands, signed, to be given back as ``after`` or ``before``."""
    values = [row[name.lstrip("-")] for name in fields]
    return signing.dumps([leg, json.loads(json.dumps(values, cls=DjangoJSONEncoder))], salt=SALT)


def read_cursor(cursor: str, legs: Sequence[Leg]) -> tuple[int, list[Any]] | None:
    """Leg and values; None for no cursor, a forged one, or one of another order."""
    try:
        leg, values = signing.loads(cursor, salt=SALT)
    except signing.BadSignature:
        return None
    return (leg, values) if leg < len(legs) and len(values) == len(legs[leg].fields) else None
