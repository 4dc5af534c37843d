"""An adoption plan: a quarter, depth and breadth, read from what is measured (S3 3.8)."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.fiscal import FiscalClosing
from accounts.models import MetricDefinition, MetricSample, Product, ProductFeature
from success_plans import results, reviewing, templating, versions
from success_plans.carrying_on import carry_on
from success_plans.models import (
    Criterion,
    CriterionFeature,
    Objective,
    PlanTemplate,
    ResultReview,
    SuccessPlan,
    TemplateLine,
)
from success_plans.periods import quarters
from success_plans.standing import standing_on
from tenants.roles import Role
from tests import make
from tests.api.program import Program
from tests.success_plans.conftest import Browser
from tests.world import TODAY, World

STARTS, ENDS = date(2026, 10, 1), date(2026, 12, 31)
FEATURES = ("シナリオ", "有人切替", "自動応答")


@pytest.fixture
def adoption(world: World, within: Any) -> SuccessPlan:
    """鈴木's draft for the third quarter; 席 stands at 362, and one of three features is in use."""
    with within():
        account = world.account()
        found = make.row(
            SuccessPlan, account, title="2026年度3Q", plan_type="adoption", starts_on=STARTS, ends_on=ENDS
        )
        seats = make.row(MetricDefinition, name="週に一度は使う席", unit="席", decimals=0, direction="up")
        make.row(MetricSample, account, metric=seats, unit=None, on=date(2026, 11, 1), value=340)
        make.row(MetricSample, account, metric=seats, unit=None, on=date(2026, 11, 18), value=362)
        waits = make.row(MetricDefinition, name="待ち時間", unit="分", decimals=0, direction="down")
        make.row(MetricSample, account, metric=waits, unit=None, on=TODAY, value=20)
        make.row(MetricDefinition, name="まだ測っていない")
        product = make.row(Product, name="ツムギ")
        for name, value in zip(FEATURES, (12, 0, None), strict=True):
            feature = make.row(ProductFeature, product=product, name=name)
            metric = make.row(MetricDefinition, name=f"{name}の回数", feature=feature)
            if value is not None:
                make.row(MetricSample, account, metric=metric, unit=None, on=TODAY, value=value)
    return found


def metric(name: str) -> str:
    return str(MetricDefinition.objects.get(name=name).pk)


def told(response: Any) -> str:
    return str(json.loads(response.headers["HX-Trigger"])["toast"]["text"])


def test_quarters_are_those_of_the_customer() -> None:
    labels = [period.label for period in quarters(FiscalClosing(3), TODAY)]
    assert labels == ["2026年度3Q", "2026年度4Q", "2027年度1Q"]
    december = quarters(FiscalClosing(12), date(2026, 12, 20))
    assert (december[0].label, december[0].starts_on) == ("2027年度1Q", date(2027, 1, 1))
    (unknown,) = quarters(None, TODAY)
    assert (unknown.starts_on, unknown.ends_on) == (date(2026, 12, 1), date(2027, 2, 28))


def test_it_is_made_for_a_quarter_and_for_nothing_longer(world: World, suzuki: Browser, within: Any) -> None:
    path = f"accounts/{world.account_id()}/plans/new/"
    assert "2026年度3Q" in suzuki.get(path).content.decode()
    made = suzuki.post(path, {"plan_type": "adoption", "period": "2026-q3"})
    with within():
        plan = SuccessPlan.objects.get(plan_type="adoption")
        assert (plan.title, plan.starts_on, plan.ends_on) == ("2026年度3Q サクセスプラン", STARTS, ENDS)
    assert made.status_code == 303
    half = suzuki.post(path, {"plan_type": "adoption", "period": "2026-2"})
    assert (half.status_code, "四半期ごとに作ります" in half.content.decode()) == (422, True)
    longer = suzuki.post(
        f"edit/plan/{plan.pk}/", {"field": "ends_on", "value": "2027/03/31", "base": "2026-12-31"}
    )
    assert (longer.status_code, "四半期ごと" in longer.json()["message"]) == (422, True)
    body = {"account": str(world.account_id()), "plan_type": "adoption", "title": "長い", "starts_on": "2026-10-01", "ends_on": "2027-03-31"}  # fmt: skip
    answer = Program(world.csm)("POST", "plans", body)
    assert (answer.status_code, "四半期ごと" in answer.content.decode()) == (400, True)


