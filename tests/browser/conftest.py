"""People with browsers of their own on the running site."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from tenants.models import Membership
from tests.world import World


@pytest.fixture(autouse=True)
def _today() -> None:
    """The browsers have the machine's clock, so the server keeps it too."""


@pytest.fixture
def world(transactional_db: Any) -> World:
    """The server reads in threads of its own, so what is written here is committed."""
    return World()


@pytest.fixture
def open_as(browser: Any, live_server: Any, sign_in: Any, world: World) -> Iterator[Any]:
    """``open_as(member, rest)`` is a page of account ``mine`` in a browser of that member's own; the test fails when
    the browser complains."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def opened(member: Membership, rest: str = "") -> Any:
        cookie = sign_in(member).cookies[settings.SESSION_COOKIE_NAME]
        context = browser.new_context(locale="ja-JP")
        contexts.append(context)
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{live_server.url}/t/midori/accounts/{world.account_id()}/{rest}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
