"""The account list, an account, a plan and the saving of one field, each beside the floor in the same process."""

from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import cycle
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from bench import floor
from bench.figures import Figure, interleaved
from bench.world import EMAIL, RICH, SLUG, within
from success_plans.models import SuccessPlan
from tenants.models import User

TOKEN = "b" * 32


class Visitor:
    """Somebody signed in, who asks a WSGI application for a path and fails loudly on anything but 200."""

    def __init__(self, application: Any, mount: str, session: str) -> None:
        self.application, self.mount = application, mount
        self.cookie = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"

    def ask(self, path: str, **form: str) -> bytes:
        body = urlencode(form).encode()
        told: list[str] = []
        answer = self.application(self.environ(path, body), lambda status, headers: told.append(status))
        content = b"".join(answer)
        answer.close()
        assert told[0].startswith("200"), (told[0], path, content[:300])
        return content

    def environ(self, path: str, body: bytes) -> dict[str, Any]:
        return {
            "REQUEST_METHOD": "POST" if body else "GET", "PATH_INFO": self.mount + path, "SCRIPT_NAME": "",
            "QUERY_STRING": "", "SERVER_NAME": "localhost", "SERVER_PORT": "80", "HTTP_HOST": "localhost",
            "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "HTTP_COOKIE": self.cookie,
            "HTTP_X_CSRFTOKEN": TOKEN, "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body), "wsgi.errors": BytesIO(),
            "wsgi.url_scheme": "http", "wsgi.version": (1, 0), "wsgi.multithread": False,
            "wsgi.multiprocess": False, "wsgi.run_once": False,
        }  # fmt: skip


def measure(rounds: int) -> list[Figure]:
    session = sign_in()
    ours, least = (
        Visitor(get_wsgi_application(), f"/t/{SLUG}", session),
        Visitor(floor.application(), "", session),
    )
    found = rich_plans()
    plans, accounts = cycle([plan for plan, _account in found]), cycle([account for _plan, account in found])
    saved = str(next(accounts))

    def beside(name: str, mine: Callable[[], Any], other: Callable[[], Any], calls: int = 10) -> Figure:
        return interleaved(name, mine, other, rounds=rounds, calls=calls, statements=statements(mine))

    detail = lambda: least.ask(f"/accounts/{next(accounts)}/")  # noqa: E731
    return [
        beside("account list, 50 rows", lambda: ours.ask("/accounts/"), lambda: least.ask("/accounts/")),
        beside("account page", lambda: ours.ask(f"/accounts/{next(accounts)}/"), detail),
        beside("plan page (floor: account)", lambda: ours.ask(f"/plans/{next(plans)}/"), detail),
        beside("save one field", saving(ours, saved), saving(least, str(next(accounts))), calls=30),
    ]


def sign_in() -> str:
    client = Client()
    client.force_login(User.objects.get(email=EMAIL), backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def rich_plans() -> list[Any]:
    """Plans and their accounts: those with twenty notes."""
    with within():
        return list(SuccessPlan.objects.order_by("pk").values_list("pk", "account")[:RICH])


def saving(visitor: Visitor, pk: str) -> Callable[[], Any]:
    """A new text each time, started from the one before, as a person's page would send it."""
    texts: Iterator[str] = (f"業種{n}" for n in range(10**9))
    with within():
        before = [Account.objects.get(pk=pk).industry]

    def save() -> None:
        text = f"{visitor.mount or 'floor'} {next(texts)}"
        field = {"field": "industry", "value": text, "base": before[0]}
        visitor.ask(f"/edit/account/{pk}/", **field)
        before[0] = text

    return save


def statements(call: Callable[[], Any]) -> int:
    """SQL statements of one call, BEGIN and COMMIT not counted."""
    call()
    with CaptureQueriesContext(connection) as seen:
        call()
    return len(seen)
