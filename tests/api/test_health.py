"""Health through the API: what stands, why, and day by day; read only."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Activity
from health import scoring
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.world import World


@pytest.fixture
def scored(world: World) -> None:
    """Two nights, four weeks apart; a meeting just before the first."""
    today = timezone.localdate()
    with tenant_scope(world.tenant(), actor="job:night"):
        on = today - timedelta(days=33)
        make.row(Activity, world.account(), on=on, title="役員と昼食", kind="meeting", state="held")
        scoring.score_all(today - timedelta(days=28))
        scoring.score_all(today)


@pytest.fixture
def csm(world: World, program: Any, scored: None) -> Any:
    return program(world.csm)


def test_a_score_says_since_when_and_how_it_moved(world: World, csm: Any) -> None:
    (row,) = csm("GET", f"scores?account={world.account_id()}").json()["results"]
    today = timezone.localdate()
    assert (row["as_of"], row["change"]) == (f"{today}", row["score"] - row["before"])
    assert row["change"] < 0 and row["parts"].keys() > {"engagement"} or row["parts"]
    assert "reasons" not in row, "a list does not ask for the reasons of each row"


def test_one_score_gives_the_reasons_of_the_page(world: World, csm: Any, sign_in: Any) -> None:
    (row,) = csm("GET", f"scores?account={world.account_id()}").json()["results"]
    one = csm("GET", f"scores/{row['id']}").json()
    assert {line["code"] for line in one["reasons"]} == one["parts"].keys()
    assert round(sum(line["contribution"] for line in one["reasons"])) == one["score"]
    page = sign_in(world.csm).get(f"/t/midori/accounts/{world.account_id()}/health/").content.decode()
    for line in one["reasons"]:
        assert line["text"] in page and line["label"] in page, line


def test_days_are_read_from_one_day_to_another(world: World, csm: Any) -> None:
    today = timezone.localdate()
    all_days = csm("GET", f"score-days?account={world.account_id()}").json()["results"]
    assert [day["on"] for day in all_days] == [f"{today - timedelta(days=28)}", f"{today}"]
    late = csm("GET", f"score-days?account={world.account_id()}&on_from={today}").json()["results"]
    assert [day["score"] for day in late] == [all_days[1]["score"]]


def test_nobody_writes_health(world: World, program: Any, scored: None) -> None:
    admin = program(world.member(Role.ADMIN))
    (row,) = admin("GET", f"scores?account={world.account_id()}").json()["results"]
    for method, path in (
        ("POST", "scores"),
        ("PATCH", f"scores/{row['id']}"),
        ("DELETE", f"scores/{row['id']}"),
    ):
        answer = admin(method, path, {"score": 100} if method != "DELETE" else None, If_Match="*")
        assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed"), method
