"""An account plan: a CSM and somebody of sales hold it together; expansion and advocacy (S3 3.9)."""

import json
from typing import Any

import pytest

from success_plans.models import ActionItem, Criterion, Objective, SuccessPlan
from tenants.roles import Role
from tests import make
from tests.api.program import Program
from tests.success_plans.conftest import ENDS, STARTS, Browser
from tests.world import World


@pytest.fixture
def sales(world: World, within: Any, sign_in: Any) -> Browser:
    """The commercial owner of 鈴木's account."""
    with within():
        account = world.account()
        account.commercial_owner = world.member(Role.SALES)
        account.save(update_fields=["commercial_owner"])
    return Browser(sign_in(world.member(Role.SALES)))


@pytest.fixture
def account_plan(world: World, sales: Browser, suzuki: Browser, within: Any) -> SuccessPlan:
    suzuki.post(f"accounts/{world.account_id()}/plans/new/", {"plan_type": "account", "period": "2026-2"})
    with within():
        return SuccessPlan.objects.get(plan_type="account")  # type: ignore[no-any-return]


def test_it_begins_with_the_csm_and_the_commercial_owner(account_plan: SuccessPlan, world: World) -> None:
    assert account_plan.csm_owner_id == world.csm.pk
    assert account_plan.sales_owner_id == world.member(Role.SALES).pk


def test_its_sections_take_objectives_of_their_own(
    account_plan: SuccessPlan, suzuki: Browser, within: Any
) -> None:
    html = suzuki.get(f"plans/{account_plan.pk}/").content.decode()
    assert "席・部門・製品を広げるために" in html and "事例や紹介につなげるために" in html
    suzuki.post(f"plans/{account_plan.pk}/objectives/?section=expansion", {"text": "大阪へ広げる"})
    suzuki.post(f"plans/{account_plan.pk}/objectives/?section=advocacy", {"text": "事例にしてもらう"})
    with within():
        found = dict(Objective.objects.filter(plan=account_plan).values_list("section", "statement"))
    assert found == {"expansion": "大阪へ広げる", "advocacy": "事例にしてもらう"}
    html = suzuki.get(f"plans/{account_plan.pk}/").content.decode()
    assert html.index("大阪へ広げる") < html.index("推奨・事例化") < html.index("事例にしてもらう")


def test_other_plans_have_no_sections(plan: SuccessPlan, suzuki: Browser, within: Any) -> None:
    suzuki.post(f"plans/{plan.pk}/objectives/?section=expansion", {"text": "広げる"})
    with within():
        made = Objective.objects.get(statement="広げる")
    assert made.section == ""
    answer = suzuki.post(f"edit/objective/{made.pk}/", {"field": "section", "value": "expansion", "base": ""})
    assert (answer.status_code, "アカウント計画" in answer.json()["message"]) == (422, True)


def test_sales_write_it_and_no_other_plan(
    account_plan: SuccessPlan, plan: SuccessPlan, sales: Browser, within: Any
) -> None:
    for there, status in ((account_plan, 200), (plan, 403)):
        assert sales.post(f"plans/{there.pk}/objectives/", {"text": "一緒に訪ねる"}).status_code == status
    with within():
        mine = Objective.objects.get(plan=account_plan)
        criterion = make.row(Criterion, account_plan.account, objective=mine, metric="席")
        action = make.row(ActionItem, account_plan.account, plan=account_plan, objective=mine, text="訪ねる")
        theirs = Criterion.objects.get(objective__plan=plan)
        other = ActionItem.objects.get(plan=plan)
    for kind, row, status in (("criterion", criterion, 200), ("criterion", theirs, 403)):
        given = {"field": "unit", "value": "席", "base": row.unit}
        assert sales.post(f"edit/{kind}/{row.pk}/", given).status_code == status
    assert sales.post(f"actions/{action.pk}/completion/").status_code == 200
    assert sales.post(f"actions/{other.pk}/completion/").status_code == 403
    assert "<quick-add" in sales.get(f"plans/{account_plan.pk}/").content.decode()
    assert "<quick-add" not in sales.get(f"plans/{plan.pk}/").content.decode()


def test_sales_are_offered_account_plans_alone(world: World, sales: Browser, within: Any) -> None:
    path = f"accounts/{world.account_id()}/plans/new/"
    html = sales.get(path).content.decode()
    assert "アカウント計画" in html and "回復計画" not in html
    assert sales.post(path, {"plan_type": "recovery", "period": "2026-2"}).status_code == 422
    assert sales.post(path, {"plan_type": "account", "period": "2026-2"}).status_code == 303
    program = Program(world.member(Role.SALES))
    body = {
        "account": str(world.account_id()),
        "title": "API",
        "starts_on": f"{STARTS}",
        "ends_on": f"{ENDS}",
    }
    assert program("POST", "plans", {**body, "plan_type": "recovery"}).status_code == 403
    made = program("POST", "plans", {**body, "plan_type": "account"})
    assert (made.status_code, made.json()["csm_owner"]) == (201, str(world.csm.pk))


def test_whoever_the_plan_names_writes_it(
    account_plan: SuccessPlan, world: World, sign_in: Any, within: Any
) -> None:
    with within():
        account = account_plan.account
        account.commercial_owner = None
        account.save(update_fields=["commercial_owner"])
    person = Browser(sign_in(world.member(Role.SALES)))
    assert person.post(f"plans/{account_plan.pk}/objectives/", {"text": "広げる"}).status_code == 200


def test_it_is_handed_in_by_two_owners(account_plan: SuccessPlan, suzuki: Browser, within: Any) -> None:
    suzuki.post(f"plans/{account_plan.pk}/objectives/?section=expansion", {"text": "大阪へ広げる"})
    base = str(account_plan.sales_owner_id)
    suzuki.post(f"edit/plan/{account_plan.pk}/", {"field": "sales_owner", "value": "", "base": base})
    refused = suzuki.post(f"plans/{account_plan.pk}/submission/")
    assert refused.status_code == 422
    assert "CSMと営業の2人で持ちます" in json.loads(refused.headers["HX-Trigger"])["toast"]["text"]
    suzuki.post(f"edit/plan/{account_plan.pk}/", {"field": "sales_owner", "value": base, "base": ""})
    assert suzuki.post(f"plans/{account_plan.pk}/submission/").status_code == 200
