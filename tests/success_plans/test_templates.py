"""Own types and templates: from a plan, into a plan, dated in the customer's fiscal calendar."""

import json
from datetime import date
from typing import Any

import pytest

from accounts.models import KeyPerson, MetricDefinition, PersonRole
from success_plans import templating
from success_plans.models import (
    ActionItem,
    Criterion,
    Objective,
    OwnPlanType,
    PlanTemplate,
    SuccessPlan,
    TemplateLine,
)
from tenants.roles import Role
from tests import make
from tests.api.program import Program
from tests.success_plans.conftest import ENDS, STARTS, Browser
from tests.world import TODAY, World


@pytest.fixture
def manager(world: World, sign_in: Any) -> Browser:
    return Browser(sign_in(world.member(Role.MANAGER)))


@pytest.fixture
def template(within: Any) -> PlanTemplate:
    """Half a year of onboarding: one objective, a criterion due after four months, actions by CSM and champion."""
    with within():
        made = PlanTemplate.objects.create(name="立ち上げ")
        metric = make.row(MetricDefinition, name="席")
        line = TemplateLine.objects.create(template=made, text="使い始める", detail="経営課題の応対コスト")
        TemplateLine.objects.create(
            template=made, below=line, kind="criterion", text="利用席数", unit="席", target=120, detail="管理画面",
            measured_by=metric, due_month=4, review_month=2,
        )  # fmt: skip
        for text, doer, month in (("説明会を開く", "csm", 1), ("展開の順を決める", "champion", None)):
            TemplateLine.objects.create(
                template=made, below=line, kind="action", text=text, doer=doer, due_month=month
            )
    return made


def made_from(template: PlanTemplate, world: World, browser: Browser, period: str) -> Any:
    given = {"plan_type": "customer_objective", "period": period, "template": str(template.pk)}
    return browser.post(f"accounts/{world.account_id()}/plans/new/", given)


@pytest.mark.parametrize(
    ("closing", "period", "criterion", "first", "last"),
    [
        ((3, None), "2026-2", date(2027, 1, 31), date(2026, 10, 31), date(2027, 3, 31)),
        ((12, None), "2027-1", date(2027, 4, 30), date(2027, 1, 31), date(2027, 6, 30)),
        ((12, 20), "2027-1", date(2027, 4, 20), date(2027, 1, 20), date(2027, 6, 20)),
        ((None, None), "next-6", date(2027, 3, 31), date(2026, 12, 31), date(2027, 5, 31)),
    ],
)
def test_a_plan_from_a_template_has_days_of_the_customers_calendar(
    closing: tuple[int | None, int | None], period: str, criterion: date, first: date, last: date,
    template: PlanTemplate, world: World, suzuki: Browser, within: Any,
) -> None:  # fmt: skip
    with within():
        account = world.account()
        account.fiscal_month, account.fiscal_day = closing
        account.save(update_fields=["fiscal_month", "fiscal_day"])
    assert made_from(template, world, suzuki, period).status_code == 303
    with within():
        plan = SuccessPlan.objects.get(account=account)
        objective = Objective.objects.get(plan=plan)
        one = Criterion.objects.get(objective=objective)
        days = list(ActionItem.objects.filter(plan=plan).order_by("pk").values_list("due_on", flat=True))
    assert (objective.statement, objective.why) == ("使い始める", "経営課題の応対コスト")
    assert objective.arises_from == "ひな型「立ち上げ」"
    assert (one.metric, one.unit, one.target, one.method) == ("利用席数", "席", 120, "管理画面")
    assert (one.due_on, one.measured_by_id is not None) == (criterion, True)
    assert days == [first, last]


def test_places_become_people(template: PlanTemplate, world: World, suzuki: Browser, within: Any) -> None:
    with within():
        person = make.row(KeyPerson, world.account(), name="若槻 智子")
        make.row(PersonRole, world.account(), person=person, kind="champion", starts_on=None, ends_on=None)
    made_from(template, world, suzuki, "2026-2")
    with within():
        csm, champion = ActionItem.objects.order_by("pk")
    assert (csm.assignee_id, champion.customer_assignee_id) == (world.csm.pk, person.pk)


def test_a_shorter_period_keeps_all_days_inside(template: PlanTemplate, world: World, within: Any) -> None:
    with within():
        TemplateLine.objects.update(due_month=12)
        plan = templating.make_plan(
            template, world.account(), TODAY, title="短い", starts_on=date(2026, 10, 1), ends_on=date(2026, 12, 31)
        )  # fmt: skip
        assert {row.due_on for row in ActionItem.objects.filter(plan=plan)} == {date(2026, 12, 31)}


