"""A database of its own with one vendor: accounts, three persons, two notes and a contract each, some with a plan.

Filled by statements over ``generate_series``, so that a million rows are made in a minute: as the app inside the
tenant's scope, while the owner holds the triggers still.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.core.management import call_command
from django.db import connection, connections, models
from psycopg2 import sql

SLUG, EMAIL = "bench", "manager@bench.example"
TODAY = date(2026, 11, 19)
RICH = 200
"""So many accounts have twenty notes and a plan: the account page is measured on them."""
WEEKS = 12

WORDS = ("東都", "北嶺", "みなも", "青葉", "光明", "陽和", "常葉", "千鳥", "桔梗", "白樺", "蒼天", "日ノ出", "北斗", "山城")  # fmt: skip
WORD = "(ARRAY['" + "', '".join(WORDS) + "'])[1 + abs(hashint4(n + {salt})) %% 14]"
TABLES = (
    "accounts_account, accounts_keyperson, accounts_personrole, accounts_contract, accounts_activity,"
    " accounts_activityperson, health_accountscore, health_scoreday"
)


@contextmanager
def database(accounts: int) -> Iterator[None]:
    """The bench database, migrated and filled, while the block runs."""
    _recreate()
    call_command("migrate", database="owner", verbosity=0)
    fill(accounts)
    try:
        yield
    finally:
        for alias in connections:
            connections[alias].close()
        _run_beside(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)"))


def name() -> str:
    """Beside the database that the environment names, so that two people may measure on one server."""
    return f"{urlsplit(os.environ['DATABASE_OWNER_URL']).path.lstrip('/')}_bench"


def owner() -> Any:
    """A connection of the role that owns the bench tables, committing at once: floors make tables of their own."""
    connection = psycopg2.connect(_owner_url(name()))
    connection.autocommit = True
    return connection


def backends() -> list[int]:
    """The processes of PostgreSQL that serve the bench database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        return [pid for (pid,) in cursor.fetchall()]


def within() -> Any:
    """The vendor's scope, to look at or copy its rows."""
    from tenants.models import Tenant
    from tenants.scope import tenant_scope

    return tenant_scope(Tenant.objects.get(slug=SLUG), actor="bench")


def _recreate() -> None:
    _run_beside(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)"), sql.SQL("CREATE DATABASE {}"))
    for alias in connections:
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name()


def _run_beside(*statements: Any) -> None:
    connection = psycopg2.connect(_owner_url())
    connection.autocommit = True
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement.format(sql.Identifier(name())))
    connection.close()


def _owner_url(name: str | None = None) -> str:
    parts = urlsplit(os.environ["DATABASE_OWNER_URL"].replace("postgres://", "postgresql://", 1))
    return urlunsplit(parts._replace(path=f"/{name}") if name else parts)


# Rows -----------------------------------------------------------------------------------------------------------


def fill(accounts: int) -> None:
    from tenants.models import Membership, Tenant, User
    from tenants.scope import tenant_scope

    tenant = Tenant.objects.create(slug=SLUG, name="ベンチ株式会社")
    user = User.objects.create(email=EMAIL, name="計測 花子")
    member = Membership.objects.create(tenant=tenant, user=user, role="manager")
    Membership.objects.create(
        tenant=tenant, user=User.objects.create(email="admin@bench.example", name="計測 太郎"), role="admin"
    )
    with still(), tenant_scope(tenant, member=member):
        _fill_accounts(accounts, member)
        _fill_people()
        _fill_notes(member)
        _fill_plans()


@contextmanager
def still() -> Iterator[None]:
    """No trigger runs meanwhile: what they would have kept is written by the statements themselves."""
    _as_owner(*(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in TABLES.split(", ")))
    yield
    _as_owner(*(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in TABLES.split(", ")), "VACUUM ANALYZE")


def _as_owner(*statements: str) -> None:
    connected = owner()
    with connected.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    connected.close()


def insert(model: type[models.Model], source: str, *params: Any, **columns: str) -> None:
    """``INSERT … SELECT`` with these expressions; every other column gets what the model gives a new row."""
    values: dict[str, str] = {}
    defaults: list[Any] = []
    for field in model._meta.local_concrete_fields:
        if field.attname in columns:
            values[field.column] = columns[field.attname]
        elif field.has_default() and not isinstance(field, models.GeneratedField) and field.attname != "id":
            values[field.column] = "%s"
            defaults.append(field.get_db_prep_save(field.get_default(), connection))
    heads = ", ".join(f'"{column}"' for column in values)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({heads}) SELECT {', '.join(values.values())} FROM {source}",
            [*defaults, *params],
        )


