"""One customer of whom everything is known, in a tenant of 10,000 accounts and a million records: what its pages cost."""

from datetime import date, timedelta
from itertools import product
from typing import Any

from django.utils import timezone

from bench import pages, world
from bench.figures import Figure
from bench.growth import MANY_NOTES
from bench.load import Ask

ACCOUNTS = 10_000
YEARS, PERSONS, FACTS, RECORDS = 10, 60, 200, 2_000
GOAL, STATEMENTS = 3, 18


def measure(rounds: int) -> list[Figure]:
    """The account page beside the floor's page of the same account, and the tabs that hold most of it."""
    with world.database(ACCOUNTS):
        account = fill()
        with pages.both_sides(MANY_NOTES) as sides:
            asked = list(pages_of(account))
            counted = pages.statements([page.ours for page in asked], sides)
            return [
                figure
                for page, count in zip(asked, counted, strict=True)
                for figure in pages.beside(page, sides, rounds, 1, count)
            ]


def pages_of(account: Any) -> list[pages.Page]:
    least = pages.always(Ask(f"/accounts/{account}/", holds="定例の打ち合わせ"))
    at = f"{pages.MOUNT}/accounts/{account}/"

    def page(name: str, path: str, goal: float = 0, statements: int = 0) -> pages.Page:
        return pages.Page(name, pages.always(Ask(at + path, holds="</html>")), least, goal, statements)

    return [
        page("a full account page", "", GOAL, STATEMENTS),
        page("its timeline", "timeline/"),
        page("its persons", "persons/"),
        page("its figures", "financials/"),
        page("its blanks", "blanks/"),
    ]


def fill() -> Any:
    """The key of the account that gets it all."""
    from accounts.models import Account
    from tenants.models import Membership
    from tenants.scope import current_tenant

    with world.within():
        account = Account.objects.get(external_id="B-0")
        fill_facts(account)
        fill_figures(account)
        fill_persons(account)
        fill_records(account, Membership.objects.in_tenant(current_tenant()).order_by("pk")[0])
        return account.pk


def fill_facts(account: Any) -> None:
    """Of the whole customer and of as many of its units as it takes."""
    from accounts.models import BusinessUnit, Fact
    from accounts.sheet.standard import standard_keys

    keys = standard_keys()
    units = [None, *(BusinessUnit.objects.create(account=account, name=f"事業部{n}") for n in range(FACTS // len(keys)))]  # fmt: skip
    Fact.objects.bulk_create(
        Fact(account=account, unit=unit, field_key=key, value="聞いた答え", source="面談", noted_at=timezone.now())
        for unit, key in list(product(units, keys))[:FACTS]
    )  # fmt: skip


def fill_figures(account: Any) -> None:
    from accounts.financials.lines import LINES
    from accounts.models import FinancialFigure, FinancialPeriod

    ends = [date(world.TODAY.year - year, 3, 31) for year in range(YEARS)]
    for end, quarter in product(ends, (None, 1, 2, 3)):
        period = FinancialPeriod.objects.create(account=account, ends_on=end, quarter=quarter)
        FinancialFigure.objects.bulk_create(
            FinancialFigure(
                account=account, financial_period=period, line=line.key, amount=10**10 + n, state="known"
            )
            for n, line in enumerate(LINES)
        )


def fill_persons(account: Any) -> None:
    from accounts.models import KeyPerson

    KeyPerson.objects.bulk_create(
        KeyPerson(account=account, name=f"青葉 {n}", title="課長") for n in range(PERSONS)
    )


def fill_records(account: Any, member: Any) -> None:
    from accounts.models import Activity

    Activity.objects.bulk_create(
        Activity(
            account=account, title="定例の打ち合わせ", on=world.TODAY - timedelta(days=n), written_by=member
        )
        for n in range(RECORDS)
    )
