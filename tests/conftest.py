import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client, TransactionTestCase
from django.test.client import ClientHandler
from hypothesis import settings as hypothesis_settings

from drill.outcome import Outcome
from tests import database
from tests.world import World, build_world

hypothesis_settings.register_profile("masume", deadline=None)  # a busy machine is no failure
hypothesis_settings.load_profile("masume")

CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
CHROMIUM_FLAGS = [
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


TAKE_MINUTES = ("attacks", "browser", "test_query_counts.py", "test_every_url.py", "test_strangers.py")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        database.create()
        build_world()


@pytest.fixture(autouse=True, scope="session")
def _clean_as_the_owner() -> Iterator[None]:
    """After a test that commits: empty the tables, then build the same world again, same ids."""

    def teardown(self: TransactionTestCase) -> None:
        database.clean()
        build_world()

    original = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = teardown
    yield
    TransactionTestCase._fixture_teardown = original


@pytest.fixture(autouse=True, scope="session")
def _middleware_is_built_once() -> Iterator[None]:
    """Each new client builds its own, and reads the list of static files for it; not where a test sets other settings."""
    build, usual = ClientHandler.load_middleware, settings._wrapped
    built: dict[str, Any] = {}

    def load(self: ClientHandler, is_async: bool = False) -> None:
        if settings._wrapped is not usual:
            build(self, is_async)
            return
        if not built:
            build(self, is_async)
            built.update({name: value for name, value in vars(self).items() if name.startswith("_")})
        vars(self).update(built)

    ClientHandler.load_middleware = load
    yield
    ClientHandler.load_middleware = build


@pytest.fixture
def world(db: Any) -> World:
    return World()


@pytest.fixture
def sign_in() -> Any:
    """``sign_in(member)`` gives a client of that person, with no ambient tenant scope."""

    def as_member(member: Any, **kwargs: Any) -> Client:
        client = Client(**kwargs)
        client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return as_member


@pytest.fixture
def fresh_cache() -> Any:
    """Nothing counted yet; call it to forget again. Other test processes use the same cache under other names."""

    def forget() -> None:
        client = cache._cache.get_client(write=True)  # type: ignore[attr-defined]
        for key in client.scan_iter(f"{settings.CACHES['default']['KEY_PREFIX']}:*"):
            client.delete(key)

    forget()
    return forget


@pytest.fixture
def holds() -> Callable[[Iterable[Outcome]], None]:
    """``holds(outcomes)`` prints what a drill tried, and names each case that did not hold."""

    def check(outcomes: Iterable[Outcome]) -> None:
        found = list(outcomes)
        for outcome in found:
            print(outcome.line())
        assert found
        assert [outcome.line() for outcome in found if not outcome.held] == []

    return check


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    flags = (
        [*CHROMIUM_FLAGS, "--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else CHROMIUM_FLAGS
    )
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": flags}


def takes_minutes(item: pytest.Item) -> bool:
    return bool({item.path.name, item.path.parent.name}.intersection(TAKE_MINUTES))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=takes_minutes, reverse=True)  # begun first, no process is left alone with it at the end
    for item in items:
        if "page" in getattr(item, "fixturenames", ()) or "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM and not os.environ.get("MASUME_REQUIRE_BROWSER"):
                item.add_marker(
                    pytest.mark.skip(reason="no Chromium found: install chromium or set CHROMIUM=/path")
                )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: needs a real Chromium")
    # Playwright's event loop runs in this thread; Django must still be allowed to use the database from it.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    matrix = sys.modules.get("tests.test_every_url")
    if matrix and matrix.COUNTED["cases"]:
        counted = f"matrix: {matrix.COUNTED['cases']} cases over {len(matrix.DOORS)} URLs"
        terminalreporter.write_line(counted)
    skipped = [r for r in terminalreporter.stats.get("skipped", []) if "no Chromium" in str(r.longrepr)]
    if skipped:
        terminalreporter.write_line(
            f"! {len(skipped)} BROWSER TESTS WERE NOT RUN: no Chromium on this machine", red=True
        )
