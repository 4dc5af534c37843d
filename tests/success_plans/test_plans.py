from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import BusinessUnit, MetricDefinition, MetricSample
from success_plans.models import ActionItem, Criterion, Objective, OwnPlanType, SuccessPlan
from tenants.roles import Role
from tests import make
from tests.success_plans.conftest import ENDS, STARTS, Browser
from tests.world import World


def texts(response: Any) -> str:
    return response.content.decode()


def test_a_plan_is_made_for_the_customers_half_by_one_press(
    world: World, suzuki: Browser, within: Any
) -> None:
    path = f"accounts/{world.account_id()}/plans/new/"
    assert "2026年度下期" in texts(suzuki.get(path))
    response = suzuki.post(path, {"plan_type": "customer_objective", "period": "2026-2"})
    with within():
        made = SuccessPlan.objects.get(account=world.account_id())
    assert (response.status_code, made.title) == (303, "2026年度下期 サクセスプラン")
    assert (made.starts_on, made.ends_on, made.state) == (STARTS, ENDS, "draft")
    assert response["Location"].endswith(f"/plans/{made.pk}/")


def test_the_same_key_makes_one_plan(world: World, suzuki: Browser, within: Any) -> None:
    path = f"accounts/{world.account_id()}/plans/new/"
    form = {"plan_type": "recovery", "period": "2026-2", "idempotency_key": "k" * 20}
    assert suzuki.post(path, form)["Location"] == suzuki.post(path, form)["Location"]
    with within():
        assert SuccessPlan.objects.count() == 1


def test_own_dates_are_checked_and_what_was_typed_stays(world: World, suzuki: Browser, within: Any) -> None:
    form = {
        "plan_type": "recovery", "period": "own", "title": "立て直し", "starts_on": "2026-12-01", "ends_on": "2026-11-01",
    }  # fmt: skip
    response = suzuki.post(f"accounts/{world.account_id()}/plans/new/", form)
    assert response.status_code == 422
    assert "おわりは、はじめより後にしてください" in texts(response)
    assert "立て直し" in texts(response)
    with within():
        assert not SuccessPlan.objects.exists()


def test_the_page_shows_progress_beside_what_was_expected_by_today(
    plan: SuccessPlan, suzuki: Browser
) -> None:
    html = texts(suzuki.get(f"plans/{plan.pk}/"))
    assert "32%。今日の予定は27%" in html  # 49 of 181 days have passed
    assert "19日超過" in html
    assert "12/08(火) 入電数" in html


def test_blanks_are_questions(plan: SuccessPlan, suzuki: Browser) -> None:
    html = texts(suzuki.get(f"plans/{plan.pk}/"))
    assert "先方では誰が責任を持ちますか" in html
    assert "SMART 5項目中3項目を満たす(具体性要確認、達成可能性要確認)" in html


def test_a_plan_goes_its_way_and_every_step_is_undone(plan: SuccessPlan, suzuki: Browser) -> None:
    done = suzuki.post(f"plans/{plan.pk}/completion/")
    assert "プランを完了にしました" in done.headers["HX-Trigger"].encode().decode("unicode_escape")
    assert f"plans/{plan.pk}/reopening/?to=active" in done.headers["HX-Trigger"]
    assert "「実行中」に戻す" in texts(suzuki.get(f"plans/{plan.pk}/"))
    suzuki.post(f"plans/{plan.pk}/reopening/?to=active")
    assert "完了にする" in texts(suzuki.get(f"plans/{plan.pk}/"))
    assert suzuki.post(f"plans/{plan.pk}/cancellation/").status_code == 200
    assert suzuki.post(f"plans/{plan.pk}/activation/").status_code == 422
    assert suzuki.post(f"plans/{plan.pk}/reopening/?to=completed").status_code == 422


@pytest.mark.parametrize(
    ("role", "reads", "edits"),
    [
        (Role.ADMIN, 200, 200),
        (Role.MANAGER, 200, 200),
        (Role.SALES, 200, 403),
        (Role.VIEWER, 200, 403),
        (Role.CONTRIBUTOR, 404, 404),
    ],
)
def test_who_reads_and_who_edits(
    role: Role, reads: int, edits: int, plan: SuccessPlan, world: World, sign_in: Any
) -> None:
    person = Browser(sign_in(world.member(role)))
    assert person.get(f"plans/{plan.pk}/").status_code == reads
    assert person.post(f"plans/{plan.pk}/completion/").status_code == edits
    assert person.post(f"plans/{plan.pk}/objectives/", {"text": "x"}).status_code == edits


def test_a_viewer_sees_no_control(plan: SuccessPlan, world: World, sign_in: Any) -> None:
    html = texts(Browser(sign_in(world.member(Role.VIEWER))).get(f"plans/{plan.pk}/"))
    assert "<inline-edit" not in html
    assert "<quick-add" not in html
    assert "入電を月31,500件へ減らす" in html


def test_the_list_narrows_by_whose_and_by_state(
    plan: SuccessPlan, world: World, suzuki: Browser, within: Any
) -> None:
    with within():
        make.row(SuccessPlan, world.account("other"), title="南風の計画", starts_on=STARTS, ends_on=ENDS)
    mine, everybody = texts(suzuki.get("plans/")), texts(suzuki.get("plans/?whose=all"))
    assert "2026年度下期" in mine and "南風の計画" not in mine
    assert "2026年度下期" in everybody and "南風の計画" in everybody
    assert "南風の計画" not in texts(suzuki.get("plans/?whose=all&state=active"))
    assert "ここに当てはまるプランはありません" in texts(suzuki.get("plans/?state=closed"))


