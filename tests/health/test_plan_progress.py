"""The night measures progress in SQL; the plan page shows it from Python. Both must say the same."""

from datetime import date, timedelta
from itertools import product

import pytest

from accounts.models import BusinessUnit, MetricDefinition, MetricSample
from health.measures.plan_progress import against_expected
from success_plans.models import Criterion, Objective, SuccessPlan
from success_plans.progress import expected, progress
from tenants.scope import tenant_scope
from tests import make
from tests.world import TODAY, World

STARTS, ENDS = date(2026, 10, 1), date(2027, 3, 31)
FIGURES = (None, -3, 0, 5)
DAYS = (STARTS - timedelta(9), STARTS, TODAY, ENDS)


def test_the_night_and_the_page_agree_on_every_criterion(world: World) -> None:
    with tenant_scope(world.tenant(), actor="test"):
        account = world.account()
        plan = make.row(SuccessPlan, account, state="active", starts_on=STARTS, ends_on=ENDS)
        objective = make.row(Objective, account, plan=plan)
        Criterion.objects.bulk_create(
            Criterion(
                account=account, objective=objective, metric="m", direction=direction,
                baseline=baseline, actual=actual, target=target, due_on=DAYS[n % len(DAYS)],
            )
            for n, (direction, baseline, actual, target) in enumerate(product(("up", "down"), FIGURES, FIGURES, FIGURES))
        )  # fmt: skip
        judged = {row.pk: row for row in against_expected(TODAY)}
        for row in Criterion.objects.all():
            done = progress(row.direction, row.baseline, row.actual, row.target)
            due = expected(STARTS, row.due_on, TODAY)
            assert (row.pk in judged) == (done is not None and bool(due)), row.pk
            if row.pk in judged:
                assert judged[row.pk].done == pytest.approx(float(done or 0))
                assert judged[row.pk].expected == pytest.approx(float(due or 0))


def test_a_criterion_that_reads_a_metric_stands_where_the_newest_value_of_that_day_is(world: World) -> None:
    with tenant_scope(world.tenant(), actor="test"):
        account = world.account()
        plan = make.row(SuccessPlan, account, state="active", starts_on=STARTS, ends_on=ENDS)
        objective = make.row(Objective, account, plan=plan)
        metric = MetricDefinition.objects.create(name="自己解決率", unit="%")
        make.row(
            Criterion, account, objective=objective, baseline=40, actual=99, target=60, due_on=ENDS,
            measured_by=metric,
        )  # fmt: skip
        assert list(against_expected(TODAY)) == []
        unit = make.row(BusinessUnit, account)
        for days, value, where in ((20, 45, None), (3, 50, None), (1, 99, unit), (-1, 99, None)):
            MetricSample.objects.create(
                account=account, metric=metric, value=value, on=TODAY - timedelta(days), unit=where
            )
        assert [row.done for row in against_expected(TODAY)] == [0.5]
        assert [row.done for row in against_expected(TODAY - timedelta(10))] == [0.25]
        SuccessPlan.objects.filter(pk=plan.pk).update(unit=unit)
        assert [row.done for row in against_expected(TODAY)] == [pytest.approx(59 / 20)]
