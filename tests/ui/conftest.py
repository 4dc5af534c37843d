"""The stub site of `stub_urls`, served without a database, and a page of a real browser on it."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.test import override_settings

from tests.ui import stub_urls


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def stub_site() -> Iterator[str]:
    """The address of the stub site."""
    templates = [dict(settings.TEMPLATES[0])]
    templates[0]["DIRS"] = [*templates[0]["DIRS"], Path(__file__).parent / "templates"]
    with override_settings(ROOT_URLCONF="tests.ui.stub_urls", TEMPLATES=templates):
        site = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
        site.daemon_threads = True
        site.set_app(StaticFilesHandler(get_wsgi_application()))
        threading.Thread(target=site.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{site.server_port}"
        site.shutdown()
        site.server_close()


@pytest.fixture
def server() -> stub_urls.Server:
    """What the stub site was asked, and will answer."""
    stub_urls.server.__init__()  # type: ignore[misc]
    return stub_urls.server


@pytest.fixture
def desk(page: Any, stub_site: str, server: stub_urls.Server) -> Iterator[Any]:
    """A page with four fields of one record; fails the test when the browser complains."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(stub_site)
    yield page
    expected = ("Failed to load resource", "Response Status Error Code")  # answers the test asked for
    assert [text for text in complaints if not text.startswith(expected)] == []


@pytest.fixture
def stopped(desk: Any) -> Any:
    """The desk with its clock stopped: timers fire only when the test moves the time."""
    desk.clock.install(time=0)
    desk.clock.pause_at(1000)
    return desk
