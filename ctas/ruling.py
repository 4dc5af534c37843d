"""The rules as the settings page shows and changes them: sentences with values, where each comes from, what if."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.db.models.functions import TruncWeek
from django.utils.translation import gettext as _

from accounts.models import Account
from accounts.models.account import Tier
from ctas import firing
from ctas.assigning import People
from ctas.models import Cta, Level, Mode, RuleSetting
from ctas.models.cta import OPEN
from ctas.options import MODE, MODE_OPTION, Option
from ctas.registry import Rule
from tenants.models import Membership
from tenants.scope import current_member

PAST = timedelta(days=90)
NAMED = 3
MARKS = {Level.TENANT: "tenant", Level.TIER: "tier", Level.ACCOUNT: "acct"}


@dataclass(frozen=True)
class Part:
    """A piece of a rule's sentence: words, or a value with its option and the levels it is set on."""

    text: str
    option: Option | None = None
    level: Level = Level.TENANT

    @property
    def mark(self) -> str:
        return MARKS[self.level]


@dataclass(frozen=True)
class Line:
    """One rule of the list."""

    rule: Rule
    mode: str
    parts: list[Part]
    open_now: int
    opened_lately: int
    would_open: int | None

    @property
    def modes(self) -> list[tuple[str, Any, bool]]:
        return [(key, label, key == self.mode) for key, label in Mode.choices]


def lines(rules: list[Rule], today: date) -> list[Line]:
    counts = counted(today)
    found = []
    for rule in rules:
        values = rule.values()
        now, lately = counts.get(rule.code, (0, 0))
        trial = would_open(rule, today) if values.tenant[MODE] == Mode.DRY_RUN else None
        found.append(Line(rule, values.tenant[MODE], sentence(rule), now, lately, trial))
    return found


def counted(today: date) -> dict[str, tuple[int, int]]:
    """Per rule: open now, and opened within the last 90 days."""
    rows = Cta.objects.order_by().values("rule").annotate(
        now=Count("pk", filter=Q(status__in=OPEN)), lately=Count("pk", filter=Q(opened_on__gt=today - PAST))
    )  # fmt: skip
    return {row["rule"]: (row["now"], row["lately"]) for row in rows}


def sentence(rule: Rule) -> list[Part]:
    """The rule's sentence, its values written in; a value with exceptions carries the nearest level's mark."""
    values = rule.values()
    options = {option.key: option for option in rule.options}
    parts = []
    for piece in re.split(r"(\{\w+\})", str(rule.sentence)):
        option = options.get(piece.strip("{}")) if piece.startswith("{") else None
        if option is None:
            parts.append(Part(piece))
            continue
        level = (
            Level.ACCOUNT
            if option.key in values.with_accounts
            else Level.TIER if option.key in values.tiers else Level.TENANT
        )  # fmt: skip
        parts.append(Part(option.show(values.tenant[option.key]), option, level))
    return [part for part in parts if part.text]


@dataclass(frozen=True)
class Preview:
    """What tomorrow's run would do with changed values, and for whom."""

    opens: int
    closes: int
    asks: int
    opens_for: list[str]
    closes_for: list[str]
    by_person: list[tuple[str, int]]

    @property
    def more_open(self) -> int:
        return self.opens - len(self.opens_for)

    @property
    def more_close(self) -> int:
        return self.closes - len(self.closes_for)


def preview(rule: Rule, laid_over: dict[str, str], today: date) -> Preview:
    values = rule.values(laid_over)
    fresh = [firing.fresh(rule, matching) for matching in firing.matches(rule, today, values)]
    owner = People(today).of_account()
    rows = [
        row for found in fresh for row in found.annotate(to=owner).order_by("name").values_list("name", "to")
    ]
    gone = list(
        firing.without_reason(rule, today, values).select_related("account").order_by("account__name")
        if values.tenant[MODE] == Mode.ON
        else Cta.objects.none()
    )
    closing = [cta for cta in gone if not (cta.status == "doing" or cta.is_flagged)]
    return Preview(
        opens=len(rows),
        closes=len(closing),
        asks=len(gone) - len(closing),
        opens_for=[name for name, _to in rows[:NAMED]],
        closes_for=[cta.account.name for cta in closing[:NAMED]],
        by_person=per_person(Counter(to for _name, to in rows)),
    )