def test_the_list_narrows_by_type_also_by_ones_own(
    plan: SuccessPlan, world: World, suzuki: Browser, within: Any
) -> None:
    with within():
        own = OwnPlanType.objects.create(name="更新準備計画", plan_type="customer_objective")
        make.row(
            SuccessPlan, world.account(), title="更新の支度", own_type=own, starts_on=STARTS, ends_on=ENDS
        )
    both, mine = (
        texts(suzuki.get("plans/?type=customer_objective")),
        texts(suzuki.get(f"plans/?type=own:{own.pk}")),
    )
    assert "2026年度下期" in both and "更新の支度" in both
    assert "2026年度下期" not in mine and "更新の支度" in mine
    assert "2026年度下期" not in texts(suzuki.get("plans/?type=recovery"))
    assert "2026年度下期" in texts(suzuki.get("plans/?type=invented"))


def test_nothing_of_a_plan_that_ended_is_late(
    plan: SuccessPlan, world: World, suzuki: Browser, within: Any
) -> None:
    with within():
        ActionItem.objects.filter(plan=plan).update(due_on=date(2026, 10, 1))
    listed = f"accounts/{world.account_id()}/plans/"
    assert "日超過" in texts(suzuki.get(listed))
    with within():
        SuccessPlan.objects.filter(pk=plan.pk).update(state="completed")
    assert "日超過" not in texts(suzuki.get(listed))


def test_the_list_turns_its_pages(world: World, suzuki: Browser, within: Any) -> None:
    with within():
        for n in range(60):
            make.row(
                SuccessPlan,
                world.account(),
                title=f"計画{n:02}",
                starts_on=STARTS,
                ends_on=date(2027, 1 + n % 12, 1),
            )
    first = suzuki.get("plans/")
    second = suzuki.get(f"plans/?after={first.context['found'].after}")
    titles = [row.plan.title for page in (first, second) for row in page.context["rows"]]
    assert len(titles) == len(set(titles)) == 60


def statements(browser: Browser, path: str) -> int:
    browser.get(path)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert browser.get(path).status_code == 200
    return len(seen)


@pytest.mark.parametrize(
    "page", ["plans/{plan}/", "plans/", "accounts/{account}/plans/", "plans/{plan}/figures/"]
)
def test_statements_do_not_grow_with_rows(
    page: str, plan: SuccessPlan, world: World, suzuki: Browser, within: Any
) -> None:
    path = page.format(plan=plan.pk, account=world.account_id())
    few = statements(suzuki, path)
    with within():
        account = world.account()
        for _n in range(12):
            make.row(SuccessPlan, account, starts_on=STARTS, ends_on=ENDS)
            objective = make.row(Objective, account, plan=plan)
            make.row(Criterion, account, objective=objective)
            make.row(ActionItem, account, plan=plan, objective=objective)
    assert statements(suzuki, path) == few


def test_a_criterion_reads_its_actual_from_a_metric_and_says_so(
    plan: SuccessPlan, suzuki: Browser, within: Any
) -> None:
    with within():
        criterion = Criterion.objects.get()
        Criterion.objects.update(unit="")
        metric = MetricDefinition.objects.create(name="入電数", unit="件/月", direction="down")
        MetricSample.objects.create(
            account=plan.account, metric=metric, on=date(2026, 11, 18), value=36_750, origin="import"
        )
    edit = f"edit/criterion/{criterion.pk}/"
    suzuki.post(edit, {"field": "measured_by", "value": f"{metric.pk}", "base": ""})
    text = suzuki.get(f"plans/{plan.pk}/").content.decode()
    assert "36,750" in text
    assert "計測値 11/18" in text
    assert "50%" in suzuki.get(f"plans/{plan.pk}/figures/").content.decode()
    refused = suzuki.post(edit, {"field": "actual", "value": "1", "base": "38640"})
    assert (refused.status_code, "実績は計測値から読みます" in str(refused.json())) == (422, True)
    with within():
        criterion.refresh_from_db()
        assert (criterion.unit, criterion.actual) == ("件/月", 38_640)
    suzuki.post(edit, {"field": "measured_by", "value": "", "base": f"{metric.pk}"})
    again = suzuki.get(f"criteria/{criterion.pk}/actual/").content.decode()
    assert "38,640" in again
    assert "計測値 11/18" not in again


def test_a_plan_of_one_unit_says_so_and_reads_the_values_of_that_unit(
    plan: SuccessPlan, suzuki: Browser, within: Any
) -> None:
    with within():
        sendai = BusinessUnit.objects.create(account=plan.account, name="仙台センター")
        other = make.account()
        foreign = BusinessUnit.objects.create(account=other, name="よその部門")
        metric = MetricDefinition.objects.create(name="入電数")
        Criterion.objects.update(measured_by=metric)
        for unit, value in ((None, 40_000), (sendai, 33_000)):
            MetricSample.objects.create(
                account=plan.account, metric=metric, on=date(2026, 11, 18), value=value, unit=unit
            )
    page = f"plans/{plan.pk}/"
    assert "40,000" in texts(suzuki.get(page))
    edit = f"edit/plan/{plan.pk}/"
    refused = suzuki.post(edit, {"field": "unit", "value": f"{foreign.pk}", "base": ""})
    assert refused.status_code == 422
    assert suzuki.post(edit, {"field": "unit", "value": f"{sendai.pk}", "base": ""}).status_code == 200
    text = texts(suzuki.get(page))
    assert "33,000" in text
    assert f"metrics/?unit={sendai.pk}" in text
    assert "仙台センター" in texts(suzuki.get(f"accounts/{plan.account_id}/plans/"))
    assert "仙台センター" in texts(suzuki.get("plans/"))