def test_a_plan_becomes_a_template_and_that_a_plan(
    plan: SuccessPlan, world: World, manager: Browser, suzuki: Browser, within: Any
) -> None:
    assert suzuki.post(f"plans/{plan.pk}/template/", {"name": "入電削減"}).status_code == 403
    with within():
        ActionItem.objects.filter(plan=plan).update(assignee=world.csm.pk)
    assert manager.post(f"plans/{plan.pk}/template/", {"name": "入電削減"}).status_code == 303
    with within():
        made = PlanTemplate.objects.get(name="入電削減")
        criterion, action = TemplateLine.objects.filter(below__isnull=False).order_by("-kind")
        assert (criterion.text, criterion.direction, criterion.target) == ("入電数", "down", 31_500)
        assert (criterion.due_month, criterion.review_month) == (6, 3)
        assert (action.text, action.due_month, action.doer) == ("シナリオを12本に広げる", 1, "csm")
        again = templating.make_plan(
            made, world.account("other"), TODAY, title="次", starts_on=STARTS, ends_on=ENDS
        )
        one = Criterion.objects.get(objective__plan=again)
        assert (one.baseline, one.actual, one.due_on) == (None, None, ENDS)
    twice = manager.post(f"plans/{plan.pk}/template/", {"name": "入電削減"})
    assert (twice.status_code, "同じ名前のひな型" in twice.content.decode()) == (422, True)
    assert manager.post(f"plans/{plan.pk}/template/", {"name": " "}).status_code == 422


def test_months_and_days_are_each_others_inverse(plan: SuccessPlan) -> None:
    for month in range(1, 7):
        day = templating.day_of(plan, month)
        assert templating.month_of(plan, day) == month
    assert templating.month_of(plan, date(2026, 9, 30)) is None


# The settings page


def test_managers_write_templates_in_place(manager: Browser, within: Any) -> None:
    manager.post("settings/plan-types/new/", {"name": "導入計画", "plan_type": "adoption", "note": ""})
    with within():
        own = OwnPlanType.objects.get(name="導入計画")
    answer = manager.post("settings/plan-templates/new/", {"name": "はじめの3か月", "type": f"own:{own.pk}"})
    with within():
        made = PlanTemplate.objects.get(name="はじめの3か月")
    assert (made.plan_type, made.own_type_id) == ("adoption", own.pk)
    assert answer.headers["Location"].endswith(f"/plan-templates/{made.pk}/")
    manager.post(f"plan-templates/{made.pk}/objectives/", {"text": "毎週使う"})
    with within():
        line = TemplateLine.objects.get(text="毎週使う")
    for kind in ("criterion", "action"):
        assert manager.post(f"template-lines/{line.pk}/lines/?kind={kind}", {"text": kind}).status_code == 200
    assert manager.post(f"template-lines/{line.pk}/lines/?kind=objective", {"text": "x"}).status_code == 404
    with within():
        below = TemplateLine.objects.get(kind="criterion")
    edit = manager.post(f"edit/template_line/{below.pk}/", {"field": "due_month", "value": "13", "base": ""})
    assert edit.status_code == 422
    html = manager.get(f"plan-templates/{made.pk}/").content.decode()
    assert "毎週使う" in html and "何か月目の末まで" in html
    assert "はじめの3か月" in manager.get("settings/plan-templates/").content.decode()


def test_wrong_forms_keep_what_was_typed(manager: Browser, within: Any) -> None:
    answer = manager.post(
        "settings/plan-templates/new/", {"name": "名前", "type": "own:keine", "note": "説明"}
    )
    html = answer.content.decode()
    assert (answer.status_code, "種類を選んでください" in html, 'value="説明"' in html) == (422, True, True)
    with within():
        PlanTemplate.objects.create(name="名前")
    assert (
        manager.post("settings/plan-templates/new/", {"name": "名前", "type": "recovery"}).status_code == 422
    )


def test_csms_read_templates_and_do_not_write_them(template: PlanTemplate, suzuki: Browser) -> None:
    assert "立ち上げ" in suzuki.get("settings/plan-templates/").content.decode()
    assert "<quick-add" not in suzuki.get(f"plan-templates/{template.pk}/").content.decode()
    assert suzuki.post(f"plan-templates/{template.pk}/objectives/", {"text": "x"}).status_code == 403


def test_an_own_type_keeps_its_rules_and_shows_its_name(world: World, suzuki: Browser, within: Any) -> None:
    with within():
        own = OwnPlanType.objects.create(name="立て直し計画", plan_type="recovery")
    path = f"accounts/{world.account_id()}/plans/new/"
    suzuki.post(path, {"plan_type": f"own:{own.pk}", "period": "2026-2"})
    with within():
        plan = SuccessPlan.objects.get(own_type=own)
        assert plan.plan_type == "recovery"
    for n in range(5):
        answer = suzuki.post(f"plans/{plan.pk}/objectives/", {"text": f"目標{n}"})
    assert answer.status_code == 409
    assert "立て直し計画" in suzuki.get(f"plans/{plan.pk}/").content.decode()
    assert "立て直し計画" in suzuki.get(f"accounts/{world.account_id()}/plans/").content.decode()
    assert suzuki.post(path, {"plan_type": "own:x", "period": "2026-2"}).status_code == 422