def test_depth_is_a_metric_by_a_percentage_and_reads_itself(
    adoption: SuccessPlan, suzuki: Browser, within: Any
) -> None:
    with within():
        seats = metric("週に一度は使う席")
    assert suzuki.post(f"plans/{adoption.pk}/depth/", {"metric": seats, "percent": "+20%"}).status_code == 200
    with within():
        objective = Objective.objects.get(plan=adoption)
        assert objective.statement == "2026年12月31日までに、週に一度は使う席を362席から434席へ上げる(+20%)"
        one = standing_on(objective.criteria.all(), TODAY).get()
        assert (one.baseline, one.target, one.standing, one.unit) == (362, 434, 362, "席")
        assert (one.due_on, one.review_on, one.measured_on) == (ENDS, date(2026, 11, 15), date(2026, 11, 18))
        make.row(MetricSample, adoption.account, metric_id=seats, unit=None, on=TODAY, value=Decimal(398))
        assert standing_on(objective.criteria.all(), TODAY).get().standing == 398
    assert "50%" in suzuki.get(f"plans/{adoption.pk}/").content.decode()


def test_nobody_types_how_far_it_is(adoption: SuccessPlan, suzuki: Browser, within: Any) -> None:
    with within():
        objective = make.row(Objective, adoption.account, plan=adoption, statement="席を増やす")
        one = make.row(Criterion, adoption.account, objective=objective, metric="席", target=400)
    answer = suzuki.post(f"edit/criterion/{one.pk}/", {"field": "actual", "value": "380", "base": ""})
    assert (answer.status_code, "計測値から読みます" in answer.json()["message"]) == (422, True)


@pytest.mark.parametrize(
    ("name", "percent", "says"),
    [
        ("", "20", "どの指標を深めるか"),
        ("週に一度は使う席", "", "何%変えるか"),
        ("週に一度は使う席", "たくさん", "数字で入力"),
        ("週に一度は使う席", "-20", "プラスで入力"),
        ("待ち時間", "20", "マイナスで入力"),
        ("週に一度は使う席", "0.01", "いまの値から変わりません"),
        ("まだ測っていない", "20", "計測値がまだありません"),
    ],
)
def test_what_cannot_be_meant_is_answered_and_writes_nothing(
    name: str, percent: str, says: str, adoption: SuccessPlan, suzuki: Browser, within: Any
) -> None:
    with within():
        key = metric(name) if name else ""
    answer = suzuki.post(f"plans/{adoption.pk}/depth/", {"metric": key, "percent": percent})
    assert (answer.status_code, says in told(answer)) == (422, True)
    with within():
        assert not Objective.objects.filter(plan=adoption).exists()


def test_breadth_counts_the_features_that_are_used(
    adoption: SuccessPlan, suzuki: Browser, within: Any
) -> None:
    with within():
        keys = [str(pk) for pk in ProductFeature.objects.values_list("pk", flat=True)]
    assert suzuki.post(f"plans/{adoption.pk}/breadth/", {"feature": keys}).status_code == 200
    with within():
        objective = Objective.objects.get(plan=adoption)
        assert objective.statement == "2026年12月31日までに、シナリオ・有人切替・自動応答の3機能を使い始める"
        one = standing_on(objective.criteria.all(), TODAY).get()
        assert (one.kind, one.baseline, one.target, one.standing) == ("breadth", 1, 3, 1)
    html = suzuki.get(f"plans/{adoption.pk}/").content.decode()
    assert "1 / 3" in html and html.count("まだ使っていない") == 2
    with within():
        used = MetricDefinition.objects.get(name="有人切替の回数")
        MetricSample.objects.filter(metric=used).update(value=4)
        assert standing_on(objective.criteria.all(), TODAY).get().standing == 2
    suzuki.post(f"criteria/{one.pk}/features/", {"feature": keys[:2]})
    with within():
        assert Criterion.objects.get(pk=one.pk).target == 2
        assert Criterion.objects.get(pk=one.pk).baseline == 1  # where it began stays


