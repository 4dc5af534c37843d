"""Pages by key: no row twice, none left out, both ways, ties included."""

from collections.abc import Iterator

import pytest
from django.db.models import QuerySet

from accounts.models import Account
from tenants.scope import tenant_scope
from tests import make
from tests.world import World
from ui.paging import keyset_page

ORDER = ("-fiscal_month", "name", "id")


@pytest.fixture
def accounts(world: World) -> Iterator[list[Account]]:
    """Eleven accounts of the tenant, with ties in the first key, in the order of the pages."""
    with tenant_scope(world.tenant()):
        for n in range(9):
            make.account(name=f"見本{n % 3}", fiscal_month=1 + n % 2)
        rows = Account.objects.filter(fiscal_month__isnull=False)
        yield list(rows.order_by(*ORDER))


def test_forward_gives_every_row_once(accounts: list[Account]) -> None:
    seen, after = [], None
    while True:
        page = keyset_page(shown(), order=ORDER, after=after, size=4)
        seen += page.rows
        after = page.after
        if after is None:
            break
    assert seen == accounts


def test_back_gives_the_page_before(accounts: list[Account]) -> None:
    first = keyset_page(shown(), order=ORDER, size=4)
    second = keyset_page(shown(), order=ORDER, after=first.after, size=4)
    assert first.before is None
    back = keyset_page(shown(), order=ORDER, before=second.before, size=4)
    assert back.rows == first.rows
    assert back.before is None
    assert keyset_page(shown(), order=ORDER, after=back.after, size=4).rows == second.rows


def test_a_row_that_comes_in_between_shifts_nothing(accounts: list[Account]) -> None:
    first = keyset_page(shown(), order=ORDER, size=4)
    make.account(name="ああ", fiscal_month=12)
    second = keyset_page(shown(), order=ORDER, after=first.after, size=4)
    assert second.rows == accounts[4:8]


@pytest.mark.parametrize("cursor", ["", "nonsense", "WyJhIl0:1tQ:zzz"])
def test_an_unreadable_cursor_starts_from_the_top(accounts: list[Account], cursor: str) -> None:
    assert keyset_page(shown(), order=ORDER, after=cursor, size=4).rows == accounts[:4]


def shown() -> QuerySet[Account]:
    return Account.objects.filter(fiscal_month__isnull=False)
