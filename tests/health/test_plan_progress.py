"""The night measures progress in SQL; the plan page shows it from Python. Both must say the same."""

from datetime import date, timedelta
from itertools import product

import pytest

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
