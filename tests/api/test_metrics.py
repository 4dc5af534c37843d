"""Metrics and their values through the API: kept by key, one value per day, never in the future."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import MetricSample
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests.world import World


def test_a_program_keeps_a_metric_by_its_key_and_sends_values(world: World, program: Any) -> None:
    manager, csm = program(world.member(Role.MANAGER)), program(world.csm)
    body = {"name": "週に一度は使う席", "unit": "席", "decimals": 0}
    assert csm("PUT", "metrics/by-external-id/weekly_seats", body).status_code == 403
    made = manager("PUT", "metrics/by-external-id/weekly_seats", body)
    assert made.status_code == 201
    assert manager("PUT", "metrics/by-external-id/weekly_seats", body, If_Match="*").status_code == 200
    today = timezone.localdate()
    value = {"account": str(world.account_id()), "metric": made.json()["id"], "on": f"{today}", "value": 46.5}
    path = f"metric-samples/by-external-id/weekly-{today}"
    assert csm("PUT", path, value).status_code == 201
    again = csm("PUT", path, {**value, "value": 47}, If_Match="*")
    assert (again.status_code, again.json()["value"], again.json()["origin"]) == (200, "47", "api")
    double = csm("POST", "metric-samples", value)
    assert (double.status_code, double.json()["code"]) == (409, "duplicate")
    tomorrow = {**value, "on": f"{today + timedelta(days=1)}"}
    assert csm("POST", "metric-samples", tomorrow).status_code == 400
    listed = csm("GET", f"metric-samples?metric={made.json()['id']}&on_from={today}").json()
    assert [one["value"] for one in listed["results"]] == ["47"]
    with tenant_scope(world.tenant()):
        assert MetricSample.objects.get().events.count() == 2
