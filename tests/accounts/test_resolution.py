"""解像度 counted in SQL: the same cells as the page draws, the same figure wherever it is told."""

import random
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Account, Fact, Resolution
from accounts.models.fact import FactState
from accounts.sheet.counting import count_accounts, count_all
from accounts.sheet.editions import template_of
from accounts.sheet.reading import Sheet, sheet_of
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.api.conftest import Program
from tests.world import World


@pytest.fixture
def csm(world: World, sign_in: Any) -> Client:
    return sign_in(world.csm)


def told(sheet: Sheet) -> tuple[int, int, int]:
    old = sum(row.is_faded and not row.is_asked for row in sheet.rows)
    return sheet.known, sheet.total, old


def counted(account: Account) -> tuple[int, int, int]:
    found = Resolution.objects.get(account=account)
    return found.known, found.total, found.old


def scatter(account: Account, chance: random.Random, today: date) -> None:
    """Facts of every state and age on the account."""
    for key, field in template_of(account).by_key.items():
        if chance.random() < 0.4:
            continue
        value = "" if field.is_column or chance.random() < 0.3 else "1"
        as_of = today - timedelta(days=chance.choice((0, 300, 364, 365, 366, 367, 800)))
        Fact.objects.create(
            account=account,
            field_key=key,
            value=value,
            state=chance.choice(FactState.values),
            as_of=chance.choice((as_of, None)),
            noted_at=timezone.now() - timedelta(days=chance.choice((0, 365, 366, 500))),
        )


@pytest.mark.parametrize("seed", range(12))
def test_the_count_and_the_drawn_cells_agree(world: World, seed: int) -> None:
    chance, today = random.Random(seed), timezone.localdate()
    with tenant_scope(world.tenant()):
        account = make.account(
            tier=chance.choice(("", "low", "mid", "high")),
            is_listed=chance.choice((None, False, True)),
            employees=chance.choice((None, 0, 7)),
            csm=world.csm if chance.random() < 0.5 else None,
            created_at=timezone.now() - timedelta(days=chance.choice((0, 365, 366, 900))),
        )
        scatter(account, chance, today)
        count_accounts([account.pk])
        account = Account.objects.get(pk=account.pk)
        sheet = sheet_of(account)
        assert counted(account) == told(sheet)
        found = Resolution.objects.get(account=account)
        assert found.percent == sheet.percent
        assert found.operation_total + found.organisation_total == found.total
        assert found.operation_known + found.organisation_known == found.known


def test_a_new_account_is_counted_and_every_save_counts_again(csm: Client, world: World) -> None:
    with tenant_scope(world.tenant()):
        account = make.account(csm=world.csm, tier="high")
        before = Resolution.objects.get(account=account)
        assert before.total > before.known > 0
    url = f"/t/midori/edit/account/{account.pk}/"
    csm.post(url, {"field": "business", "value": "通販", "base": ""})
    csm.post(url, {"field": "dynamics", "value": "合議で決めてから動く", "base": ""})
    csm.post(f"/t/midori/accounts/{account.pk}/facts/industry/ask/")
    with tenant_scope(world.tenant()):
        after = Resolution.objects.get(account=account)
    assert (after.operation_known, after.organisation_known) == (before.operation_known + 1, before.organisation_known + 1)  # fmt: skip


def test_the_night_counts_what_grew_old(world: World) -> None:
    today = timezone.localdate()
    with tenant_scope(world.tenant()):
        account = make.account(tier="high")
        Fact.objects.create(
            account=account, field_key="business", value="通販", as_of=today, noted_at=timezone.now()
        )
        count_accounts([account.pk])
        known, total, _old = counted(account)
        count_all(today + timedelta(days=400))
        assert counted(account) == (known - 1, total, 1)


def test_the_same_figure_on_page_list_api_and_file(csm: Client, world: World) -> None:
    with tenant_scope(world.tenant()):
        account = world.account()
        count_accounts([account.pk])
        found = Resolution.objects.get(account=account)
    page = csm.get(f"/t/midori/accounts/{account.pk}/").content.decode()
    assert f'<b class="num">{found.percent}</b>%' in page
    assert f"{found.known} / {found.total}マス" in page
    listed = csm.get("/t/midori/accounts/?sort=resolution").content.decode()
    assert f">{found.percent}%</span>" in listed
    assert f"オペレーション {found.operation}%、組織 {found.organisation}%" in listed
    told = Program(world.csm)("GET", f"accounts/{account.pk}").json()["resolution"]
    assert (told["percent"], told["known"], told["total"]) == (found.percent, found.known, found.total)
    file = csm.get("/t/midori/accounts/export.csv")
    text = (b"".join(file.streaming_content) if file.streaming else file.content).decode("utf-8-sig")
    head, *rows = [line.split(",") for line in text.splitlines()]
    row = next(row for row in rows if row[0] == account.name)
    assert row[head.index("解像度(%)")] == str(found.percent)


def test_the_list_is_sorted_by_what_is_known_least(csm: Client, world: World) -> None:
    with tenant_scope(world.tenant()):
        blank = make.account(name="何も知らない商事", csm=world.csm, tier="high", fiscal_month=None)
        known = make.account(
            name="よく知る商事", csm=world.csm, industry="小売", employees=7, address="東京", tier="low"
        )
        count_all()
    html = csm.get("/t/midori/accounts/?sort=resolution").content.decode()
    assert html.index(str(blank.pk)) < html.index(str(known.pk))


def test_one_tenant_never_counts_for_another(world: World) -> None:
    with tenant_scope(world.tenant("aoba")):
        before = list(Resolution.objects.order_by("pk").values_list("pk", "version"))
    with tenant_scope(world.tenant()):
        count_all(timezone.localdate() + timedelta(days=4000))
    with tenant_scope(world.tenant("aoba")):
        assert list(Resolution.objects.order_by("pk").values_list("pk", "version")) == before


def test_a_bulk_change_of_the_csm_is_counted(world: World, sign_in: Any) -> None:
    with tenant_scope(world.tenant()):
        account = make.account(csm=None)
        before = Resolution.objects.get(account=account).known
    manager = sign_in(world.member(Role.MANAGER))
    manager.post("/t/midori/accounts/assign/", {"to": str(world.csm.pk), "account": [str(account.pk)]})
    with tenant_scope(world.tenant()):
        assert Resolution.objects.get(account=account).known == before + 1
