from datetime import date, timedelta
from typing import Any

import pytest

from accounts.models import MetricDefinition, MetricSample
from ctas.models import RuleSetting, Status
from success_plans.models import Checkpoint, Criterion, Objective, ResultReview, SuccessPlan
from tenants.scope import tenant_scope
from tests import make
from tests.ctas.verbs import fires, settles, stays_quiet
from tests.world import TODAY, World

RULE = "result_due"
ENDS = date(2027, 3, 31)
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture(autouse=True)
def scope(world: World) -> Any:
    with tenant_scope(world.tenant(), actor="test"):
        yield


@pytest.fixture
def criterion(world: World) -> Criterion:
    """Of an active plan, due in March, with one checkpoint that passed with its actual and one to come."""
    account = world.account()
    plan = make.row(
        SuccessPlan, account, title="下期", state="active", starts_on=date(2026, 10, 1), ends_on=ENDS
    )
    objective = make.row(Objective, account, plan=plan, statement="離職率を下げる")
    found = make.row(
        Criterion,
        account,
        objective=objective,
        metric="離職率",
        direction="down",
        baseline=30,
        target=21,
        due_on=ENDS,
    )
    make.row(Checkpoint, account, criterion=found, on=TODAY - timedelta(days=30), planned=28, actual=27)
    make.row(Checkpoint, account, criterion=found, on=TODAY + timedelta(days=30), planned=24)
    return found  # type: ignore[no-any-return]


def passed(criterion: Criterion, on: date = YESTERDAY) -> Checkpoint:
    return make.row(Checkpoint, criterion.account, criterion=criterion, on=on, planned=26)  # type: ignore[no-any-return]


def decide(criterion: Criterion, world: World) -> None:
    make.row(
        ResultReview, criterion.account, objective=criterion.objective, figures_at="2026-11-18T00:00Z", quantity=60,
        quality="partly", analysis="効いた", proposed="execute", verdict="execute", decided_at="2026-11-19T00:00Z",
        decided_by=world.csm,
    )  # fmt: skip


def test_days_to_come_and_days_with_an_actual_are_quiet(criterion: Criterion) -> None:
    stays_quiet(RULE, criterion.account)


def test_an_agreed_day_without_an_actual_fires_and_closes_with_it(criterion: Criterion) -> None:
    point = passed(criterion)
    cta = fires(RULE, criterion.account)
    assert (cta.subject, cta.occurrence) == (str(point.pk), "checkpoint/2026-11-18")
    assert cta.evidence == {"plan": "下期", "metric": "離職率", "on": "2026-11-18", "check": "checkpoint"}
    Checkpoint.objects.filter(pk=point.pk).update(actual=26)
    assert settles(RULE, TODAY) == 1
    cta.refresh_from_db()
    assert (cta.status, cta.ending) == (Status.RESOLVED, "measured")


def test_the_day_itself_has_not_passed(criterion: Criterion) -> None:
    passed(criterion, TODAY)
    stays_quiet(RULE, criterion.account)


def test_a_day_that_was_moved_closes_and_is_another_one_later(criterion: Criterion) -> None:
    point = passed(criterion)
    cta = fires(RULE, criterion.account)
    later = TODAY + timedelta(days=7)
    Checkpoint.objects.filter(pk=point.pk).update(on=later)
    assert settles(RULE, TODAY) == 1
    cta.refresh_from_db()
    assert cta.ending == "moved"
    assert fires(RULE, criterion.account, later + timedelta(days=1)).occurrence == f"checkpoint/{later}"


@pytest.mark.parametrize(("days_before", "counts"), [(31, True), (32, False)])
def test_a_criterion_that_reads_a_metric_needs_a_value_about_that_day(
    days_before: int, counts: bool, criterion: Criterion
) -> None:
    metric = make.row(MetricDefinition, criterion.account, name="離職率")
    Criterion.objects.filter(pk=criterion.pk).update(measured_by=metric)
    point = passed(criterion)
    make.row(
        MetricSample, criterion.account, metric=metric, on=point.on - timedelta(days=days_before), value=26
    )
    if counts:
        stays_quiet(RULE, criterion.account)
    else:
        fires(RULE, criterion.account)


def test_a_target_date_without_a_review_fires_and_closes_with_its_verdict(
    criterion: Criterion, world: World
) -> None:
    Criterion.objects.filter(pk=criterion.pk).update(due_on=YESTERDAY)
    cta = fires(RULE, criterion.account)
    assert (cta.subject, cta.occurrence) == (str(criterion.pk), "target/2026-11-18")
    decide(criterion, world)
    assert settles(RULE, TODAY) == 1
    cta.refresh_from_db()
    assert (cta.status, cta.ending) == (Status.RESOLVED, "reviewed")


@pytest.mark.parametrize(
    ("state", "checkpoints", "targets"),
    [
        ("active", True, True),
        ("completed", False, True),
        ("cancelled", False, False),
        ("draft", False, False),
    ],
)
def test_a_plan_that_is_over_still_owes_its_review(
    state: str, checkpoints: bool, targets: bool, criterion: Criterion
) -> None:
    SuccessPlan.objects.update(state=state)
    point = passed(criterion)
    (fires if checkpoints else stays_quiet)(RULE, criterion.account)
    point.put_in_bin()
    Criterion.objects.filter(pk=criterion.pk).update(due_on=YESTERDAY)
    (fires if targets else stays_quiet)(RULE, criterion.account)


def test_old_target_dates_open_nothing_but_keep_what_is_open(criterion: Criterion) -> None:
    Criterion.objects.filter(pk=criterion.pk).update(due_on=TODAY - timedelta(days=31))
    stays_quiet(RULE, criterion.account)
    Criterion.objects.filter(pk=criterion.pk).update(due_on=TODAY - timedelta(days=30))
    cta = fires(RULE, criterion.account)
    assert settles(RULE, TODAY + timedelta(days=100)) == 0
    cta.refresh_from_db()
    assert cta.status == Status.TODO


def test_a_tenant_may_wait_longer(criterion: Criterion) -> None:
    passed(criterion, TODAY - timedelta(days=5))
    RuleSetting.objects.create(rule=RULE, key="checkpoint", value="5", set_on=TODAY)
    stays_quiet(RULE, criterion.account)
    fires(RULE, criterion.account, TODAY + timedelta(days=1))


def test_what_lies_in_the_bin_is_not_missed(criterion: Criterion) -> None:
    passed(criterion)
    criterion.objective.put_in_bin()
    stays_quiet(RULE, criterion.account)
