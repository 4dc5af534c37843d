"""Objectives, criteria and actions on the page of a plan."""

from datetime import date
from typing import Any

from accounts.models import KeyPerson
from success_plans.models import ActionItem, Criterion, Objective, SuccessPlan
from tenants.roles import Role
from tests import make
from tests.success_plans.conftest import ENDS, Browser
from tests.world import World


def action_of(plan: SuccessPlan) -> ActionItem:
    return ActionItem.objects.get(plan=plan)


def test_a_new_objective_is_a_section_with_its_questions(
    plan: SuccessPlan, suzuki: Browser, within: Any
) -> None:
    response = suzuki.post(f"plans/{plan.pk}/objectives/", {"text": "自己解決率を55%へ上げる"})
    html = response.content.decode()
    with within():
        made = Objective.objects.get(statement="自己解決率を55%へ上げる")
        assert made.position == 2
    assert f'id="objective-{made.pk}"' in html
    assert 'id="plan-rail" aria-label="プランのいま" hx-swap-oob="true"' in html


def test_objectives_change_places(plan: SuccessPlan, suzuki: Browser, within: Any) -> None:
    for text in ("二つめ", "三つめ"):
        suzuki.post(f"plans/{plan.pk}/objectives/", {"text": text})
    with within():
        third = Objective.objects.get(statement="三つめ")
    for _again in range(3):  # at the top it stays
        assert suzuki.post(f"objectives/{third.pk}/position/", {"to": "up"}).status_code == 200
    with within():
        order = list(
            Objective.objects.filter(plan=plan).order_by("position").values_list("statement", flat=True)
        )
    assert order == ["三つめ", "入電を月31,500件へ減らす", "二つめ"]


def test_a_new_criterion_is_due_when_the_plan_ends(plan: SuccessPlan, suzuki: Browser, within: Any) -> None:
    with within():
        objective = Objective.objects.get(plan=plan)
    suzuki.post(f"objectives/{objective.pk}/criteria/", {"text": "自己解決率"})
    with within():
        made = Criterion.objects.get(metric="自己解決率")
    assert (made.due_on, made.position) == (ENDS, 2)


def test_an_empty_or_endless_text_is_refused_in_words(
    plan: SuccessPlan, suzuki: Browser, within: Any
) -> None:
    with within():
        objective = Objective.objects.get(plan=plan)
    assert (
        "空にできません"
        in suzuki.post(f"objectives/{objective.pk}/actions/", {"text": "  "}).content.decode()
    )
    long = suzuki.post(f"objectives/{objective.pk}/actions/", {"text": "長" * 301})
    assert (long.status_code, "300文字まで" in long.content.decode()) == (422, True)


def test_the_same_attempt_adds_one_action(plan: SuccessPlan, suzuki: Browser, within: Any) -> None:
    with within():
        objective = Objective.objects.get(plan=plan)
    for _twice in range(2):
        suzuki.post(
            f"objectives/{objective.pk}/actions/", {"text": "回答を用意する"}, HTTP_IDEMPOTENCY_KEY="a" * 32
        )
    with within():
        assert ActionItem.objects.filter(text="回答を用意する").count() == 1


def test_ticking_finishes_an_action_and_the_undo_puts_it_where_it_stood(
    plan: SuccessPlan, suzuki: Browser, within: Any
) -> None:
    with within():
        item = action_of(plan)
        ActionItem.objects.filter(pk=item.pk).update(state="doing")
    ticked = suzuki.post(f"actions/{item.pk}/completion/")
    with within():
        assert (action_of(plan).state, action_of(plan).done_on) == ("done", date(2026, 11, 19))
    assert f'id="action-{item.pk}"' in ticked.content.decode()
    assert f"actions/{item.pk}/reopening/?to=doing" in ticked.headers["HX-Trigger"]
    suzuki.post(f"actions/{item.pk}/reopening/?to=doing")
    with within():
        assert (action_of(plan).state, action_of(plan).done_on) == ("doing", None)


def test_a_contributor_moves_only_what_was_handed_to_them(
    plan: SuccessPlan, world: World, sign_in: Any, within: Any
) -> None:
    nakamura = world.member(Role.CONTRIBUTOR)
    with within():
        item = action_of(plan)
        objective = item.objective
        mine = make.row(
            ActionItem, world.account(), plan=plan, objective=objective, text="自分の", assignee=nakamura
        )
    browser = Browser(sign_in(nakamura))
    assert browser.get(f"plans/{plan.pk}/").status_code == 200
    assert browser.post(f"actions/{mine.pk}/completion/").status_code == 200
    assert browser.post(f"actions/{item.pk}/completion/").status_code == 403
    assert (
        browser.post(f"edit/action/{mine.pk}/", {"field": "quantity", "value": "3本", "base": ""}).status_code
        == 200
    )
    assert (
        browser.post(
            f"edit/action/{mine.pk}/", {"field": "text", "value": "別の", "base": "自分の"}
        ).status_code
        == 403
    )


def test_one_choice_says_who_whether_ours_or_theirs(
    plan: SuccessPlan, world: World, suzuki: Browser, within: Any
) -> None:
    with within():
        item = action_of(plan)
        person = make.row(KeyPerson, world.account(), name="樋口 真一")
    ours, theirs = f"member:{world.csm.pk}", f"person:{person.pk}"

    def give(value: str, base: str) -> Any:
        return suzuki.post(f"edit/action/{item.pk}/", {"field": "assignee", "value": value, "base": base})

    assert give(ours, "").json()["display"] == "鈴木"
    assert give(theirs, ours).json()["display"] == "樋口 真一さん"
    with within():
        found = action_of(plan)
        assert (found.assignee_id, found.customer_assignee_id) == (None, person.pk)
    assert give(ours, "").status_code == 409
    assert give("person:" + str(world.csm.pk), theirs).status_code == 422
    assert give("", theirs).json()["value"] == ""


def test_a_person_of_another_account_cannot_be_chosen(
    plan: SuccessPlan, world: World, suzuki: Browser, within: Any
) -> None:
    with within():
        item = action_of(plan)
        stranger = make.row(KeyPerson, world.account("other"), name="別の会社の人")
    form = {"field": "assignee", "value": f"person:{stranger.pk}", "base": ""}
    assert suzuki.post(f"edit/action/{item.pk}/", form).status_code == 422


def test_a_saved_figure_comes_back_in_every_computed_part(
    plan: SuccessPlan, suzuki: Browser, within: Any
) -> None:
    with within():
        criterion = Criterion.objects.get(metric="入電数")
    form = {"field": "actual", "value": "31,500", "base": "38640"}
    assert suzuki.post(f"edit/criterion/{criterion.pk}/", form).json()["display"] == "31,500"
    html = suzuki.get(f"plans/{plan.pk}/figures/").content.decode()
    assert f'id="bullet-{criterion.pk}" hx-swap-oob="true"' in html
    assert "100%" in html
