"""Two programs at the same moment: one record, whatever they send."""

from typing import Any

import pytest

from accounts.models import Account
from success_plans.models import SuccessPlan
from tenants.scope import tenant_scope
from tests.api.program import Program
from tests.threads import in_threads
from tests.world import World

PLAN = {"title": "下期", "starts_on": "2026-10-01", "ends_on": "2027-03-31"}


def at_once(*programs: Program, **asked: Any) -> list[Any]:
    """What each program was answered to the same request, sent by all of them at the same time."""
    answers: list[Any] = []
    in_threads(*(lambda one=one: answers.append(one(**asked)) for one in programs))
    return answers


@pytest.mark.django_db(transaction=True)
def test_an_idempotency_key_makes_one_record(world: World) -> None:
    body = {**PLAN, "account": str(world.account_id())}
    call = Program(world.csm)
    answers = at_once(call, call, call, call, method="POST", path="plans", body=body, Idempotency_Key="k")
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    with tenant_scope(world.tenant(), actor="test"):
        assert SuccessPlan.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("match", ["", "*"])
def test_an_upsert_makes_one_record_and_then_asks_for_its_version(world: World, match: str) -> None:
    body = {**PLAN, "account": str(world.account_id())}
    calls = [Program(world.csm) for _n in range(4)]
    answers = at_once(*calls, method="PUT", path="plans/by-external-id/P-1", body=body, If_Match=match)
    later = 200 if match else 428
    assert sorted(answer.status_code for answer in answers) == sorted([201, later, later, later])
    with tenant_scope(world.tenant(), actor="test"):
        plan = SuccessPlan.objects.get()
        assert (plan.external_id, plan.version) == ("P-1", 1), "the same again changes nothing"


@pytest.mark.django_db(transaction=True)
def test_of_many_writes_with_one_version_one_is_taken(world: World) -> None:
    path = f"accounts/{world.account_id()}"
    call = Program(world.csm)
    tag = call("GET", path).headers["ETag"]
    answers: list[Any] = []
    in_threads(
        *(
            lambda n=n: answers.append((n, call("PATCH", path, {"industry": f"業種{n}"}, If_Match=tag)))
            for n in range(6)
        )
    )
    taken = [n for n, answer in answers if answer.status_code == 200]
    assert sorted(answer.status_code for _n, answer in answers) == [200, 412, 412, 412, 412, 412]
    with tenant_scope(world.tenant(), actor="test"):
        assert Account.objects.get(pk=world.account_id()).industry == f"業種{taken[0]}"
