"""Levels with names, who agreed, what waits for what, and what cannot be meant."""

from typing import Any

import pytest

from accounts.models import KeyPerson
from success_plans.models import ActionItem, Criterion, Objective, SuccessPlan
from tenants.roles import Role
from tests import make
from tests.api.program import Program
from tests.success_plans.conftest import Browser
from tests.world import World

LEVELS = "使っていない\n試している\n毎日使う"


@pytest.fixture
def criterion(plan: SuccessPlan, within: Any) -> Criterion:
    with within():
        objective = Objective.objects.get(plan=plan)
        return make.row(Criterion, plan.account, objective=objective, metric="現場での使い方")  # type: ignore[no-any-return]


def edit(browser: Browser, record: Any, field: str, value: str, base: str = "") -> Any:
    kind = {Criterion: "criterion", Objective: "objective", ActionItem: "action"}[type(record)]
    return browser.post(f"edit/{kind}/{record.pk}/", {"field": field, "value": value, "base": base})


def test_a_scale_is_read_by_the_names_of_its_levels(
    criterion: Criterion, plan: SuccessPlan, suzuki: Browser, within: Any
) -> None:
    assert edit(suzuki, criterion, "levels", LEVELS).status_code == 200
    assert edit(suzuki, criterion, "baseline", "1").json()["display"] == "1 使っていない"
    assert edit(suzuki, criterion, "actual", "試している").json()["display"] == "2 試している"
    assert edit(suzuki, criterion, "target", "毎日使う").json()["display"] == "3 毎日使う"
    with within():
        now = Criterion.objects.get(pk=criterion.pk)
    assert (now.kind, now.unit, now.baseline, now.actual, now.target) == ("scale", "段階", 1, 2, 3)
    html = suzuki.get(f"plans/{plan.pk}/").content.decode()
    assert "2 試している" in html and "50%" in html


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("levels", "ひとつだけ", "2つから7つ"),
        ("levels", "良い\n良い", "同じ名前"),
        ("levels", "\n".join(f"段階{n}" for n in range(8)), "2つから7つ"),
        ("target", "4", "段階の名前か番号"),
        ("target", "たまに使う", "数字で入力"),
        ("actual", "0", "段階の名前か番号"),
    ],
)
def test_a_scale_refuses_what_nobody_can_read_the_same_way(
    field: str, value: str, says: str, criterion: Criterion, suzuki: Browser
) -> None:
    if field != "levels":
        edit(suzuki, criterion, "levels", LEVELS)
    answer = edit(suzuki, criterion, field, value)
    assert (answer.status_code, says in answer.json()["message"]) == (422, True)


def test_programs_write_levels_too(plan: SuccessPlan, world: World, within: Any) -> None:
    program = Program(world.csm)
    with within():
        objective = Objective.objects.get(plan=plan)
    body = {"objective": str(objective.pk), "metric": "現場での使い方", "levels": LEVELS, "target": "3"}
    made = program("POST", "criteria", body)
    assert (made.status_code, made.json()["kind"], made.json()["unit"]) == (201, "scale", "段階")
    assert program("POST", "criteria", {**body, "target": "4"}).status_code == 400


def test_levels_that_leave_a_figure_outside_are_refused(criterion: Criterion, suzuki: Browser) -> None:
    edit(suzuki, criterion, "target", "40")
    answer = edit(suzuki, criterion, "levels", LEVELS)
    assert (answer.status_code, "収まりません" in answer.json()["message"]) == (422, True)


def test_who_agreed_and_when(plan: SuccessPlan, world: World, suzuki: Browser, within: Any) -> None:
    with within():
        objective = Objective.objects.get(plan=plan)
        person = make.row(KeyPerson, plan.account, name="若槻 智子")
    assert edit(suzuki, objective, "agreed_with", str(person.pk)).status_code == 200
    assert edit(suzuki, objective, "agreed_on", "2026/10/02").status_code == 200
    assert edit(suzuki, objective, "our_owner", str(world.csm.pk)).status_code == 200
    later = edit(suzuki, objective, "agreed_on", "2026/12/02", "2026-10-02")
    assert (later.status_code, "まだ来ていない日" in later.json()["message"]) == (422, True)
    html = suzuki.get(f"plans/{plan.pk}/").content.decode()
    assert "若槻 智子さん" in html and "2026/10/02" in html


