"""The page that describes the API: drawn from files of our own, under the policy of every other page."""

from typing import Any

from playwright.sync_api import expect

from cs_planner.api import RESOURCES

REPORTS = """
window.reports = [];
document.addEventListener("securitypolicyviolation", (e) => window.reports.push(`${e.effectiveDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`));
"""


def test_the_description_is_drawn_without_a_word_to_anybody_else(browser: Any, live_server: Any) -> None:
    strange: list[str] = []
    context = browser.new_context(locale="ja-JP")
    context.add_init_script(REPORTS)
    context.set_default_timeout(60_000)  # a busy machine takes its time to read two megabytes of script
    page = context.new_page()
    page.on("pageerror", lambda error: strange.append(str(error)))
    page.on(
        "request",
        lambda request: strange.append(request.url) if not at_home(request.url, live_server) else None,
    )
    page.on(
        "response",
        lambda answer: strange.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None,
    )
    page.goto(f"{live_server.url}/api/v1/docs")
    expect(page.locator(".opblock-tag")).to_have_count(len(RESOURCES), timeout=60_000)
    page.locator("#operations-tag-accounts").click()
    page.locator("#operations-accounts-accounts_change .opblock-summary-control").first.click()
    expect(page.locator("#operations-accounts-accounts_change")).to_contain_text("If-Match", timeout=60_000)
    page.locator("button.authorize").first.click()
    expect(page.locator(".auth-container")).to_contain_text("Bearer", timeout=60_000)
    assert strange == []
    assert page.evaluate("window.reports") == []
    context.close()


def at_home(url: str, live_server: Any) -> bool:
    return url.startswith((live_server.url, "data:"))
