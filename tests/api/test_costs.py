"""How many statements each list costs: the same with few rows and with many. Every list is measured; nobody names them."""

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import (
    ActivityType,
    MetricDefinition,
    OccasionType,
    Product,
    ProductFeature,
    SheetEdition,
    SheetField,
)
from cs_planner.api import RESOURCES
from success_plans.models import OwnPlanType, PlanTemplate, TemplateLine
from tenants.owned import TenantOwned
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import crowd, make
from tests.world import World

AT_MOST = 16


def costs(call: Any) -> dict[str, tuple[int, int]]:
    """Rows and statements of each list."""
    call("GET", "accounts")  # the first request of a token notes when it was used
    found = {}
    for resource in RESOURCES:
        with CaptureQueriesContext(connection) as captured:
            answer = call("GET", f"{resource.name}?limit=200")
        rows = answer.json()["results"] if answer.status_code != 403 else []  # not everybody reads everything
        found[resource.name] = (len(rows), len(captured))
    return found


def of_the_company(count: int) -> None:
    """Rows that hang on no account."""
    OccasionType.objects.bulk_create(OccasionType(name=f"予定{count}-{n}") for n in range(count))
    ActivityType.objects.bulk_create(ActivityType(name=f"種類{count}-{n}", kind="call") for n in range(count))
    MetricDefinition.objects.bulk_create(MetricDefinition(name=f"指標{count}-{n}") for n in range(count))
    OwnPlanType.objects.bulk_create(OwnPlanType(name=f"種類{count}-{n}") for n in range(count))
    edition = make.row(SheetEdition, number=1000 + count, published_at=timezone.now())
    for n in range(count):
        make.row(SheetField, of=edition)  # and the section it stands in
        make.row(TemplateLine, template=make.row(PlanTemplate, name=f"ひな型{count}-{n}"), text="使い始める")
        make.row(ProductFeature, product=make.row(Product, name=f"製品{count}-{n}"), name="機能")


def test_a_list_costs_the_same_with_more_rows(world: World, program: Any) -> None:
    csm, helper = program(world.csm), program(world.member(Role.CONTRIBUTOR))
    seen = []
    for more in (3, 60):
        with tenant_scope(world.tenant(), actor="test"):
            crowd.grow(world, more)
            of_the_company(more)
        seen.append((costs(csm), costs(helper)))
    (few, few_for_helper), (many, many_for_helper) = seen
    for resource in RESOURCES:
        name = resource.name
        assert few[name][1] == many[name][1] <= AT_MOST, name
        assert few_for_helper[name][1] == many_for_helper[name][1] <= AT_MOST, name
        if issubclass(resource.model, TenantOwned):
            assert many[name][0] > few[name][0] >= 3, f"{name}: no rows to count by"
