"""A criterion over time: what was reached beside what was expected, and why it is called what it is called."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import MetricDefinition, MetricSample, Product, ProductFeature
from success_plans.adoption import count_features
from success_plans.course import course_of, explained, values_of
from success_plans.models import Criterion, SuccessPlan
from success_plans.progress import Status, status
from success_plans.standing import standing_on
from tests import make
from tests.api.program import Program
from tests.success_plans.conftest import Browser
from tests.world import TODAY, World

D = Decimal
LATER, PAST = date(2026, 12, 31), date(2026, 11, 18)


@pytest.mark.parametrize(
    ("done", "due", "due_on", "word"),
    [
        (None, D("0.5"), LATER, Status.UNKNOWN),
        (D(1), D("0.5"), PAST, Status.REACHED),
        (D("0.9"), D(1), PAST, Status.OVERDUE),
        (D("-0.1"), D("0.5"), LATER, Status.BACKWARDS),
        (D("0.4"), D("0.5"), LATER, Status.BEHIND),
        (D("0.5"), D("0.5"), LATER, Status.ON_TRACK),
        (D("0.5"), None, None, Status.UNDATED),
    ],
)
def test_one_word_for_where_it_stands(done: Any, due: Any, due_on: Any, word: Status) -> None:
    assert status(done, due, due_on, TODAY) is word


def the(plan: SuccessPlan) -> Any:
    return standing_on(
        Criterion.objects.filter(objective__plan=plan).select_related("objective__plan"), TODAY
    ).get()


def test_typed_values_come_from_history(plan: SuccessPlan, suzuki: Browser, within: Any) -> None:
    with within():
        one = the(plan)
    for value, base in (("37000", "38640"), ("36500", "37000")):
        suzuki.post(f"edit/criterion/{one.pk}/", {"field": "actual", "value": value, "base": base})
    with within():
        values = [value for _on, value in values_of(the(plan), plan, TODAY)]
    assert values == [36_500]  # of a day with several values the last one
    html = suzuki.get(f"criteria/{one.pk}/course/").content.decode()
    assert "36,500件" in html and "<svg" in html


def test_the_sentence_has_the_figures(plan: SuccessPlan, suzuki: Browser, within: Any, world: World) -> None:
    with within():
        one = the(plan)
        assert explained(one, TODAY) == (
            Status.ON_TRACK, "道のりの32%。今日の予定は27%で、予定どおりです",
        )  # fmt: skip
        assert explained(one, date(2027, 4, 1))[1] == "期日(2027/03/31)を過ぎて、道のりの32%です"
    told = Program(world.csm)("GET", f"criteria/{one.pk}").json()
    assert (told["status"], "予定どおり" in told["status_said"]) == ("on_track", True)


def test_a_metric_draws_its_values_of_the_period(plan: SuccessPlan, within: Any) -> None:
    with within():
        metric = make.row(MetricDefinition, name="入電", unit="件")
        for on, value in ((date(2026, 9, 1), 43_000), (date(2026, 10, 15), 41_000), (TODAY, 39_000)):
            make.row(MetricSample, plan.account, metric=metric, unit=None, on=on, value=value)
        Criterion.objects.filter(objective__plan=plan).update(measured_by=metric)
        found = course_of(the(plan), TODAY)
    assert found.label.split("、") == [
        "入電数の推移。2026/10/15 41,000件", "2026/11/19 39,000件",
    ]  # fmt: skip
    assert found.points[0][0] < found.points[1][0] == found.now
    assert found.points[0][1] < found.points[1][1]  # lower is further down
    assert found.way.startswith("M")


def test_breadth_draws_how_many_were_in_use(plan: SuccessPlan, within: Any) -> None:
    with within():
        product = make.row(Product)
        chosen = []
        for name, values in (("甲", (0, 3)), ("乙", (1, 1))):
            feature = make.row(ProductFeature, product=product, name=name)
            metric = make.row(MetricDefinition, name=name, feature=feature)
            for on, value in zip((date(2026, 10, 10), date(2026, 11, 10)), values, strict=True):
                make.row(MetricSample, plan.account, metric=metric, unit=None, on=on, value=value)
            chosen.append(feature)
        count_features(Criterion.objects.get(objective__plan=plan), chosen, TODAY)
        assert values_of(the(plan), plan, TODAY) == [(date(2026, 10, 10), 1), (date(2026, 11, 10), 2)]


def test_without_a_value_it_says_what_is_missing(plan: SuccessPlan, suzuki: Browser, within: Any) -> None:
    with within():
        one = make.row(Criterion, plan.account, objective=plan.objectives.get(), metric="まだ")
    html = suzuki.get(f"criteria/{one.pk}/course/").content.decode()
    assert "値がそろうと、進み具合がわかります" in html and "<svg" not in html
