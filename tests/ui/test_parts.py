"""The page of all parts: accessible, within its width, light, and content with the strict policy."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.ui.stub_urls import Server, conflict, refused

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(params=["/parts/", "/"], ids=["parts", "desk"])
def address(stub_site: str, request: Any) -> str:
    return stub_site + str(request.param)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing(page: Any, address: str, server: Server, scheme: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(address)
    assert violations(page) == []


@pytest.mark.parametrize("width", [320, 390, 640, 896, 1024, 1440, 1920])
def test_no_page_is_wider_than_the_window(page: Any, address: str, server: Server, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [1440, 390])
def test_targets_are_large_enough(page: Any, address: str, server: Server, width: int) -> None:
    """24 px, or as far apart; a box inside its label counts with the label (WCAG 2.5.8)."""
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address)
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, summary, select, nav a, [role=button]")]
            .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 24)
            .map((e) => e.outerHTML.slice(0, 120))"""
    )
    assert small == []


def test_a_page_needs_no_more_than_six_requests(page: Any, address: str, server: Server) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    assert len(requests) <= 6, requests


def test_the_policy_blocks_nothing_of_ours(page: Any, address: str, server: Server) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    answer = page.goto(address)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "'unsafe-inline'" not in policy.replace("style-src-attr 'unsafe-inline'", "")
    assert "unsafe-eval" not in policy
    page.locator(".fy-now").first.wait_for() if "/parts/" in address else None
    assert complaints == []


def test_on_a_phone_the_sidebar_opens_from_the_dock(page: Any, stub_site: str, server: Server) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(stub_site)
    sidebar = page.locator("#side")
    assert not sidebar.is_visible()
    page.get_by_role("button", name="その他").click()
    assert sidebar.is_visible()
    page.keyboard.press("Escape")
    assert not sidebar.is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_what_opens(page: Any, stub_site: str, server: Server, scheme: Any) -> None:
    server.will_answer(conflict, refused)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(stub_site)
    page.locator("#close").click()
    page.get_by_label("目標").fill("6分10秒")
    page.get_by_label("目標").press("Enter")
    page.locator(".conflict").wait_for()
    page.get_by_label("ARR").fill("たくさん")
    page.get_by_label("ARR").press("Enter")
    page.get_by_text("数字で入力してください。例:21").wait_for()
    page.get_by_role("button", name="閉じる").wait_for()
    page.locator("h1").click()
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert violations(page) == []
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").fill("東嶺")
    page.get_by_role("option").first.wait_for()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert violations(page) == []


def violations(page: Any) -> list[tuple[str, list[str]]]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [(rule["id"], [node["html"][:160] for node in rule["nodes"]]) for rule in found]