def per_person(counts: Counter[UUID]) -> list[tuple[str, int]]:
    members = Membership.objects.filter(pk__in=[pk for pk in counts if pk]).select_related("user")
    return sorted(((member.name, counts[member.pk]) for member in members), key=lambda one: -one[1])


def would_open(rule: Rule, today: date) -> int:
    """How many a rule on trial would open."""
    trial = firing.matches(rule, today, rule.values(), mode=Mode.DRY_RUN)
    return sum(firing.fresh(rule, matching).count() for matching in trial)


@dataclass(frozen=True)
class Week:
    begins: date
    count: int
    height: int


def past_weeks(rule: Rule, today: date) -> list[Week]:
    """How many CTAs the rule opened in each of the last thirteen weeks; heights in percent of the highest."""
    this_week = today - timedelta(days=today.weekday())
    begins = [this_week - timedelta(weeks=n) for n in range(12, -1, -1)]
    opened = Cta.objects.filter(rule=rule.code, opened_on__gte=begins[0], opened_on__lte=today).order_by()
    counts = dict(opened.annotate(week=TruncWeek("opened_on")).values_list("week").annotate(n=Count("pk")))
    highest = max(counts.values(), default=0) or 1
    return [Week(day, counts.get(day, 0), 100 * counts.get(day, 0) // highest) for day in begins]


@dataclass(frozen=True)
class Source:
    """One value of one option at one level: whose, what, and who set it when."""

    level: Level
    name: str
    value: str
    by: str
    on: date | None
    tier: str = ""
    account: UUID | None = None

    @property
    def mark(self) -> str:
        return MARKS[self.level]


def sources(rule: Rule, option: Option) -> list[Source]:
    """The tenant's value, each tier's (its own or the tenant's), and the accounts with one of their own."""
    rows = list(
        RuleSetting.objects.filter(rule=rule.code, key=option.key)
        .select_related("author__user", "account")
        .order_by("account__kana", "account__name")
    )
    own = {row.tier: row for row in rows if not row.account_id}
    tenant = own.get("")
    found = [source(Level.TENANT, _("全社"), option, tenant, str(option.default))]
    for tier, label in Tier.choices:
        if tier in own:
            found.append(source(Level.TIER, str(label), option, own[tier], "", tier=tier))
        else:
            found.append(Source(Level.TIER, str(label), "", "", None, tier=tier))
    found += [
        source(Level.ACCOUNT, row.account.name, option, row, "", account=row.account_id)
        for row in rows
        if row.account_id
    ]
    return found


def source(
    level: Level, name: str, option: Option, row: RuleSetting | None, default: str, **key: Any
) -> Source:
    value = option.show(row.value if row else default)
    return Source(
        level, name, value, str(row.author) if row and row.author else "", row.set_on if row else None, **key
    )


def option_of(rule: Rule, key: str) -> Option | None:
    return next((option for option in (*rule.options, MODE_OPTION) if option.key == key), None)


def put(
    rule: Rule, key: str, value: str, today: date, *, tier: str = "", account: Account | None = None
) -> str:
    """Set one value at one level, or with an empty one let the level follow; gives what was there before."""
    here = RuleSetting.objects.filter(rule=rule.code, key=key, tier=tier, account=account)
    before = here.values_list("value", flat=True).first() or ""
    if not value:
        here.delete()
    else:
        RuleSetting.objects.update_or_create(
            rule=rule.code, key=key, tier=tier, account=account,
            defaults={"value": value, "author": current_member(), "set_on": today},
        )  # fmt: skip
    return before
