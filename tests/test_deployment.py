"""What production is started with: Django's own list of dangers is empty, and every answer carries its guards."""

import os
import secrets
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings

from tests.world import World

PRODUCTION = {
    "MASUME_ENV": "production",
    "MASUME_ALLOWED_HOSTS": "masume.example",
    "MASUME_URL": "https://masume.example",
    "MASUME_BEHIND_PROXY": "1",
}


def in_production(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
    given = {**os.environ, **PRODUCTION, "MASUME_SECRET_KEY": secrets.token_urlsafe(50), **more}
    for name in ("DATABASE_OWNER_URL", "DJANGO_ALLOW_ASYNC_UNSAFE"):
        given.pop(name, None)
    return subprocess.run(
        [sys.executable, *words], env=given, cwd=settings.ROOT, capture_output=True, text=True, check=False
    )


def test_django_finds_nothing_to_warn_of() -> None:
    done = in_production("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "0 silenced" not in done.stdout + done.stderr, "the one that is silenced is named in the settings"


@pytest.mark.parametrize("weak", ["", "short", "a" * 60])
def test_a_weak_key_is_found(weak: str) -> None:
    done = in_production("manage.py", "check", "--deploy", "--fail-level", "WARNING", MASUME_SECRET_KEY=weak)
    assert done.returncode != 0


GUARDS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


@pytest.mark.parametrize(
    "path", ["/sign-in/", "/t/midori/", "/t/midori/absent/", "/absent/", "/api/v1/accounts"]
)
def test_every_answer_carries_its_guards(path: str, world: World, sign_in: Any) -> None:
    answer = sign_in(world.csm).get(path)
    assert {name: answer.headers.get(name) for name in GUARDS} == GUARDS
    if answer.headers["Content-Type"].startswith("text/html"):
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        assert "unsafe-inline" not in policy.replace("style-src-attr 'unsafe-inline'", "")
    if path.startswith("/t/"):
        assert "no-store" in answer.headers["Cache-Control"]


def test_the_cookie_of_a_session_is_nobody_elses() -> None:
    answer = in_production("-c", "import django; django.setup(); from django.conf import settings as s;"
        "print(s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE,"
        " s.CSRF_COOKIE_NAME, s.CSRF_COOKIE_SECURE, s.CSRF_COOKIE_SAMESITE, s.SECURE_SSL_REDIRECT,"
        " s.SECURE_HSTS_SECONDS >= 31_536_000, s.DEBUG)", DJANGO_SETTINGS_MODULE="cs_planner.settings")  # fmt: skip
    assert answer.stdout.split() == [
        "__Host-session", "True", "True", "Lax", "__Host-csrf", "True", "Lax", "True", "True", "False",
    ], answer.stderr  # fmt: skip
