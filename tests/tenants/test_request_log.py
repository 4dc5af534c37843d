"""Every answer has a name, which the log, history and the jobs that follow from it share."""

import json
import logging
from typing import Any

import pytest
from django.db import IntegrityError

from accounts.models import Account, Contract
from tenants import jobs
from tenants.logs import describe, formatter
from tenants.models import JobSlot
from tenants.scope import tenant_scope
from tests import make
from tests.attacks.test_logs import log_of
from tests.world import World


def lines(text: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.getvalue().splitlines()]


def test_a_request_is_one_line(world: World, sign_in: Any) -> None:
    client = sign_in(world.csm)
    path = f"/t/midori/accounts/{world.account_id('mine')}/"
    with log_of(formatter(as_json=True)) as log:
        answer = client.get(path, headers={"X-Request-ID": "proxy-0123456789"})
    (line,) = [line for line in lines(log) if line["event"] == "request"]
    assert answer.headers["X-Request-ID"] == line["request"] == "proxy-0123456789"
    assert (line["method"], line["status"], line["level"]) == ("GET", 200, "info")
    assert line["route"] == "t/<slug>/accounts/<uuid:pk>/"
    assert line["tenant"] == str(world.tenant().pk) and line["actor"] == f"member:{world.csm.pk}"
    assert line["statements"] > 5 and line["ms"] > 0


@pytest.mark.parametrize(
    "given", ["", "short", "x" * 65, "with space 123", "日本語の名前です", "a\tb-12345678"]
)
def test_a_name_that_is_none_is_not_taken_over(given: str, world: World, sign_in: Any) -> None:
    answer = sign_in(world.csm).get("/t/midori/", headers={"X-Request-ID": given})
    assert answer.headers["X-Request-ID"] != given and len(answer.headers["X-Request-ID"]) == 32


def test_history_and_jobs_carry_the_name_of_the_request(world: World, sign_in: Any) -> None:
    with tenant_scope(world.tenant(), member=world.csm, request_id="r-0123456789"):
        contract = make.row(Contract, world.account())
        slot = jobs.enqueue("tidy")
        assert contract.events.get().pgh_request == "r-0123456789"
    with log_of(formatter(as_json=True)) as log:
        jobs.work(watched=False)
    (line,) = [line for line in lines(log) if line["event"] == "job done"]
    assert JobSlot.objects.get(pk=slot.pk).request == line["request"] == "r-0123456789"
    assert (line["job"], line["slot"], line["attempt"]) == ("tidy", str(slot.pk), 1)
    assert line["tenant"] == str(world.tenant().pk)


def test_a_database_fault_is_told_by_its_code(world: World) -> None:
    with tenant_scope(world.tenant(), actor="test"), pytest.raises(IntegrityError) as raised:
        Account.objects.create(name="", stage="live", fiscal_month=3)
    assert describe(raised.value) == "IntegrityError 23514 accounts_account account_has_a_name"


def test_development_reads_lines_instead_of_json() -> None:
    with log_of(formatter(as_json=False)) as log:
        logging.getLogger("masume.jobs").warning("job done", extra={"job": "tidy"})
    assert "job done" in log.getvalue() and "job=tidy" in log.getvalue()
    assert not log.getvalue().startswith("{")
