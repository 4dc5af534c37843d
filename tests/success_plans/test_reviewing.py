"""A plan on its way past a manager: who may do what, and what two people at the same moment are told."""

from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from success_plans import reviewing
from success_plans.models import Objective, PlanReview, SuccessPlan
from tenants.models import Tenant
from tenants.roles import Role
from tests import make
from tests.success_plans.conftest import ENDS, STARTS, Browser
from tests.threads import in_threads
from tests.world import World

REASON = "はじめの値は、いくつですか"


@pytest.fixture
def draft(world: World, within: Any) -> SuccessPlan:
    """A draft of 鈴木's account with one objective."""
    with within():
        found = make.row(SuccessPlan, world.account(), title="下期の計画", starts_on=STARTS, ends_on=ENDS)
        make.row(Objective, world.account(), plan=found, statement="入電を月31,500件へ減らす")
    return found


@pytest.fixture
def watanabe(world: World, sign_in: Any) -> Browser:
    return Browser(sign_in(world.member(Role.MANAGER)))


def texts(response: Any) -> str:
    said = response.headers.get("HX-Trigger", "").encode().decode("unicode_escape")
    return response.content.decode() + said


def state(plan: SuccessPlan, within: Any) -> str:
    with within():
        return SuccessPlan.objects.get(pk=plan.pk).state


def test_a_plan_goes_to_the_manager_and_comes_back_with_a_reason(
    draft: SuccessPlan, suzuki: Browser, watanabe: Browser, within: Any
) -> None:
    base = f"plans/{draft.pk}"
    assert "レビューを依頼しました" in texts(suzuki.post(f"{base}/submission/"))
    nothing = watanabe.post(f"{base}/return/", {"reason": " "})
    assert (nothing.status_code, state(draft, within)) == (422, "submitted")
    assert "差し戻す理由を書いてください" in texts(nothing)
    assert watanabe.post(f"{base}/return/", {"reason": REASON}).status_code == 200
    shown = texts(suzuki.get(f"{base}/"))
    assert REASON in shown and "差し戻し 11/19" in shown and "渡辺" in shown
    suzuki.post(f"{base}/submission/")
    assert watanabe.post(f"{base}/approval/").status_code == 200
    assert suzuki.post(f"{base}/activation/").status_code == 200
    with within():
        came = list(
            PlanReview.objects.filter(plan=draft).order_by("submitted_at").values_list("outcome", flat=True)
        )
    assert (came, state(draft, within)) == (["returned", "approved"], "active")


def test_no_plan_starts_without_an_approval(draft: SuccessPlan, suzuki: Browser, within: Any) -> None:
    base = f"plans/{draft.pk}"
    refused = suzuki.post(f"{base}/activation/")
    assert (refused.status_code, state(draft, within)) == (422, "draft")
    suzuki.post(f"{base}/cancellation/")
    assert suzuki.post(f"{base}/reopening/?to=active").status_code == 422
    assert suzuki.post(f"{base}/reopening/?to=approved").status_code == 422
    assert suzuki.post(f"{base}/reopening/").status_code == 200
    assert state(draft, within) == "draft"


def test_an_empty_plan_is_not_handed_in(world: World, suzuki: Browser, within: Any) -> None:
    with within():
        empty = make.row(SuccessPlan, world.account(), starts_on=STARTS, ends_on=ENDS)
        make.row(Objective, world.account(), plan=empty, statement="消した目標").put_in_bin()
    refused = suzuki.post(f"plans/{empty.pk}/submission/")
    assert (refused.status_code, state(empty, within)) == (422, "draft")
    assert "目標がまだありません" in texts(refused)
    with within():
        assert not PlanReview.objects.filter(plan=empty).exists()


def test_nobody_approves_their_own_plan_unless_the_company_allows_it(
    draft: SuccessPlan, watanabe: Browser, world: World, within: Any
) -> None:
    base = f"plans/{draft.pk}"
    watanabe.post(f"{base}/submission/")
    refused = watanabe.post(f"{base}/approval/")
    assert (refused.status_code, state(draft, within)) == (422, "submitted")
    assert "自分のプランは承認できません" in texts(refused)
    Tenant.objects.filter(pk=world.tenant().pk).update(may_approve_own_plans=True)
    assert watanabe.post(f"{base}/approval/").status_code == 200
    assert state(draft, within) == "approved"


def test_the_csm_of_the_account_does_not_approve_what_a_colleague_handed_in(
    draft: SuccessPlan, world: World, within: Any
) -> None:
    with within():
        manager = world.member(Role.MANAGER)
        draft.account.csm = manager
        draft.account.save(update_fields=["csm"])
        reviewing.submit(draft, world.csm)
        with pytest.raises(ValidationError, match="自分のプラン"):
            reviewing.approve(draft, manager)


