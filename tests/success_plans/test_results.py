"""Facts first: what a result review lets people write, and when; and what the next plan takes over."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from success_plans import results, reviewing
from success_plans.carrying_on import carry_on
from success_plans.models import (
    ActionItem,
    Checkpoint,
    Criterion,
    Objective,
    ResultFigure,
    ResultReview,
    SuccessPlan,
)
from tenants.roles import Role
from tests import make
from tests.success_plans.conftest import Browser
from tests.world import World


@pytest.fixture
def review(plan: SuccessPlan, within: Any) -> ResultReview:
    """Begun, with 入電数 42,000 → 31,500 planned → 38,640."""
    with within():
        return results.begin(Objective.objects.get(plan=plan))


@pytest.fixture
def analysed(review: ResultReview, world: World, within: Any) -> ResultReview:
    """Everything but a verdict; the facts propose 実行度を高める."""
    with within():
        results.confirm_figures(review, world.csm)
        ResultReview.objects.filter(pk=review.pk).update(
            quantity=60, quality="partly", analysis="仙台では台本が使われた"
        )
        review.refresh_from_db()
    return review


def edit(browser: Browser, kind: str, pk: Any, field: str, value: str, base: str = "") -> Any:
    return browser.post(f"edit/{kind}/{pk}/", {"field": field, "value": value, "base": base})


def said(response: Any) -> str:
    return str(response.content.decode())


def test_the_review_begins_with_what_the_plan_knows(review: ResultReview, within: Any) -> None:
    with within():
        (figure,) = ResultFigure.objects.filter(review=review)
        assert (figure.previous, figure.planned, figure.actual) == (42_000, 31_500, 38_640)
        assert (figure.direction, figure.unit, figure.source) == ("down", "件", "CTI月報")
        assert results.begin(review.objective).pk == review.pk
        assert ResultFigure.objects.count() == 1


def test_planned_is_what_was_agreed_on_first_not_what_it_became(
    plan: SuccessPlan, world: World, within: Any
) -> None:
    with within():
        SuccessPlan.objects.filter(pk=plan.pk).update(state="draft")
        reviewing.submit(plan, world.csm)
        reviewing.approve(plan, world.member(Role.MANAGER))
        Criterion.objects.filter(objective__plan=plan).update(target=39_000)
        begun = results.begin(Objective.objects.get(plan=plan))
        assert ResultFigure.objects.get(review=begun).planned == 31_500


@pytest.mark.parametrize(
    ("field", "value"),
    [("quantity", "80"), ("quality", "mostly"), ("quantity_note", "12本"), ("analysis", "効いた")],
)
def test_a_made_up_request_before_the_figures_is_refused(
    field: str, value: str, review: ResultReview, suzuki: Browser, within: Any
) -> None:
    answer = edit(suzuki, "result", review.pk, field, value)
    assert (answer.status_code, answer.json()["message"]) == (422, "先に、結果数値を確かめてください")
    with within():
        review.refresh_from_db()
    assert (review.quantity, review.quality, review.analysis) == (None, "", "")


def test_opinions_wait_for_quantity_and_quality(review: ResultReview, suzuki: Browser) -> None:
    assert suzuki.post(f"results/{review.pk}/confirmation/").status_code == 303
    assert edit(suzuki, "result", review.pk, "analysis", "効いた").status_code == 422
    assert edit(suzuki, "result", review.pk, "quantity", "60").status_code == 200
    answer = edit(suzuki, "result", review.pk, "analysis", "効いた")
    assert answer.json()["message"] == "先に、施策の実行度(量と質)を入れてください"
    assert edit(suzuki, "result", review.pk, "quality", "mostly").status_code == 200
    assert edit(suzuki, "result", review.pk, "analysis", "効いた").status_code == 200


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"quantity": 50}, "execution_after_figures"),
        ({"analysis": "効いた"}, "analysis_after_execution"),
        ({"verdict": "spread"}, "a_verdict_follows_the_analysis"),
    ],
)
def test_the_database_keeps_the_order_too(
    changes: dict[str, Any], constraint: str, review: ResultReview, within: Any
) -> None:
    with within(), pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ResultReview.objects.filter(pk=review.pk).update(**changes)


def test_figures_without_an_actual_are_not_confirmed(
    review: ResultReview, suzuki: Browser, within: Any
) -> None:
    with within():
        ResultFigure.objects.filter(review=review).update(actual=None)
    answer = suzuki.post(f"results/{review.pk}/confirmation/")
    assert answer.status_code == 422
    assert "「入電数」の計画と実績を入れてください" in said(answer)


def test_a_confirmed_figure_does_not_become_unknown_again(
    analysed: ResultReview, suzuki: Browser, within: Any
) -> None:
    with within():
        figure = ResultFigure.objects.get(review=analysed)
    assert edit(suzuki, "figure", figure.pk, "actual", "", "38640").status_code == 422
    assert edit(suzuki, "figure", figure.pk, "actual", "38600", "38640").status_code == 200
    assert suzuki.post(f"delete/figure/{figure.pk}/").status_code == 403


def test_a_part_stands_below_its_whole_and_decides_nothing(
    review: ResultReview, suzuki: Browser, world: World, within: Any
) -> None:
    with within():
        of = ResultFigure.objects.get(review=review).criterion_id
    part = {
        "criterion": str(of),
        "axis": "拠点",
        "part": "仙台",
        "previous": "20,000",
        "planned": "15,000",
        "actual": "14,000",
    }
    assert suzuki.post(f"results/{review.pk}/figures/", part).status_code == 303
    again = suzuki.post(f"results/{review.pk}/figures/", part)
    assert again.status_code == 422 and "同じ内訳の数値がもうあります" in said(again)
    with within():
        assert ResultFigure.objects.get(part="仙台").metric == "入電数"
        assert not results.facts_of(review, ResultFigure.objects.filter(review=review)).is_reached


def test_the_verdict_of_the_facts_is_proposed_and_explained(
    plan: SuccessPlan, analysed: ResultReview, suzuki: Browser
) -> None:
    html = said(suzuki.get(f"plans/{plan.pk}/results/"))
    assert "事実からの結論は <b>実行度を高める</b>" in html
    assert "前回より良くなっています" in html


def test_another_verdict_needs_a_reason(analysed: ResultReview, suzuki: Browser, within: Any) -> None:
    answer = suzuki.post(f"results/{analysed.pk}/decision/", {"verdict": "redraw"})
    assert answer.status_code == 422
    assert "別の結論にした理由を書いてください" in said(answer)
    reason = {"verdict": "redraw", "reason": "先方の組織が変わった"}
    assert suzuki.post(f"results/{analysed.pk}/decision/", reason).status_code == 303
    with within():
        analysed.refresh_from_db()
    assert (analysed.proposed, analysed.verdict, analysed.verdict_reason) == (
        "execute",
        "redraw",
        "先方の組織が変わった",
    )


def test_what_was_decided_stands_still_until_it_is_taken_back(
    analysed: ResultReview, suzuki: Browser, world: World, within: Any
) -> None:
    with within():
        results.decide(analysed, "execute", "", world.csm)
        figure = ResultFigure.objects.get(review=analysed)
    assert edit(suzuki, "result", analysed.pk, "analysis", "違う").status_code == 422
    assert edit(suzuki, "figure", figure.pk, "actual", "1", "38640").status_code == 422
    assert suzuki.post(f"results/{analysed.pk}/reopening/").status_code == 303
    assert edit(suzuki, "figure", figure.pk, "actual", "38600", "38640").status_code == 200


def test_nothing_is_decided_without_a_word_on_it(analysed: ResultReview, world: World, within: Any) -> None:
    with within():
        ResultReview.objects.filter(pk=analysed.pk).update(analysis="")
        with pytest.raises(ValidationError, match="分析・考察を書いてから"):
            results.decide(analysed, "execute", "", world.csm)


def test_the_next_plan_begins_where_this_one_came_out(
    analysed: ResultReview, suzuki: Browser, world: World, within: Any
) -> None:
    with within():
        results.decide(analysed, "execute", "", world.csm)
        plan = analysed.objective.plan
    first = suzuki.post(f"plans/{plan.pk}/next/")
    assert suzuki.post(f"plans/{plan.pk}/next/")["Location"] == first["Location"]
    with within():
        made = SuccessPlan.objects.exclude(pk=plan.pk).get()
        assert (made.state, made.title, made.starts_on) == (
            "draft",
            "2027年度上期 サクセスプラン",
            date(2027, 4, 1),
        )
        criterion = Criterion.objects.get(objective__plan=made)
        assert (criterion.baseline, criterion.target, criterion.due_on) == (38_640, 31_500, made.ends_on)
        objective = Objective.objects.get(plan=made)
        assert objective.statement == "入電数を38,640件から31,500件へ下げる"
        assert "42,000→38,640件(計画31,500)" in objective.evidence
        action = ActionItem.objects.get(plan=made)
        assert (action.text, action.due_on, action.state) == ("シナリオを12本に広げる", None, "todo")


@pytest.mark.parametrize(("verdict", "why", "actions"), [("redraw", "", 0), ("examine", "応対コスト", 0)])
def test_what_goes_along_follows_from_the_verdict(
    verdict: str, why: str, actions: int, analysed: ResultReview, world: World, within: Any
) -> None:
    with within():
        results.decide(analysed, verdict, "話し合って決めた", world.csm)
        made, is_new = carry_on(analysed.objective.plan)
        assert (is_new, Objective.objects.get(plan=made).why) == (True, why)
        assert ActionItem.objects.filter(plan=made).count() == actions


def test_a_reached_target_is_not_set_again(analysed: ResultReview, world: World, within: Any) -> None:
    with within():
        ResultFigure.objects.filter(review=analysed).update(actual=31_000)
        ResultReview.objects.filter(pk=analysed.pk).update(quantity=100, quality="aimed")
        results.decide(analysed, "spread", "", world.csm)
        made, _new = carry_on(analysed.objective.plan)
        criterion = Criterion.objects.get(objective__plan=made)
        assert (criterion.baseline, criterion.target) == (Decimal(31_000), None)


def test_what_was_decided_later_goes_into_the_same_plan(
    analysed: ResultReview, world: World, within: Any
) -> None:
    with within():
        results.decide(analysed, "execute", "", world.csm)
        plan = analysed.objective.plan
        made, _new = carry_on(plan)
        second = make.row(Objective, plan.account, plan=plan, statement="応答率を上げる")
        make.row(
            Criterion, plan.account, objective=second, metric="応答率", baseline=81, target=92, actual=92
        )
        other = results.begin(second)
        results.confirm_figures(other, world.csm)
        ResultReview.objects.filter(pk=other.pk).update(quantity=100, quality="aimed", analysis="効いた")
        results.decide(other, "spread", "", world.csm)
        again, is_new = carry_on(plan)
        assert (again.pk, is_new, Objective.objects.filter(plan=made).count()) == (made.pk, False, 2)


def test_the_newest_checkpoint_says_where_a_criterion_stands(
    plan: SuccessPlan, suzuki: Browser, within: Any
) -> None:
    with within():
        criterion = Criterion.objects.get(objective__plan=plan)
    for on in ("2026-11-10", "2026-12-08"):
        form = {"on": on, "planned": "36,000"}
        assert suzuki.post(f"criteria/{criterion.pk}/checkpoints/", form).status_code == 303
    with within():
        first, second = Checkpoint.objects.order_by("on")
    assert edit(suzuki, "checkpoint", second.pk, "actual", "35,000").status_code == 200
    assert edit(suzuki, "checkpoint", first.pk, "actual", "37,000").status_code == 200
    with within():
        criterion.refresh_from_db()
        assert criterion.actual == 35_000
    assert suzuki.post(f"criteria/{criterion.pk}/checkpoints/", {"on": "2026-12-08"}).status_code == 422


def test_who_may_not_edit_the_plan_reads_the_results_only(
    plan: SuccessPlan, analysed: ResultReview, world: World, sign_in: Any
) -> None:
    viewer = Browser(sign_in(world.member(Role.VIEWER)))
    html = said(viewer.get(f"plans/{plan.pk}/results/"))
    assert "仙台では台本が使われた" in html and "この結論にする" not in html
    assert viewer.post(f"results/{analysed.pk}/decision/", {"verdict": "execute"}).status_code == 403


def test_the_page_costs_the_same_with_more_objectives(
    plan: SuccessPlan, review: ResultReview, suzuki: Browser, within: Any
) -> None:
    def cost() -> int:
        suzuki.get(f"plans/{plan.pk}/results/")
        with CaptureQueriesContext(connection) as captured:
            suzuki.get(f"plans/{plan.pk}/results/")
        return len(captured)

    before = cost()
    with within():
        for n in range(8):
            more = make.row(Objective, plan.account, plan=plan, statement=f"目標{n}", position=n + 2)
            criterion = make.row(
                Criterion, plan.account, objective=more, metric=f"指標{n}", target=9, actual=n
            )
            make.row(Checkpoint, plan.account, criterion=criterion, on=date(2026, 12, 8))
            results.begin(more)
    assert cost() == before
