from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from success_plans.models import ActionItem, Criterion, Objective, SuccessPlan
from tenants.scope import tenant_scope
from tests import make
from tests.world import TODAY, World

STARTS, ENDS = date(2026, 10, 1), date(2027, 3, 31)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    """Thursday noon in Tokyo, the day of the named world."""
    with time_machine.travel(f"{TODAY}T12:00:00+09:00", tick=True):
        yield


@pytest.fixture
def plan(world: World) -> SuccessPlan:
    """An active plan of 鈴木's account with one objective, one criterion (lower is better) and one action."""
    with tenant_scope(world.tenant(), actor="test"):
        account = world.account()
        found = make.row(
            SuccessPlan, account, title="2026年度下期", state="active", starts_on=STARTS, ends_on=ENDS
        )
        objective = make.row(
            Objective, account, plan=found, statement="入電を月31,500件へ減らす", why="応対コスト"
        )
        make.row(
            Criterion, account, objective=objective, metric="入電数", direction="down", unit="件",
            baseline=42_000, actual=38_640, target=31_500, due_on=ENDS, method="CTI月報", review_on=date(2026, 12, 8),
        )  # fmt: skip
        make.row(
            ActionItem,
            account,
            plan=found,
            objective=objective,
            text="シナリオを12本に広げる",
            due_on=date(2026, 10, 31),
        )
    return found


@pytest.fixture
def within(world: World) -> Any:
    """``with within():`` the scope of midori, to look at rows."""
    return lambda: tenant_scope(world.tenant(), actor="test")


@pytest.fixture
def suzuki(world: World, sign_in: Any) -> "Browser":
    return Browser(sign_in(world.csm))


class Browser:
    """A signed-in client whose paths start below the tenant."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def get(self, path: str, **kwargs: Any) -> Any:
        return self.client.get(f"/t/midori/{path}", **kwargs)

    def post(self, path: str, data: Any = None, **kwargs: Any) -> Any:
        return self.client.post(f"/t/midori/{path}", data or {}, **kwargs)