def test_an_owner_who_left_cannot_be_chosen(
    plan: SuccessPlan, world: World, suzuki: Browser, within: Any
) -> None:
    with within():
        objective, action = Objective.objects.get(plan=plan), ActionItem.objects.get(plan=plan)
    left = world.member("removed")
    for record, field, value in (
        (objective, "our_owner", str(left.pk)), (action, "assignee", f"member:{left.pk}"),
    ):  # fmt: skip
        answer = edit(suzuki, record, field, value)
        assert (answer.status_code, "選べる値の中から" in answer.json()["message"]) == (422, True)


@pytest.mark.parametrize("day", ["2026/09/30", "2027/04/01"])
def test_a_day_outside_of_the_plan_is_refused(
    day: str, plan: SuccessPlan, suzuki: Browser, within: Any
) -> None:
    with within():
        rows = (Criterion.objects.get(objective__plan=plan), ActionItem.objects.get(plan=plan))
    for row in rows:
        answer = edit(suzuki, row, "due_on", day, f"{row.due_on}")
        assert answer.status_code == 422
        assert "2026/10/01から2027/03/31まで" in answer.json()["message"]


def test_actions_wait_for_each_other_but_never_in_a_circle(
    plan: SuccessPlan, world: World, suzuki: Browser, within: Any
) -> None:
    with within():
        first = ActionItem.objects.get(plan=plan)
        second, third = (
            make.row(ActionItem, plan.account, plan=plan, objective=first.objective, text=text)
            for text in ("二つめ", "三つめ")
        )
        elsewhere = make.row(ActionItem, plan.account, text="別のプラン")
    assert edit(suzuki, second, "blocked_by", str(first.pk)).status_code == 200
    assert edit(suzuki, third, "blocked_by", str(second.pk)).status_code == 200
    for circle in (first, third, second):
        answer = edit(suzuki, first, "blocked_by", str(circle.pk))
        assert answer.status_code == 422
    assert "このアクションに戻ります" in edit(suzuki, first, "blocked_by", str(third.pk)).json()["message"]
    assert edit(suzuki, first, "blocked_by", str(elsewhere.pk)).status_code == 422
    html = suzuki.get(f"plans/{plan.pk}/").content.decode()
    assert "ほかのアクションを待つものが2件" in html
    suzuki.post(f"actions/{first.pk}/completion/")
    assert "ほかのアクションを待つものが1件" in suzuki.get(f"plans/{plan.pk}/").content.decode()


def test_a_target_on_the_wrong_side_is_a_question(plan: SuccessPlan, suzuki: Browser, within: Any) -> None:
    with within():
        one = Criterion.objects.get(objective__plan=plan)
    assert (
        edit(suzuki, one, "target", "50000", "31500").status_code == 200
    )  # both figures can be changed in turn
    assert "目標が、はじめの値より後ろ向きです" in suzuki.get(f"plans/{plan.pk}/").content.decode()


def test_an_empty_plan_is_not_handed_in_and_nobody_approves_their_own(
    world: World, suzuki: Browser, sign_in: Any, within: Any
) -> None:
    suzuki.post(f"accounts/{world.account_id()}/plans/new/", {"plan_type": "recovery", "period": "2026-2"})
    with within():
        made = SuccessPlan.objects.get(plan_type="recovery")
    assert suzuki.post(f"plans/{made.pk}/submission/").status_code == 422
    with within():
        assert SuccessPlan.objects.get(pk=made.pk).state == "draft"
        make.row(Objective, made.account, plan=made, statement="立て直す")
    manager = Browser(sign_in(world.member(Role.MANAGER)))
    assert manager.post(f"plans/{made.pk}/submission/").status_code == 200
    assert manager.post(f"plans/{made.pk}/approval/").status_code == 422