def _fill_accounts(count: int, member: Any) -> None:
    from accounts.models import Account, Contract

    chance = "abs(hashint4(n + {salt})) %% {of}"
    insert(
        Account, "generate_series(0, %s - 1) AS n", count,
        name=f"{WORD.format(salt=1)} || {WORD.format(salt=2)} || lpad(n::text, 6, '0') || '株式会社'",
        kana="'ケイソク' || lpad(n::text, 6, '0')",
        stage="'live'",
        stage_since=f"date '{TODAY}'",
        tier=f"(ARRAY['high', 'mid', 'low'])[1 + {chance.format(salt=3, of=3)}]",
        industry=WORD.format(salt=4),
        fiscal_month="1 + n %% 12",
        arr=f"(100 + {chance.format(salt=5, of=8900)}) * 10000",
        renews_on=f"date '{TODAY}' + {chance.format(salt=6, of=720)}",
        csm_id=f"'{member.pk}'::uuid",
        external_id="'B-' || n",
    )  # fmt: skip
    insert(Contract, "accounts_account", account_id="id", name="'契約'", renews_on="renews_on", amount="arr")


def _fill_people() -> None:
    """Three of each account, the first of them 部長; every second account knows who pushes the product."""
    from accounts.models import KeyPerson, PersonRole

    insert(
        KeyPerson,
        "(SELECT id, hashtext(external_id) %% 1000000 AS n FROM accounts_account) AS account, generate_series(1, 3) AS i",
        account_id="id",
        name=f"{WORD.format(salt='i')} || ' ' || (ARRAY['太郎', '花子', '次郎'])[i]",
        title="(ARRAY['部長', '課長', '主任'])[i]",
    )
    insert(
        PersonRole,
        "accounts_keyperson p JOIN accounts_account a ON a.id = p.account_id"
        " WHERE p.title = '部長' AND substr(a.external_id, 3)::int %% 2 = 0",
        account_id="p.account_id",
        person_id="p.id",
        kind="'champion'",
    )


def _fill_notes(member: Any) -> None:
    from accounts.models import Activity

    insert(
        Activity,
        "accounts_account, generate_series(1, CASE WHEN substr(external_id, 3)::int < %s THEN 20 ELSE 2 END) AS n",
        RICH,
        account_id="id",
        title="'定例の打ち合わせ'",
        on=f"date '{TODAY}' - abs(hashtext(external_id || n)) %% 90",
        written_by_id=f"'{member.pk}'::uuid",
    )


def _fill_plans() -> None:
    from accounts.models import Account
    from success_plans.models import ActionItem, Criterion, Objective, SuccessPlan

    starts_on, ends_on = date(2026, 10, 1), date(2027, 3, 31)
    for account in Account.objects.filter(external_id__in=[f"B-{n}" for n in range(RICH)]):
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


def live_on(today: date, activities: int = 0) -> None:
    """What a tenant in use has besides: scores of twelve weeks for every account, and more notes if asked for."""
    from accounts.models import Account, Activity
    from health.models import AccountScore, ScoreDay
    from tenants.models import Membership
    from tenants.scope import current_tenant

    score = "40 + abs(hashtext(external_id || {week})) %% 55"
    band = f"CASE WHEN {score} < 50 THEN 'risk' WHEN {score} < 70 THEN 'caution' ELSE 'good' END"
    with still(), within():
        member = Membership.objects.in_tenant(current_tenant()).order_by("pk")[0]
        accounts = Account.objects.count()
        insert(
            AccountScore, "accounts_account", account_id="id", since=f"date '{today}'",
            score=score.format(week="0"), band=band.format(week="0"),
        )  # fmt: skip
        insert(
            ScoreDay, "accounts_account, generate_series(0, %s - 1) AS n", WEEKS, account_id="id",
            on=f"date '{today}' - 7 * n", score=score.format(week="n"), band=band.format(week="n"),
        )  # fmt: skip
        if activities:
            insert(
                Activity,
                "generate_series(1, %s) AS n JOIN accounts_account ON external_id = 'B-' || n %% %s",
                activities,
                accounts,
                account_id="accounts_account.id",
                title="'近況 ' || n",
                on=f"date '{today - timedelta(90)}' - n %% 1500",
                written_by_id=f"'{member.pk}'::uuid",
            )
