"""A manager takes ten submitted plans through the queue without the mouse."""

from datetime import date
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from success_plans import reviewing
from success_plans.models import Criterion, Objective, PlanReview, SuccessPlan
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import make
from tests.ui.test_parts import RULES
from tests.world import World

TEN = 10


@pytest.fixture
def ten(world: World) -> list[SuccessPlan]:
    """Ten plans that wait, the even ones without a baseline."""
    plans = []
    with tenant_scope(world.tenant(), member=world.csm):
        for n in range(TEN):
            account = make.account(name=f"第{n}商事", csm=world.csm)
            plan = make.row(
                SuccessPlan, account, title="下期", starts_on=date(2026, 10, 1), ends_on=date(2027, 3, 31)
            )
            objective = make.row(
                Objective, account, plan=plan, statement="入電を月31,500件へ減らす", why="応対コスト"
            )
            baseline = None if n % 2 == 0 else 42_000
            make.row(
                Criterion, account, objective=objective, metric="入電数", direction="down", unit="件", baseline=baseline,
                target=31_500, due_on=date(2027, 3, 31), method="CTI月報", review_on=date(2026, 12, 8),
            )  # fmt: skip
            reviewing.submit(plan, world.csm)
            plans.append(plan)
    return plans


def outcomes(world: World) -> list[str]:
    with tenant_scope(world.tenant()):
        return list(PlanReview.objects.order_by("submitted_at").values_list("outcome", flat=True))


def test_ten_plans_without_the_mouse(ten: list[SuccessPlan], world: World, open_as: Any) -> None:
    page = open_as(world.member(Role.MANAGER), "../../reviews/")
    rows, name = page.locator(".queue li"), page.locator("#review-pane h2")
    expect(rows).to_have_count(TEN)
    for n in range(TEN):
        expect(name).to_contain_text(f"第{n}商事")
        if n == 8:  # a word of one's own, sent from where it is typed; letters are letters there
            page.keyboard.press("m")
            page.keyboard.type("ask and return")
            page.keyboard.press("Control+Enter")
        elif n % 2 == 0:
            page.keyboard.press("3")
            expect(page.locator("#review-pane input:checked")).to_have_count(1)
            page.keyboard.press("r")
        else:
            page.keyboard.press("a")
        expect(rows).to_have_count(TEN - n - 1)
    expect(page.locator("#review-pane")).to_be_empty()
    assert outcomes(world) == ["returned", "approved"] * (TEN // 2)
    with tenant_scope(world.tenant()):
        assert PlanReview.objects.get(plan=ten[8]).reason == "ask and return"
        assert "はじめの値はいくつですか" in "".join(PlanReview.objects.values_list("reason", flat=True))
    page.keyboard.press("z")
    expect(rows).to_have_count(1)
    assert outcomes(world).count("") == 1


def test_a_form_is_sent_right_before_htmx_has_bound_it(
    ten: list[SuccessPlan], world: World, open_as: Any
) -> None:
    page = open_as(world.member(Role.MANAGER), "../../reviews/")
    page.evaluate(
        """() => {
          const old = document.querySelector("form.pane"), fresh = old.cloneNode(true);
          old.replaceWith(fresh);
          fresh.querySelector("[name=reason]").value = "はじめの値を入れる";
          fresh.requestSubmit();
        }"""
    )
    expect(page.locator(".queue li")).to_have_count(TEN - 1)
    assert outcomes(world)[0] == "returned"
    assert "csrfmiddlewaretoken" not in page.url


def test_the_pane_follows_the_cursor_and_japanese_conversion_decides_nothing(
    ten: list[SuccessPlan], world: World, open_as: Any
) -> None:
    page = open_as(world.member(Role.MANAGER), "../../reviews/")
    name = page.locator("#review-pane h2")
    for key, shown in (("j", "第1商事"), ("j", "第2商事"), ("k", "第1商事")):
        page.keyboard.press(key)
        expect(name).to_contain_text(shown)
    page.keyboard.press("m")
    keys = page.context.new_cdp_session(page)
    keys.send("Input.imeSetComposition", {"text": "あ", "selectionStart": 1, "selectionEnd": 1})
    page.keyboard.press("a")
    page.keyboard.press("r")
    keys.send("Input.insertText", {"text": "亜"})
    expect(page.locator(".queue li")).to_have_count(TEN)
    assert outcomes(world) == [""] * TEN
    page.locator("#review-pane textarea").evaluate("box => box.blur()")
    page.keyboard.press("j")
    page.keyboard.press("a")  # at once: the pane may still be on its way
    page.wait_for_load_state("networkidle")
    expect(page.locator(".queue")).to_contain_text("第1商事")
    with tenant_scope(world.tenant()):
        assert not PlanReview.objects.filter(plan=ten[1]).exclude(outcome="").exists()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_queue_has_no_barriers(ten: list[SuccessPlan], world: World, open_as: Any, scheme: str) -> None:
    page = open_as(world.member(Role.MANAGER), "../../reviews/")
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.reload()  # no colour is on its way to another
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