# The limit of a recovery plan


@pytest.fixture
def many(within: Any) -> PlanTemplate:
    """A template that came to hold five objectives, although plans of its type hold four."""
    with within():
        made = PlanTemplate.objects.create(name="多すぎる", plan_type="recovery")
        for n in range(5):
            TemplateLine.objects.create(template=made, text=f"目標{n}", position=n)
    return made


def test_a_template_of_a_recovery_plan_takes_no_fifth(many: PlanTemplate, manager: Browser) -> None:
    answer = manager.post(f"plan-templates/{many.pk}/objectives/", {"text": "六つめ"})
    assert (answer.status_code, "4つまで" in answer.content.decode()) == (422, True)


def test_too_many_objectives_make_no_half_plan(
    many: PlanTemplate, world: World, suzuki: Browser, within: Any
) -> None:
    answer = made_from(many, world, suzuki, "2026-2")
    assert (answer.status_code, "4つまで" in answer.content.decode()) == (422, True)
    body = {"account": str(world.account_id()), "title": "API", "template": str(many.pk), "starts_on": f"{STARTS}", "ends_on": f"{ENDS}"}  # fmt: skip
    assert Program(world.csm)("POST", "plans", body).status_code == 400
    with within():
        assert not SuccessPlan.objects.exists()


def test_the_fifth_from_a_template_asks_and_is_swapped_in(
    many: PlanTemplate, world: World, suzuki: Browser, within: Any
) -> None:
    with within():
        plan = make.row(SuccessPlan, world.account(), plan_type="recovery", starts_on=STARTS, ends_on=ENDS)
        lines = [str(line.pk) for line in templating.offered_to(plan)]
    for line in lines[:4]:
        assert suzuki.post(f"plans/{plan.pk}/templates/objectives/", {"line": line}).status_code == 200
    asked = suzuki.post(f"plans/{plan.pk}/templates/objectives/", {"line": lines[4]})
    assert (asked.status_code, "どの目標と入れ替えますか" in asked.content.decode()) == (409, True)
    with within():
        out = Objective.objects.get(plan=plan, statement="目標1")
    assert suzuki.post(f"plans/{plan.pk}/swap/", {"line": lines[4], "out": str(out.pk)}).status_code == 200
    with within():
        found = list(
            Objective.objects.filter(plan=plan).order_by("position").values_list("statement", flat=True)
        )
    assert found == ["目標0", "目標4", "目標2", "目標3"]
    gone = suzuki.post(f"plans/{plan.pk}/templates/objectives/", {"line": str(out.pk)})
    assert "もうひな型にありません" in json.loads(gone.headers["HX-Trigger"])["toast"]["text"]


def test_templates_are_offered_by_type(
    template: PlanTemplate, plan: SuccessPlan, suzuki: Browser, within: Any
) -> None:
    assert "使い始める" in suzuki.get(f"plans/{plan.pk}/templates/").content.decode()
    with within():
        PlanTemplate.objects.update(plan_type="account")
    assert "まだありません" in suzuki.get(f"plans/{plan.pk}/templates/").content.decode()


# By API


def test_programs_write_templates_and_make_plans_from_them(world: World, within: Any) -> None:
    program = Program(world.member(Role.MANAGER))
    own = program("POST", "plan-types", {"name": "導入計画", "plan_type": "customer_objective"}).json()
    made = program("POST", "plan-templates", {"name": "API", "own_type": own["id"]}).json()
    line = program("POST", "template-lines", {"template": made["id"], "text": "使い始める"}).json()
    under = {"template": made["id"], "below": line["id"], "kind": "action", "text": "説明会", "due_month": 2}
    assert program("POST", "template-lines", under).status_code == 201
    assert program("POST", "template-lines", {**under, "below": None}).status_code == 400
    body = {"account": str(world.account_id()), "title": "下期", "template": made["id"], "starts_on": f"{STARTS}", "ends_on": f"{ENDS}"}  # fmt: skip
    plan = program("POST", "plans", body)
    assert (plan.status_code, plan.json()["own_type"]) == (201, own["id"])
    with within():
        assert ActionItem.objects.get(plan=plan.json()["id"]).due_on == date(2026, 11, 30)
    assert Program(world.csm)("POST", "plan-templates", {"name": "CSM"}).status_code == 403
    path = "plans/by-external-id/AP-1"
    for status in (201, 200):  # the second time it is there already
        again = program("PUT", path, {**body, "own_type": own["id"]}, If_Match="*" if status == 200 else "")
        assert again.status_code == status, again.json()
    wrong = {**body, "template": line["id"]}
    assert program("POST", "plans", wrong).status_code == 400
