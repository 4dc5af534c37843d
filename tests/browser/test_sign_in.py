"""A person makes a passkey and an authenticator, and signs in with each, in a real browser under the strict CSP."""

from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from axe_playwright_python.sync_playwright import Axe

from tests.world import PASSWORD, World

pytestmark = pytest.mark.usefixtures("fresh_cache")
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def world(transactional_db: Any) -> World:
    """The server reads in threads of its own, so what is written here is committed."""
    return World()


@pytest.fixture
def visitor(browser: Any, live_server: Any, world: World) -> Any:
    """A page at the sign-in that fails the test on any complaint of the browser, with a passkey chip built in."""
    context = browser.new_context(locale="ja-JP", base_url=live_server.url.replace("127.0.0.1", "localhost"))
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    chip = context.new_cdp_session(page)
    chip.send("WebAuthn.enable")
    chip.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.goto("/sign-in/")
    yield page
    context.close()
    assert complaints == []


def sign_in(page: Any) -> None:
    page.goto("/sign-in/")
    page.get_by_label("メールアドレス").fill("viewer@midori.example")
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="サインイン").click()


def sign_out(page: Any) -> None:
    page.goto("/sign-out/")
    page.get_by_role("button", name="サインアウト").click()
    page.wait_for_url("**/sign-in/**")


def confirm(page: Any) -> None:
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="確認する", exact=True).click()


def found_by_axe(page: Any) -> list[str]:
    return [violation["id"] for violation in Axe().run(page).response["violations"]]


def test_a_passkey_is_made_and_opens_the_door(visitor: Any) -> None:
    assert found_by_axe(visitor) == []
    sign_in(visitor)
    visitor.goto("/me/security/passkeys/add/")
    confirm(visitor)
    assert found_by_axe(visitor) == []
    visitor.get_by_role("button", name="パスキーを作る").click()
    visitor.wait_for_url("**/me/security/codes/")
    visitor.goto("/me/security/")
    assert "二つめの確認を使っています" in visitor.inner_text("h1")
    sign_out(visitor)
    visitor.get_by_role("button", name="パスキーで入る").click()
    visitor.wait_for_url("**/t/midori/")


def test_an_authenticator_app_is_asked_for_after_the_password(visitor: Any) -> None:
    sign_in(visitor)
    visitor.goto("/me/security/app/")
    confirm(visitor)
    secret = visitor.inner_text("code.secret")
    assert visitor.locator("img.qr").evaluate("image => image.naturalWidth") > 0
    assert found_by_axe(visitor) == []
    visitor.get_by_label("アプリに出た6桁").fill(code_of(secret))
    visitor.get_by_role("button", name="使いはじめる").click()
    visitor.wait_for_url("**/me/security/codes/")
    backup = visitor.locator(".codes code").first.inner_text()
    sign_out(visitor)
    sign_in(visitor)
    visitor.wait_for_url("**/sign-in/second/")
    assert found_by_axe(visitor) == []
    visitor.get_by_label("6桁の数字").fill(backup)
    visitor.get_by_role("button", name="確認する", exact=True).click()
    visitor.get_by_role("button", name="毎回たずねる").click()
    visitor.wait_for_url("**/t/midori/")


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))