@pytest.mark.parametrize("chosen", [[], ["kein"], ["019a8f00-0000-7000-8000-000000000000"]])
def test_breadth_needs_features_of_ours(chosen: list[str], adoption: SuccessPlan, suzuki: Browser) -> None:
    answer = suzuki.post(f"plans/{adoption.pk}/breadth/", {"feature": chosen})
    assert (answer.status_code, "機能を1つ以上" in told(answer)) == (422, True)


def test_features_are_written_by_api_too(adoption: SuccessPlan, world: World, within: Any) -> None:
    program = Program(world.csm)
    with within():
        objective = make.row(Objective, adoption.account, plan=adoption, statement="広げる")
        keys = sorted(str(pk) for pk in ProductFeature.objects.values_list("pk", flat=True))
    made = program("POST", "criteria", {"objective": str(objective.pk), "metric": "機能", "features": keys})
    assert (made.status_code, made.json()["features"]) == (201, keys)
    assert (made.json()["kind"], made.json()["target"]) == ("breadth", "3")
    wrong = {"objective": str(objective.pk), "metric": "機能", "features": [str(objective.pk)]}
    assert program("POST", "criteria", wrong).status_code == 400
    with within():
        assert Criterion.objects.filter(objective=objective).count() == 1  # nothing half-saved


def test_it_is_handed_in_when_every_objective_reads_something(
    adoption: SuccessPlan, suzuki: Browser, within: Any
) -> None:
    with within():
        loose = make.row(Objective, adoption.account, plan=adoption, statement="もっと使ってもらう")
        make.row(Criterion, adoption.account, objective=loose, metric="使う人")
        seats = metric("週に一度は使う席")
    refused = suzuki.post(f"plans/{adoption.pk}/submission/")
    assert (refused.status_code, "「もっと使ってもらう」は、まだ計測値から読めません" in told(refused)) == (
        422,
        True,
    )
    suzuki.post(f"delete/objective/{loose.pk}/")
    suzuki.post(f"plans/{adoption.pk}/depth/", {"metric": seats, "percent": "20"})
    assert suzuki.post(f"plans/{adoption.pk}/submission/").status_code == 200


# What is counted goes along: into versions, into templates, into the next plan


@pytest.fixture
def wide(adoption: SuccessPlan, suzuki: Browser, world: World, within: Any) -> Criterion:
    """An approved plan that counts シナリオ and 有人切替; the first is in use."""
    with within():
        keys = [
            str(pk) for pk in ProductFeature.objects.exclude(name="自動応答").values_list("pk", flat=True)
        ]
    suzuki.post(f"plans/{adoption.pk}/breadth/", {"feature": keys})
    with within():
        reviewing.submit(adoption, world.csm)
        reviewing.approve(adoption, world.member(Role.MANAGER))
        adoption.activate()
        return Criterion.objects.get(objective__plan=adoption)  # type: ignore[no-any-return]


def counted(criterion: Criterion) -> set[str]:
    return {one.feature.name for one in CriterionFeature.objects.filter(criterion=criterion)}


def test_a_version_keeps_the_features_and_brings_them_back(
    adoption: SuccessPlan, wide: Criterion, suzuki: Browser, within: Any
) -> None:
    with within():
        other = str(ProductFeature.objects.get(name="自動応答").pk)
    suzuki.post(f"criteria/{wide.pk}/features/", {"feature": [other]})
    html = suzuki.get(f"plans/{adoption.pk}/comparison/").content.decode()
    assert "使う機能" in html and html.count("› 有人切替") == 1 and html.count("› 自動応答") == 1
    back = {"from": "1", "record": str(wide.pk), "field": "features"}
    assert suzuki.post(f"plans/{adoption.pk}/restoration/", back).status_code == 303
    with within():
        assert counted(wide) == {"シナリオ", "有人切替"}
        assert Criterion.objects.get(pk=wide.pk).target == 2
    assert "違いはありません" in suzuki.get(f"plans/{adoption.pk}/comparison/").content.decode()


