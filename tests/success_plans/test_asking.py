"""「顧客に確認する」: a gap of a plan stands in the ledger of blanks until it was asked or is filled."""

from typing import Any

import pytest

from success_plans.models import Objective, PlanQuestion, SuccessPlan
from tenants.roles import Role
from tests.success_plans.conftest import Browser
from tests.world import World

EVIDENCE = "なぜ達成できそうですか。根拠はまだ未確認です"


def texts(response: Any) -> str:
    said = response.headers.get("HX-Trigger", "").encode().decode("unicode_escape")
    return str(response.content.decode()) + said


@pytest.fixture
def gap(plan: SuccessPlan, within: Any) -> dict[str, str]:
    with within():
        objective = Objective.objects.get(plan=plan)
    return {"anchor": f"edit-objective-{objective.pk}-evidence", "text": EVIDENCE}


def test_a_gap_goes_to_the_ledger_of_the_account_and_of_its_csm(
    plan: SuccessPlan, gap: dict[str, str], suzuki: Browser, world: World, within: Any
) -> None:
    for _twice in range(2):
        assert suzuki.post(f"plans/{plan.pk}/questions/", gap).status_code == 200
    with within():
        assert PlanQuestion.objects.get().about == "入電を月31,500件へ減らす"
    link = f'href="/t/midori/plans/{plan.pk}/#{gap["anchor"]}"'
    assert "聞く予定" in texts(suzuki.get(f"plans/{plan.pk}/"))
    for page in (f"accounts/{world.account_id()}/blanks/", "blanks/"):
        html = texts(suzuki.get(page))
        assert EVIDENCE in html and link in html, page


def test_it_leaves_when_somebody_asked_and_comes_back_by_undo(
    plan: SuccessPlan, gap: dict[str, str], suzuki: Browser, world: World, within: Any
) -> None:
    suzuki.post(f"plans/{plan.pk}/questions/", gap)
    with within():
        one = PlanQuestion.objects.get()
    done = suzuki.post(f"questions/{one.pk}/answered/")
    assert f"questions/{one.pk}/reopening/" in done.headers["HX-Trigger"]
    ledger = f"accounts/{world.account_id()}/blanks/"
    assert EVIDENCE not in texts(suzuki.get(ledger))
    suzuki.post(f"questions/{one.pk}/reopening/")
    assert EVIDENCE in texts(suzuki.get(ledger))


def test_writing_the_answer_takes_the_question_out(
    plan: SuccessPlan, gap: dict[str, str], suzuki: Browser, world: World, within: Any
) -> None:
    suzuki.post(f"plans/{plan.pk}/questions/", gap)
    with within():
        objective = Objective.objects.get(plan=plan)
    form = {"field": "evidence", "value": "昨年は月32,000件まで下がった", "base": ""}
    assert suzuki.post(f"edit/objective/{objective.pk}/", form).status_code == 200
    with within():
        assert PlanQuestion.objects.get().answered_by == world.csm


def test_only_what_is_open_now_is_asked(
    plan: SuccessPlan, gap: dict[str, str], suzuki: Browser, within: Any
) -> None:
    for wrong in ({"text": "好きな食べ物は何ですか"}, {"anchor": "edit-plan-x-title"}):
        refused = suzuki.post(f"plans/{plan.pk}/questions/", {**gap, **wrong})
        assert (refused.status_code, "もう埋まっています" in texts(refused)) == (422, True)
    with within():
        assert not PlanQuestion.objects.exists()


@pytest.mark.parametrize("state", ["completed", "cancelled"])
def test_a_closed_plan_asks_nothing(
    state: str, plan: SuccessPlan, gap: dict[str, str], suzuki: Browser, world: World, within: Any
) -> None:
    suzuki.post(f"plans/{plan.pk}/questions/", gap)
    with within():
        SuccessPlan.objects.filter(pk=plan.pk).update(state=state)
    for page in (f"accounts/{world.account_id()}/blanks/", "blanks/"):
        assert EVIDENCE not in texts(suzuki.get(page))


@pytest.mark.parametrize(("role", "status"), [(Role.SALES, 403), (Role.VIEWER, 403), (Role.CONTRIBUTOR, 404)])
def test_who_may_not(
    role: Role, status: int, plan: SuccessPlan, gap: dict[str, str], world: World, sign_in: Any
) -> None:
    assert Browser(sign_in(world.member(role))).post(f"plans/{plan.pk}/questions/", gap).status_code == status
