from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from success_plans.models import Criterion, Objective, SuccessPlan
from tenants import jobs
from tenants.jobs.tidying import binned_models, children_first
from tenants.models import EditorMark, IdempotencyKey
from tenants.scope import tenant_scope
from tests import make
from tests.world import World


@pytest.fixture(autouse=True)
def scope(world: World) -> Any:
    with tenant_scope(world.tenant(), actor="test"):
        yield


def tidy() -> None:
    jobs.enqueue("tidy")
    assert jobs.work(watched=False) == 1


def test_the_bin_is_emptied_after_thirty_days_and_not_before(world: World) -> None:
    old, young = (make.row(SuccessPlan, world.account()) for _ in "12")
    for plan, days in ((old, 31), (young, 29)):
        plan.deleted_at = timezone.now() - timedelta(days=days)
        plan.save(update_fields=["deleted_at"])
    tidy()
    assert list(SuccessPlan.everything.values_list("pk", flat=True)) == [young.pk]


def test_what_hangs_together_leaves_together(world: World) -> None:
    plan = make.row(SuccessPlan, world.account())
    objective = make.row(Objective, world.account(), plan=plan)
    make.row(Criterion, world.account(), objective=objective)
    SuccessPlan.objects.update(deleted_at=timezone.now() - timedelta(days=40))
    tidy()
    assert not Criterion.everything.exists() and not SuccessPlan.everything.exists()


def test_children_come_before_their_parents() -> None:
    order = children_first(binned_models())
    assert order.index(Criterion) < order.index(Objective) < order.index(SuccessPlan)


def test_marks_and_keys_of_editing_live_a_day(world: World) -> None:
    for model in (EditorMark, IdempotencyKey):
        make.row(model, world.account())
        make.row(model, world.account(), created_at=timezone.now() - timedelta(days=2))
    tidy()
    assert (EditorMark.objects.count(), IdempotencyKey.objects.count()) == (1, 1)


def test_the_tidying_of_one_tenant_leaves_the_other_alone(world: World) -> None:
    with tenant_scope(world.tenant("aoba"), actor="test"):
        make.row(EditorMark, world.account("foreign"), created_at=timezone.now() - timedelta(days=2))
    tidy()
    with tenant_scope(world.tenant("aoba")):
        assert EditorMark.objects.exists()
