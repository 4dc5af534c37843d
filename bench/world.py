"""A database of its own with one vendor: accounts, three persons, two notes and a contract each, some with a plan."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import psycopg2
from django.core.management import call_command
from django.db import connections
from psycopg2 import sql

NAME = "masume_bench"
SLUG, EMAIL = "bench", "manager@bench.example"
TODAY = date(2026, 11, 19)
CHUNK = 2_000
RICH = 200
"""So many accounts have twenty notes and a plan: the account page is measured on them."""


@contextmanager
def database(accounts: int) -> Iterator[None]:
    """The bench database, migrated and filled, while the block runs."""
    _recreate()
    call_command("migrate", database="owner", verbosity=0)
    fill(accounts)
    with owner() as connection, connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    try:
        yield
    finally:
        for alias in connections:
            connections[alias].close()
        _run_beside(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)"))


def owner() -> Any:
    """A connection of the role that owns the bench tables, committing at once: floors make tables of their own."""
    connection = psycopg2.connect(_owner_url(NAME))
    connection.autocommit = True
    return connection


def within() -> Any:
    """The vendor's scope, to look at or copy its rows."""
    from tenants.models import Tenant
    from tenants.scope import tenant_scope

    return tenant_scope(Tenant.objects.get(slug=SLUG), actor="bench")


def _recreate() -> None:
    _run_beside(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)"), sql.SQL("CREATE DATABASE {}"))
    for alias in connections:
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = NAME


def _run_beside(*statements: Any) -> None:
    connection = psycopg2.connect(_owner_url())
    connection.autocommit = True
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement.format(sql.Identifier(NAME)))
    connection.close()


def _owner_url(name: str | None = None) -> str:
    parts = urlsplit(os.environ["DATABASE_OWNER_URL"].replace("postgres://", "postgresql://", 1))
    return urlunsplit(parts._replace(path=f"/{name}") if name else parts)


def fill(accounts: int) -> None:
    from tenants.models import Membership, Tenant, User
    from tenants.scope import tenant_scope

    tenant = Tenant.objects.create(slug=SLUG, name="ベンチ株式会社")
    user = User.objects.create(email=EMAIL, name="計測 花子")
    member = Membership.objects.create(tenant=tenant, user=user, role="manager")
    Membership.objects.create(
        tenant=tenant, user=User.objects.create(email="admin@bench.example", name="計測 太郎"), role="admin"
    )
    for first in range(0, accounts, CHUNK):
        with tenant_scope(tenant, member=member):
            _fill_some(range(first, min(first + CHUNK, accounts)), member)


def _fill_some(numbers: range, member: Any) -> None:
    from accounts.models import Account, Activity, Contract, KeyPerson, PersonRole

    dice = Random(numbers.start)
    made = Account.objects.bulk_create(
        Account(
            id=next(KEYS), name=f"{dice.choice(WORDS)}{dice.choice(WORDS)}{n:06}株式会社", kana=f"ケイソク{n:06}", stage="live",
            tier=dice.choice(("high", "mid", "low")), industry=dice.choice(WORDS), fiscal_month=1 + n % 12,
            arr=dice.randrange(100, 9_000) * 10_000, csm=member, external_id=f"B-{n}", stage_since=TODAY,
        )
        for n in numbers
    )  # fmt: skip
    people = KeyPerson.objects.bulk_create(
        KeyPerson(id=next(KEYS), account=account, name=f"{dice.choice(WORDS)} 太郎", title="部長")
        for account in made
        for _i in range(3)
    )
    PersonRole.objects.bulk_create(
        PersonRole(account_id=person.account_id, person=person, kind="champion") for person in people[::6]
    )
    Contract.objects.bulk_create(
        Contract(
            account=account, name="契約", renews_on=TODAY + timedelta(dice.randrange(720)), amount=account.arr
        )
        for account in made
    )
    notes = [
        (account, i) for n, account in zip(numbers, made, strict=True) for i in range(20 if n < RICH else 2)
    ]
    Activity.objects.bulk_create(
        Activity(
            account=account,
            title="定例の打ち合わせ",
            on=TODAY - timedelta(dice.randrange(90)),
            written_by=member,
        )
        for account, _i in notes
    )
    _fill_plans(made[:RICH])


def _fill_plans(accounts: list[Any]) -> None:
    from success_plans.models import ActionItem, Criterion, Objective, SuccessPlan

    starts_on, ends_on = date(2026, 10, 1), date(2027, 3, 31)
    for account in accounts:
        plan = SuccessPlan.objects.create(
            account=account, title="2026年度下期", state="active", starts_on=starts_on, ends_on=ends_on
        )
        for position in (1, 2, 3):
            objective = Objective.objects.create(
                account=account, plan=plan, position=position, statement="入電を減らす", why="応対コスト"
            )
            Criterion.objects.create(
                account=account, objective=objective, metric="入電数", direction="down", unit="件", baseline=42_000,
                actual=38_600, target=31_500, due_on=ends_on, method="CTI月報", review_on=date(2026, 12, 8),
            )  # fmt: skip
            ActionItem.objects.bulk_create(
                ActionItem(
                    account=account,
                    plan=plan,
                    objective=objective,
                    position=n,
                    text="回答を用意する",
                    due_on=ends_on,
                )
                for n in range(3)
            )


KEYS = (UUID(int=n) for n in count(1 << 80))
WORDS = (
    "東都",
    "北嶺",
    "みなも",
    "青葉",
    "光明",
    "陽和",
    "常葉",
    "千鳥",
    "桔梗",
    "白樺",
    "蒼天",
    "日ノ出",
    "北斗",
    "山城",
)