@pytest.mark.parametrize("role", [Role.CSM, Role.SALES, Role.VIEWER])
def test_only_managers_decide(
    role: Role, draft: SuccessPlan, world: World, suzuki: Browser, sign_in: Any
) -> None:
    suzuki.post(f"plans/{draft.pk}/submission/")
    person = Browser(sign_in(world.member(role)))
    for path in ("approval", "return", "decision/undo"):
        assert person.post(f"plans/{draft.pk}/{path}/", {"reason": REASON}).status_code == 403
    assert "承認する" not in texts(person.get(f"plans/{draft.pk}/"))


def test_a_second_manager_is_told_what_the_first_one_did(
    draft: SuccessPlan, suzuki: Browser, watanabe: Browser, world: World, sign_in: Any, within: Any
) -> None:
    base = f"plans/{draft.pk}"
    suzuki.post(f"{base}/submission/")
    watanabe.post(f"{base}/return/", {"reason": REASON})
    late = Browser(sign_in(world.member(Role.ADMIN))).post(f"{base}/approval/")
    assert (late.status_code, state(draft, within)) == (409, "returned")
    assert "渡辺さんが11/19 12:00に「差し戻し」にしています" in texts(late)
    again = watanabe.post(f"{base}/return/", {"reason": "もう一度押した"})
    assert again.status_code == 200
    with within():
        assert PlanReview.objects.get(plan=draft).reason == REASON


def test_nobody_approves_what_they_did_not_see(
    draft: SuccessPlan, world: World, suzuki: Browser, within: Any
) -> None:
    suzuki.post(f"plans/{draft.pk}/submission/")
    with within():
        manager, plan = world.member(Role.MANAGER), SuccessPlan.objects.get(pk=draft.pk)
        seen = reviewing.mark(plan)
        Objective.objects.filter(plan=plan).update(statement="入電を月30,000件へ減らす")
        with pytest.raises(reviewing.Moved, match="中身が変わりました"):
            reviewing.approve(plan, manager, seen=seen)
        assert reviewing.approve(plan, manager, seen=reviewing.mark(plan)).outcome == "approved"


def test_a_decision_is_taken_back_only_while_nobody_went_on(
    draft: SuccessPlan, suzuki: Browser, watanabe: Browser, within: Any
) -> None:
    base = f"plans/{draft.pk}"
    suzuki.post(f"{base}/submission/")
    done = watanabe.post(f"{base}/approval/")
    assert f"{base}/decision/undo/" in done.headers["HX-Trigger"]
    assert watanabe.post(f"{base}/decision/undo/").status_code == 200
    assert state(draft, within) == "submitted"
    watanabe.post(f"{base}/approval/")
    suzuki.post(f"{base}/activation/")
    late = watanabe.post(f"{base}/decision/undo/")
    assert (late.status_code, state(draft, within)) == (409, "active")


def test_a_withdrawn_plan_goes_back_to_where_it_was_written(
    draft: SuccessPlan, world: World, within: Any
) -> None:
    with within():
        manager = world.member(Role.MANAGER)
        reviewing.submit(draft, world.csm)
        reviewing.withdraw(draft, world.csm)
        assert draft.state == "draft"
        reviewing.submit(draft, world.csm)
        reviewing.send_back(draft, manager, REASON)
        reviewing.submit(draft, world.csm)
        reviewing.withdraw(draft, world.csm)
        assert draft.state == "returned"
        reviewing.submit(draft, world.csm)
        reviewing.cancel(draft, world.csm)
        assert not PlanReview.objects.waiting().filter(plan=draft).exists()


@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_the_same_moment_are_one(draft: SuccessPlan, world: World, within: Any) -> None:
    with within():
        reviewing.submit(draft, world.csm)
    barrier, came = Barrier(2), []

    def decide(role: Role) -> None:
        with within():
            plan = SuccessPlan.objects.get(pk=draft.pk)
            barrier.wait(5)
            try:
                if role is Role.MANAGER:
                    reviewing.approve(plan, world.member(role))
                else:
                    reviewing.send_back(plan, world.member(role), REASON)
            except reviewing.Moved:
                came.append("told")
            else:
                came.append("decided")

    in_threads(lambda: decide(Role.MANAGER), lambda: decide(Role.ADMIN))
    assert sorted(came) == ["decided", "told"]
    with within():
        assert PlanReview.objects.filter(plan=draft).exclude(outcome="").count() == 1
