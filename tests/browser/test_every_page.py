"""Every page that a CSM or an admin can open: nothing axe objects to, nothing wider than the window, no complaint of
the browser. Pages are found by walking the URLs, so a new one is looked at without anyone listing it."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings

from tenants.roles import Role
from tenants.scope import tenant_scope
from tests import crowd
from tests.test_query_counts import is_page, pages
from tests.world import World

WINDOWS = {"desktop, light": (1440, 900, "light"), "phone, dark": (390, 844, "dark")}


@pytest.mark.parametrize("window", WINDOWS)
def test_every_page_reads_well(
    browser: Any, live_server: Any, sign_in: Any, world: World, window: str
) -> None:
    with tenant_scope(world.tenant(), actor="test"):
        rows = crowd.grow(world, 3)
    faults: list[str] = []
    looked_at = 0

    def complain(error: Any) -> None:
        faults.append(str(error))

    width, height, scheme = WINDOWS[window]
    clients = [sign_in(world.csm), sign_in(world.member(Role.ADMIN))]
    for client in clients:
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        context = browser.new_context(
            locale="ja-JP",
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            reduced_motion="reduce",
        )
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", complain)
        for _name, door, path in pages(world, rows):
            if shows_a_page(client, path) and (client is clients[0] or not shows_a_page(clients[0], path)):
                page.goto(f"{live_server.url}{path}")
                looked_at += 1
                faults += [f"{door.route}: {fault}" for fault in faults_of(page)]
        context.close()
    assert faults == []
    assert looked_at > 20


def shows_a_page(client: Any, path: str) -> bool:
    """A whole page: fragments that htmx asks for have no head of their own."""
    response = client.get(path)
    return is_page(response) and b"<!doctype html>" in response.content[:200].lower()


def faults_of(page: Any) -> list[str]:
    found = [
        f"{violation['id']}: {violation['nodes'][0]['html'][:120]}"
        for violation in Axe().run(page).response["violations"]
    ]
    too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [*found, *([f"{too_wide}px wider than the window"] if too_wide > 0 else [])]
