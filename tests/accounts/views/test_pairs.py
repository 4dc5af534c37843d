"""An issue of the management and the figures it is about: tied in the rows of either, told on both sides."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import DriverNode, IssueDriver, ManagementIssue
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.api.program import Program
from tests.world import World


@pytest.fixture
def csm(world: World, sign_in: Any) -> Client:
    return sign_in(world.csm)


@pytest.fixture
def ends(world: World) -> tuple[Any, Any]:
    with tenant_scope(world.tenant()):
        account = world.account()
        issue = ManagementIssue.objects.create(account=account, title="物流費を価格に転嫁できていない")
        return issue, DriverNode.objects.create(account=account, name="物流費率", kind="driver")


def tie(client: Client, world: World, issue: Any, driver: Any, at: str = "issue", **more: str) -> Any:
    form = {"issue": str(issue.pk), "driver": str(driver.pk), "at": at, **more}
    return client.post(f"/t/midori/accounts/{world.account_id()}/pairs/issue_driver/", form)


def shown(client: Client, world: World, where: str) -> str:
    return client.get(f"/t/midori/accounts/{world.account_id()}/{where}/").content.decode()


def test_it_is_tied_in_the_row_of_the_issue_and_shown_on_both_sides(
    csm: Client, world: World, ends: tuple[Any, Any]
) -> None:
    issue, driver = ends
    answer = tie(csm, world, issue, driver)
    assert (answer.status_code, answer["Location"].endswith(f"/context/#row-{issue.pk}")) == (303, True)
    context, drivers = shown(csm, world, "context"), shown(csm, world, "drivers")
    assert f"/drivers/#row-{driver.pk}" in context
    assert f"/context/#row-{issue.pk}" in drivers
    assert 'class="d-issue"' in drivers


def test_it_is_tied_in_the_row_of_the_figure_too_and_untied_with_a_way_back(
    csm: Client, world: World, ends: tuple[Any, Any]
) -> None:
    issue, driver = ends
    assert tie(csm, world, issue, driver, at="driver")["Location"].endswith(f"/drivers/#row-{driver.pk}")
    with tenant_scope(world.tenant()):
        pair = IssueDriver.objects.get()
    csm.post(f"/t/midori/delete/issue_driver/{pair.pk}/")
    assert 'class="d-issue"' not in shown(csm, world, "drivers")
    csm.post(f"/t/midori/restore/issue_driver/{pair.pk}/")
    assert 'class="d-issue"' in shown(csm, world, "drivers")
    history = csm.get(f"/t/midori/accounts/{world.account_id()}/history/").content.decode()
    assert "物流費を価格に転嫁できていない → 物流費率" in history


def test_what_lies_in_the_bin_is_not_shown_as_tied(csm: Client, world: World, ends: tuple[Any, Any]) -> None:
    issue, driver = ends
    tie(csm, world, issue, driver)
    assert f"#row-{driver.pk}" in shown(csm, world, "context")
    csm.post(f"/t/midori/delete/driver/{driver.pk}/")
    assert f"#row-{driver.pk}" not in shown(csm, world, "context")
    csm.post(f"/t/midori/restore/driver/{driver.pk}/")
    assert f"#row-{driver.pk}" in shown(csm, world, "context")


def test_the_same_two_are_tied_once(csm: Client, world: World, ends: tuple[Any, Any]) -> None:
    tie(csm, world, *ends)
    again = tie(csm, world, *ends)
    assert (again.status_code, "もう結んであります" in again.content.decode()) == (422, True)
    key = "7d3f4c9c-4f5c-4cf0-8f55-0d8a36a3a9f3"
    with tenant_scope(world.tenant()):
        other = DriverNode.objects.create(account=world.account(), name="送料", kind="driver")
    for _again in range(2):
        assert tie(csm, world, ends[0], other, idempotency_key=key).status_code == 303
    with tenant_scope(world.tenant()):
        assert IssueDriver.objects.count() == 2


def test_only_rows_of_the_same_account_are_tied(csm: Client, world: World, ends: tuple[Any, Any]) -> None:
    with tenant_scope(world.tenant()):
        elsewhere = DriverNode.objects.create(account=make.account(csm=world.csm), name="よその数字")
    assert tie(csm, world, ends[0], elsewhere).status_code == 422
    with tenant_scope(world.tenant()):
        assert not IssueDriver.objects.exists()


def test_whoever_may_not_write_the_account_reads_only(
    csm: Client, world: World, sign_in: Any, ends: tuple[Any, Any]
) -> None:
    reader = sign_in(world.member(Role.VIEWER))
    assert tie(reader, world, *ends).status_code == 403
    tie(csm, world, *ends)
    html = shown(reader, world, "context")
    assert "物流費率" in html
    assert "をほどく" not in html


def test_programs_tie_and_untie(world: World, ends: tuple[Any, Any]) -> None:
    ask = Program(world.csm)
    body = {"account": str(world.account_id()), "issue": str(ends[0].pk), "driver": str(ends[1].pk)}
    made = ask("POST", "issue_drivers", body)
    assert made.status_code == 201, made.content
    (found,) = ask("GET", f"issue_drivers?driver={ends[1].pk}").json()["results"]
    assert found["issue"] == str(ends[0].pk)
    assert ask("DELETE", f"issue_drivers/{found['id']}", If_Match="*").status_code == 204
    assert ask("GET", "issue_drivers").json()["results"] == []