def test_features_that_are_gone_are_not_brought_back_in_part(
    adoption: SuccessPlan, wide: Criterion, suzuki: Browser, within: Any
) -> None:
    with within():
        ProductFeature.objects.get(name="有人切替").delete()
    assert "以前の機能" in suzuki.get(f"plans/{adoption.pk}/comparison/").content.decode()
    back = {"from": "1", "record": str(wide.pk), "field": "features"}
    assert suzuki.post(f"plans/{adoption.pk}/restoration/", back).status_code == 422
    with within():
        assert counted(wide) == {"シナリオ"}


def test_a_version_from_before_features_were_kept_tells_no_change_of_them(
    adoption: SuccessPlan, wide: Criterion, within: Any
) -> None:
    with within():
        now = versions.read(adoption)
        old = {
            key: replace(kept, fields={k: text for k, text in kept.fields.items() if k != "features"})
            for key, kept in now.items()
        }
        assert versions.compare(old, now).changes == []


def test_a_template_carries_the_features_into_the_next_plan(
    adoption: SuccessPlan, wide: Criterion, world: World, sign_in: Any, within: Any
) -> None:
    manager = Browser(sign_in(world.member(Role.MANAGER)))
    assert manager.post(f"plans/{adoption.pk}/template/", {"name": "広げる四半期"}).status_code == 303
    with within():
        line = TemplateLine.objects.get(kind="criterion")
        template = line.template
    html = manager.get(f"plan-templates/{template.pk}/").content.decode()
    assert "シナリオ、有人切替" in html
    with within():
        other = world.account("other")
        make.row(
            MetricSample,
            other,
            metric=MetricDefinition.objects.get(name="シナリオの回数"),
            unit=None,
            on=TODAY,
            value=3,
        )
        made = templating.make_plan(template, other, TODAY, title="次", starts_on=STARTS, ends_on=ENDS)
        one = Criterion.objects.get(objective__plan=made)
        assert (one.kind, one.baseline, one.target, one.unit) == ("breadth", 1, 2, "機能")
        assert counted(one) == {"シナリオ", "有人切替"}


def test_a_line_of_a_template_counts_features_or_reads_a_metric(
    adoption: SuccessPlan, world: World, sign_in: Any, within: Any
) -> None:
    manager = Browser(sign_in(world.member(Role.MANAGER)))
    with within():
        template = PlanTemplate.objects.create(name="広げる", plan_type="adoption")
        goal = TemplateLine.objects.create(template=template, text="広げる")
        line = TemplateLine.objects.create(template=template, below=goal, kind="criterion", text="使う機能")
        keys = [str(pk) for pk in ProductFeature.objects.order_by("pk").values_list("pk", flat=True)]
        seats = metric("週に一度は使う席")
    answer = manager.post(f"template-lines/{line.pk}/features/", {"feature": keys[:2]})
    assert answer.status_code == 200 and "シナリオ、有人切替" in answer.content.decode()
    refused = manager.post(
        f"edit/template_line/{line.pk}/", {"field": "measured_by", "value": seats, "base": ""}
    )
    assert (refused.status_code, "使う機能を数える基準" in refused.json()["message"]) == (422, True)
    assert manager.post(f"template-lines/{goal.pk}/features/", {"feature": keys}).status_code == 422
    program = Program(world.member(Role.MANAGER))
    assert program("GET", f"template-lines/{line.pk}").json()["features"] == sorted(keys[:2])
    written = program("PATCH", f"template-lines/{line.pk}", {"features": []}, If_Match="*")
    assert (written.status_code, written.json()["features"]) == (200, [])
    assert program("PATCH", f"template-lines/{goal.pk}", {"features": keys}, If_Match="*").status_code == 400


def test_the_next_plan_counts_the_same_features(
    adoption: SuccessPlan, wide: Criterion, world: World, within: Any
) -> None:
    with within():
        review = results.begin(wide.objective)
        results.confirm_figures(review, world.csm)
        ResultReview.objects.filter(pk=review.pk).update(
            quantity=60, quality="partly", analysis="席の多い部署では使われた"
        )
        review.refresh_from_db()
        results.decide(review, "execute", "", world.csm)
        following, _new = carry_on(adoption)
        one = Criterion.objects.get(objective__plan=following)
        assert (one.kind, one.baseline, one.actual, one.target) == ("breadth", 1, None, 2)
        assert counted(one) == {"シナリオ", "有人切替"}
