"""CTAs under a keyboard: done, taken back, left behind by its toast, snoozed; and what a screen reader gets."""

from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Contract
from ctas import night
from ctas.models import Cta
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests.world import World


@pytest.fixture
def three(world: World) -> None:
    """A budget and two renewals for 鈴木, opened by this morning's night."""
    with tenant_scope(world.tenant(), actor="job:night"), timezone.override(world.tenant().zone):
        today = timezone.localdate()
        for name, days in (("本契約", 30), ("追加席", 60)):
            Contract.objects.create(
                account=world.account(), name=name, renews_on=today + timedelta(days=days)
            )
        night.run(today)
        Cta.objects.exclude(rule="renewal_near").delete()


def statuses(world: World) -> list[str]:
    with tenant_scope(world.tenant()):
        return sorted(Cta.objects.values_list("status", flat=True))


def test_a_row_is_ticked_off_taken_back_and_leaves_with_its_toast(
    three: None, world: World, open_as: Any
) -> None:
    page = open_as(world.csm, "../../ctas/")
    rows, toast = page.locator(".cta"), page.locator(".toast")
    expect(rows).to_have_count(2)
    page.keyboard.press("j")
    page.keyboard.press("e")
    expect(page.locator(".cta[data-closed]")).to_have_count(1)
    assert statuses(world) == ["done", "todo"]
    with page.expect_response(lambda answer: answer.url.endswith("/ctas/")):  # the list comes anew
        page.keyboard.press("z")
    page.wait_for_load_state("networkidle")
    expect(page.locator(".cta[data-closed]")).to_have_count(0)
    expect(rows).to_have_count(2)
    page.keyboard.press("j")
    page.keyboard.press("e")
    toast.get_by_role("button", name="閉じる").click()
    expect(rows).to_have_count(1)


def test_a_snooze_asks_until_when_and_why(three: None, world: World, open_as: Any) -> None:
    page = open_as(world.csm, "../../ctas/")
    page.keyboard.press("j")
    page.keyboard.press("s")
    form = page.locator(".cta-more form")
    form.get_by_label("理由").fill("先方の稟議を待つ")
    form.get_by_role("button", name="延ばす").click()
    expect(page.locator(".toast")).to_contain_text("まで延ばしました")
    assert statuses(world) == ["snoozed", "todo"]


@pytest.mark.parametrize(
    "path", ["ctas/", "settings/rules/?rule=renewal_near", "accounts/{account}/health/", "ctas/{cta}/"]
)
def test_the_pages_are_for_everybody(path: str, three: None, world: World, open_as: Any) -> None:
    with tenant_scope(world.tenant()):
        cta = Cta.objects.first()
    page = open_as(world.member(Role.MANAGER), "../../" + path.format(account=world.account_id(), cta=cta.pk))
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == []
