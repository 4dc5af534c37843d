"""The site as production runs it, on a database of a drill, and people who are signed in to it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from django.conf import settings
from django.test import Client

from bootstrap.supervisor import WEB
from tenants.models import User

ROOT = Path(__file__).resolve().parent.parent
OWNERS = ("DATABASE_OWNER_URL", "DATABASE_BACKUP_URL")  # the web is never given them


@contextmanager
def serving(app_url: str, **environment: str) -> Iterator[int]:
    """gunicorn with the workers and threads of ``run.py`` on the database ``app_url``; gives its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", *WEB.split(), "--bind", f"127.0.0.1:{port}"]
    inherited = {name: value for name, value in os.environ.items() if name not in OWNERS}
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**inherited, **environment, "DATABASE_URL": app_url},
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            wait_until_alive(server, port)
            yield port
        finally:
            server.terminate()


def wait_until_alive(server: subprocess.Popen[bytes], port: int, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.poll() is None:
        with suppress(OSError, HTTPException):
            asked = HTTPConnection("127.0.0.1", port, timeout=5)
            asked.request("GET", "/livez")
            if asked.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise TimeoutError(f"no site on port {port}")


def session_of(user: User) -> str:
    """The key of a new session of this person: what their browser would send as a cookie."""
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client.cookies[settings.SESSION_COOKIE_NAME].value
